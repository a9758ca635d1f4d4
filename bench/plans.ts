import type { Core } from '@strapi/types';
import type { Queries } from '../server/src/database/dialect';
import type { DatabaseName } from '../tests/support/database';
import { statementsOf } from '../tests/support/statements';

const EXPLAIN: Record<DatabaseName, string> = {
  sqlite: 'EXPLAIN QUERY PLAN',
  postgres: 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)',
  mariadb: 'EXPLAIN',
};

type Row = Record<string, unknown>;

const lineOf = (name: DatabaseName, row: Row): string => {
  if (name === 'sqlite') return String(row.detail);
  if (name === 'postgres') return String(row['QUERY PLAN']);
  return ['id', 'select_type', 'table', 'type', 'key', 'rows', 'Extra']
    .map((key) => String(row[key] ?? ''))
    .join(' | ');
};

export interface Plan {
  sql: string;
  lines: string[];
}

/** Returns the plans of the statements of `work` that read submissions. */
export const plansOf = async (
  strapi: Core.Strapi,
  name: DatabaseName,
  work: () => Promise<unknown>
): Promise<{ plans: Plan[]; statements: number }> => {
  const knex = strapi.db.connection as unknown as Queries;
  const seen = await statementsOf(strapi, work);
  const plans: Plan[] = [];
  for (const { sql, bindings } of seen.filter((one) => /\bmailboxes_(submissions|words)\b/.test(one.sql))) {
    const answer = (await knex.raw(`${EXPLAIN[name]} ${sql.replace(/\$\d+/g, '?')}`, bindings as never[])) as unknown;
    const rows = (
      name === 'postgres' ? (answer as { rows: Row[] }).rows : name === 'mariadb' ? (answer as Row[][])[0] : answer
    ) as Row[];
    plans.push({ sql, lines: rows.map((row) => lineOf(name, row)) });
  }
  return { plans, statements: seen.length };
};
