import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '@strapi/types';
import { databaseName, type DatabaseName } from './database';

const DOCUMENT = path.resolve(__dirname, '../../docs/uninstall.md');
const HEADS: Record<DatabaseName, string> = { sqlite: 'SQLite', postgres: 'PostgreSQL', mariadb: 'MySQL and MariaDB' };

/** The statements that docs/uninstall.md shows for the database of this run; an empty line is between two. */
const documented = (): string[] => {
  const block = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^```sql\n-- (.*)\n([\s\S]*?)^```$/gm)].find(([, head]) =>
    head?.startsWith(HEADS[databaseName])
  );
  if (!block?.[2]) throw new Error(`no statements for ${HEADS[databaseName]} in ${DOCUMENT}`);
  return block[2].split('\n\n').map((statement) => statement.trim());
};

/** Runs them as a person does in the shell of the database: one after the other, on one connection. */
export const forgetEverything = async ({ db }: Core.Strapi): Promise<void> => {
  // The shell of SQLite starts with foreign keys off.
  if (databaseName === 'sqlite') await db.connection.raw('PRAGMA foreign_keys = OFF');
  await db.connection.transaction(async (trx) => {
    // `?` and `??` have a meaning to knex only.
    const run = (sql: string): Promise<unknown> => trx.raw(sql.replaceAll('?', '\\?')) as unknown as Promise<unknown>;
    for (const sql of documented()) {
      const answer = await run(sql);
      if (databaseName !== 'sqlite' || !sql.startsWith('SELECT')) continue;
      for (const { statement } of answer as { statement: string }[]) await run(statement);
    }
  });
  if (databaseName === 'sqlite') await db.connection.raw('PRAGMA foreign_keys = ON');
};
