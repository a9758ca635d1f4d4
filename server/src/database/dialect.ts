import type { Core } from '@strapi/types';

/** `strapi.db.connection`: the query builder of the plugin's own tables. */
export type Knex = Core.Strapi['db']['connection'];
/** A connection or a transaction. */
export type Queries = Knex | Parameters<Parameters<Knex['transaction']>[0]>[0];

export type Dialect = 'sqlite' | 'postgres' | 'mysql';

export const dialectOf = (knex: Queries): Dialect => {
  const client = String((knex.client as { config: { client: unknown } }).config.client);
  if (client.includes('sqlite')) return 'sqlite';
  if (client === 'postgres' || client === 'pg') return 'postgres';
  if (client === 'mysql' || client === 'mysql2') return 'mysql';
  throw new Error(`[mailboxes] the database client "${client}" is not supported`);
};

/**
 * The database's clock as SQL, in milliseconds since the epoch. Leases and due times are compared with it only: the
 * clocks of several processes differ. It is constant within a statement, so that an index can be searched by it.
 */
export const NOW_MS: Record<Dialect, string> = {
  sqlite: "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)",
  postgres: 'CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS BIGINT)',
  mysql: 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)',
};

export const nowMs = (knex: Queries) => knex.raw(NOW_MS[dialectOf(knex)]);
/** `nowMs` plus an offset in milliseconds. */
export const nowPlusMs = (knex: Queries, offsetMs: number) =>
  knex.raw(`(${NOW_MS[dialectOf(knex)]}) + ?`, [Math.round(offsetMs)]);

/** The same clock in whole seconds. */
export const nowSeconds = (knex: Queries) =>
  knex.raw(`((${NOW_MS[dialectOf(knex)]}) ${dialectOf(knex) === 'mysql' ? 'DIV' : '/'} 1000)`);

/** Reads the database's clock: milliseconds since the epoch. */
export const readNow = async (queries: Queries): Promise<number> => {
  const [row]: { now: unknown }[] = await queries.select({ now: nowMs(queries) });
  return Number(row?.now);
};

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : codeOf(cause);
};

/** Tests for the error of a unique index. */
export const isUniqueViolation = (error: unknown): boolean => {
  const code = codeOf(error);
  return (
    code.startsWith('SQLITE_CONSTRAINT_UNIQUE') ||
    code.startsWith('SQLITE_CONSTRAINT_PRIMARYKEY') ||
    code === '23505' ||
    code === 'ER_DUP_ENTRY'
  );
};

/** Tests for the error of a reference to a deleted row. */
export const isForeignKeyViolation = (error: unknown): boolean =>
  ['SQLITE_CONSTRAINT_FOREIGNKEY', '23503', 'ER_NO_REFERENCED_ROW', 'ER_NO_REFERENCED_ROW_2'].includes(codeOf(error));

/** Tests for a deadlock, lock timeout or serialization failure, after which the transaction should be retried. */
export const isContention = (error: unknown): boolean =>
  [
    'SQLITE_BUSY',
    'SQLITE_BUSY_SNAPSHOT',
    '40001',
    '40P01',
    'ER_LOCK_DEADLOCK',
    'ER_LOCK_WAIT_TIMEOUT',
    'ER_CHECKREAD',
  ].includes(codeOf(error));

/**
 * Returns the result of a query, or `nothing` if it searches for a character outside the column's character set: MySQL
 * and MariaDB then refuse the comparison.
 */
export const orNothing = async <T>(query: PromiseLike<T>, nothing: T): Promise<T> => {
  try {
    return await query;
  } catch (error) {
    if (codeOf(error) === 'ER_CANT_AGGREGATE_2COLLATIONS') return nothing;
    throw error;
  }
};

interface Lockable<Q> {
  forShare(): Q;
}

/**
 * Makes a query read the latest committed rows. On MySQL a transaction reads the snapshot of its first read, unless the
 * query locks; other databases take a new snapshot for every statement.
 */
export const latest = <Q extends Lockable<Q>>(queries: Queries, query: Q): Q =>
  dialectOf(queries) === 'mysql' && queries.isTransaction ? query.forShare() : query;

/** SQLite converts the case of ASCII letters only: for other letters, the usual spellings are searched. */
const casesOf = (text: string): string[] => [
  text,
  text.toLowerCase(),
  text.toUpperCase(),
  `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
];

/**
 * Builds a condition for a case-insensitive substring search.
 *
 * @param text SQL expression, never input
 */
export const contains = (queries: Queries, text: string, q: string): ReturnType<Queries['raw']> => {
  // Pasted file names are often decomposed (NFD); stored text is NFC.
  const written = [q, q.normalize('NFC')];
  const forms = dialectOf(queries) === 'sqlite' ? written.flatMap(casesOf) : written.map((form) => form.toLowerCase());
  const patterns = [...new Set(forms)].map((form) => `%${form.replace(/[!%_]/g, (sign) => `!${sign}`)}%`);
  return queries.raw(`(${patterns.map(() => `LOWER(${text}) LIKE ? ESCAPE '!'`).join(' OR ')})`, patterns);
};

/** Concatenates SQL expressions. */
export const joined = (queries: Queries, parts: readonly string[], separator: string): string =>
  dialectOf(queries) === 'sqlite'
    ? `(${parts.join(` || '${separator}' || `)})`
    : `CONCAT(${parts.join(`, '${separator}', `)})`;

/** SQLite and MySQL return booleans as 0/1, PostgreSQL returns big integers as strings. */
export const bool = (value: unknown): boolean => value === true || value === 1 || value === '1';
export const int = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const json = <T>(value: unknown): T | null =>
  typeof value === 'string' ? (JSON.parse(value) as T) : ((value as T | null | undefined) ?? null);
