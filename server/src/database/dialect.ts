import type { Core } from '@strapi/types';

/** What Strapi hands out as `strapi.db.connection`: the query builder of our own tables. */
export type Knex = Core.Strapi['db']['connection'];
/** A connection or a transaction: both can be queried alike. */
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
 * The database's clock as SQL, in milliseconds since the epoch. Leases and due times are compared with
 * it alone: the clocks of several processes differ, the database's is one. It stands still within a statement, or no
 * index could be searched by it.
 */
const NOW_MS: Record<Dialect, string> = {
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

/** The database's clock, read: milliseconds since the epoch. */
export const readNow = async (queries: Queries): Promise<number> => {
  const [row]: { now: unknown }[] = await queries.select({ now: nowMs(queries) });
  return Number(row?.now);
};

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : codeOf(cause);
};

/** Did a unique index refuse the write? */
export const isUniqueViolation = (error: unknown): boolean => {
  const code = codeOf(error);
  return (
    code.startsWith('SQLITE_CONSTRAINT_UNIQUE') ||
    code.startsWith('SQLITE_CONSTRAINT_PRIMARYKEY') ||
    code === '23505' ||
    code === 'ER_DUP_ENTRY'
  );
};

/** Was something referred to that is gone by now? */
export const isForeignKeyViolation = (error: unknown): boolean =>
  ['SQLITE_CONSTRAINT_FOREIGNKEY', '23503', 'ER_NO_REFERENCED_ROW', 'ER_NO_REFERENCED_ROW_2'].includes(codeOf(error));

/** Did the database give up on a transaction that would have gone through alone? It is worth running again. */
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
 * What a query finds; `nothing` where it looks for a text with a character that the column cannot hold. MySQL and
 * MariaDB refuse to compare the two.
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
 * Reads what is committed by now. On MySQL a transaction sees the database as it was at its first read, unless it
 * locks what it reads; the others look afresh at every statement.
 */
export const latest = <Q extends Lockable<Q>>(queries: Queries, query: Q): Q =>
  dialectOf(queries) === 'mysql' && queries.isTransaction ? query.forShare() : query;

/** SQLite knows the two cases of ASCII only: other letters are looked for as people write them. */
const casesOf = (text: string): string[] => [
  text,
  text.toLowerCase(),
  text.toUpperCase(),
  `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
];

/**
 * Is `q` a part of a text, in whatever case?
 *
 * @param text SQL, never anybody's input
 */
export const contains = (queries: Queries, text: string, q: string): ReturnType<Queries['raw']> => {
  // A file name that was pasted has its accents apart; what is stored has them together.
  const written = [q, q.normalize('NFC')];
  const forms = dialectOf(queries) === 'sqlite' ? written.flatMap(casesOf) : written.map((form) => form.toLowerCase());
  const patterns = [...new Set(forms)].map((form) => `%${form.replace(/[!%_]/g, (sign) => `!${sign}`)}%`);
  return queries.raw(`(${patterns.map(() => `LOWER(${text}) LIKE ? ESCAPE '!'`).join(' OR ')})`, patterns);
};

/** Several SQL expressions as one text. */
export const joined = (queries: Queries, parts: readonly string[], separator: string): string =>
  dialectOf(queries) === 'sqlite'
    ? `(${parts.join(` || '${separator}' || `)})`
    : `CONCAT(${parts.join(`, '${separator}', `)})`;

/** Booleans come as 0/1 from SQLite and MySQL, and big integers as strings from PostgreSQL. */
export const bool = (value: unknown): boolean => value === true || value === 1 || value === '1';
export const int = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
/** A moment in milliseconds, as answers give it. */
export const iso = (ms: unknown): string => new Date(Number(ms)).toISOString();
export const json = <T>(value: unknown): T | null =>
  typeof value === 'string' ? (JSON.parse(value) as T) : ((value as T | null | undefined) ?? null);
