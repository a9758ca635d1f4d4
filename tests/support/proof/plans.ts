import { dialectOf, type Knex } from '../../../server/src/database/dialect';
import { TABLES } from '../../../server/src/database/tables';

/** Query plan of a statement. */
export interface Plan {
  text: string;
  steps: string[];
  /** Growing tables that the plan reads from end to end. */
  readsWholly: string[];
}

export interface Question {
  text: string;
  sql: string;
  bindings: readonly unknown[];
}

/** Tables with a row for every submission. */
const GROWING: readonly string[] = [
  TABLES.submissions,
  TABLES.recipients,
  TABLES.attempts,
  TABLES.messages,
  TABLES.chunks,
];

const EXPLAINABLE = /^(select|update|delete)\b/i;

type Row = Record<string, unknown>;

/** Aliases of the tables in the statement: `mailboxes_submissions as s`. */
const namesIn = (sql: string): Map<string, string> => {
  const names = new Map(GROWING.map((table) => [table, table]));
  for (const [, table = '', alias = ''] of sql.matchAll(/["`](mailboxes_\w+)["`] as ["`](\w+)["`]/g))
    names.set(alias, table);
  return names;
};

const growing = (names: Map<string, string>, name: unknown): string[] => {
  const table = names.get(String(name));
  return table !== undefined && GROWING.includes(table) ? [table] : [];
};

interface PostgresNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PostgresNode[];
}

const nodesOf = (node: PostgresNode): PostgresNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** @returns null for a statement without a plan or without a growing table */
export const planOf = async (knex: Knex, { text, sql, bindings }: Question): Promise<Plan | null> => {
  const names = namesIn(sql);
  if (!EXPLAINABLE.test(sql) || !GROWING.some((table) => sql.includes(table))) return null;
  const dialect = dialectOf(knex);
  // The same values in the same order, with the placeholders of knex.
  const explain = async (prefix: string): Promise<unknown> =>
    knex.raw(`${prefix} ${sql.replace(/\$\d+/g, '?')}`, bindings as never);
  if (dialect === 'sqlite') {
    const steps = ((await explain('EXPLAIN QUERY PLAN')) as Row[]).map(({ detail }) => String(detail));
    const readsWholly = steps.flatMap((step) => growing(names, /^SCAN (\w+)/.exec(step)?.[1]));
    return { text, steps, readsWholly };
  }
  if (dialect === 'postgres') {
    const { rows } = (await explain('EXPLAIN (FORMAT JSON)')) as { rows: { 'QUERY PLAN': { Plan: PostgresNode }[] }[] };
    const nodes = rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: root }) => nodesOf(root)));
    return {
      text,
      steps: nodes.map((node) =>
        [node['Node Type'], node['Relation Name'], node['Index Name']].filter(Boolean).join(' ')
      ),
      readsWholly: nodes
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .flatMap((node) => growing(names, node['Relation Name'])),
    };
  }
  const [rows] = (await explain('EXPLAIN')) as [Row[]];
  return {
    text,
    steps: rows.map(({ table, type, key, rows: count }) =>
      [table, type, key, `${String(count)} rows`].map(String).join(' ')
    ),
    // "index" reads an index from end to end, which is no better.
    readsWholly: rows
      .filter(({ type }) => type === 'ALL' || type === 'index')
      .flatMap(({ table }) => growing(names, table)),
  };
};
