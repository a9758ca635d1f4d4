import type { Core } from '@strapi/types';
import { dialectOf, type Queries } from './dialect';
import { CONTENT_TABLES } from './tables';

/*
 * MySQL and MariaDB store text in the character set of its column, by default that of the database. Only utf8mb4 has
 * every character: others refuse emoji, or replace letters.
 */

export const EVERY_CHARACTER = 'utf8mb4';
/** Compares byte by byte. */
const BINARY = 'utf8mb4_bin';

type Raw = ReturnType<Queries['raw']>;

const run = async <T>(query: Raw): Promise<T[]> => {
  const [rows] = (await query) as unknown as [T[]];
  return rows;
};

interface Column {
  table: string;
  name: string;
  charset: string;
  collation: string;
}

const textColumns = (queries: Queries, tables: readonly string[]): Raw =>
  queries.raw(
    `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS name, CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation
     FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND CHARACTER_SET_NAME IS NOT NULL
       AND TABLE_NAME IN (${tables.map(() => '?').join(', ')})
     ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    [...tables]
  );

/** Returns the character set of new tables. @param on binds a query to a connection */
export const databaseCharset = async (queries: Queries, on: (query: Raw) => Raw): Promise<string> => {
  const [row] = await run<{ charset: string }>(on(queries.raw('SELECT @@character_set_database AS charset')));
  return String(row?.charset);
};

/** A column of SHOW CREATE TABLE: name, type, remaining definition. */
const DEFINITION = /^ {2}`(\w+)` (\w+(?:\(\d+\))?)(?: CHARACTER SET \w+)?(?: COLLATE \w+)?( .*?)?,?$/;

/** Converts the text columns of these tables to utf8mb4, and keeps the rest of their definitions. */
export const widenTables = async (
  queries: Queries,
  on: (query: Raw) => Raw,
  tables: readonly string[]
): Promise<void> => {
  const columns = await run<Column>(on(textColumns(queries, tables)));
  for (const table of tables) {
    const narrow = columns.filter((column) => column.table === table && column.charset !== EVERY_CHARACTER);
    if (narrow.length === 0) continue;
    const [created] = await run<Record<string, string>>(on(queries.raw('SHOW CREATE TABLE ??', [table])));
    const changes = String(created?.['Create Table'])
      .split('\n')
      .flatMap((line) => {
        const [, name = '', type = '', rest = ''] = DEFINITION.exec(line) ?? [];
        return narrow.some((column) => column.name === name)
          ? [`MODIFY \`${name}\` ${type} CHARACTER SET ${EVERY_CHARACTER}${rest}`]
          : [];
      });
    const sql = [`DEFAULT CHARACTER SET ${EVERY_CHARACTER}`, ...changes].join(', ').replaceAll('?', '\\?');
    await on(queries.raw(`ALTER TABLE ?? ${sql}`, [table]));
  }
};

const KEYS: readonly string[] = ['email_key', 'global_key'];

/**
 * Checks the character set of the content types' tables, which Strapi creates, and logs a warning with the statements
 * that convert them. Restores the binary collation of addresses, which such a conversion removes.
 */
export const checkContentTables = async (strapi: Core.Strapi): Promise<void> => {
  const knex = strapi.db.connection;
  if (dialectOf(knex) !== 'mysql') return;
  const columns = await run<Column>(textColumns(knex, Object.values(CONTENT_TABLES)));
  for (const { table, name, collation } of columns)
    if (table === CONTENT_TABLES.mailboxes && KEYS.includes(name) && collation !== BINARY)
      await knex.raw(`ALTER TABLE ?? MODIFY ?? VARCHAR(255) CHARACTER SET ${EVERY_CHARACTER} COLLATE ${BINARY}`, [
        table,
        name,
      ]);
  const narrow = columns.filter(({ name, charset }) => charset !== EVERY_CHARACTER && !KEYS.includes(name));
  const [first] = narrow;
  if (!first) return;
  const tables = [...new Set(narrow.map(({ table }) => table))];
  strapi.log.warn(
    `[mailboxes] the tables ${tables.join(', ')} have the character set ${first.charset}: a name or signature with an emoji cannot be saved in them. Stop Strapi, make a backup, then run: ${[
      `ALTER DATABASE CHARACTER SET ${EVERY_CHARACTER}`,
      ...tables.map((table) => `ALTER TABLE ${table} CONVERT TO CHARACTER SET ${EVERY_CHARACTER}`),
    ].join('; ')}`
  );
};
