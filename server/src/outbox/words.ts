import { setImmediate as turn } from 'node:timers/promises';
import { dialectOf, type Dialect, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { afterBeginning, searchWords, type Searched } from '../domain/search-words';

export interface WithWords extends Searched {
  id: string;
  tenant: string;
  createdAt: number;
}

type WordRow = [submission: string, tenant: string, word: string, createdAt: number];

/** Maximum rows of one statement. */
const STATEMENT_ROWS = 1000;

const INSERT = `INSERT INTO ${TABLES.words} (submission, tenant, word, created_at)`;

/** One parameter for each statement or column: thousands of single ones take longer to bind than to insert. */
const STATEMENTS: Record<Dialect, (rows: readonly WordRow[]) => [sql: string, bindings: unknown[]]> = {
  sqlite: (rows) => [
    // WHERE ends the SELECT: otherwise ON would belong to a join.
    `${INSERT} SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]') FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  ],
  postgres: (rows) => [
    `${INSERT} SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[])) ON CONFLICT DO NOTHING`,
    [0, 1, 2, 3].map((column) => rows.map((row) => row[column])),
  ],
  mysql: (rows) => [
    `${INSERT} VALUES ${rows.map(() => '(?, ?, ?, ?)').join(', ')} ON DUPLICATE KEY UPDATE word = VALUES(word)`,
    rows.flat(),
  ],
};

/** Inserts the words of submissions, in the caller's transaction. */
export const insertWords = async (queries: Queries, submissions: readonly WithWords[]): Promise<void> => {
  const rows = submissions.flatMap(({ id, tenant, createdAt, ...searched }) =>
    searchWords(searched).map((word): WordRow => [id, tenant, word, createdAt])
  );
  const statement = STATEMENTS[dialectOf(queries)];
  for (let start = 0; start < rows.length; start += STATEMENT_ROWS) {
    // SQLite works in this thread: without a pause it blocks the event loop until the last row.
    if (start > 0) await turn();
    const [sql, bindings] = statement(rows.slice(start, start + STATEMENT_ROWS));
    await queries.raw(sql, bindings as string[]);
  }
};

const isBetween = 'w.word >= ? AND w.word < ?';

const rangeOf = (term: string): [string, string] => [term, afterBeginning(term)];

/**
 * Queries the words of a tenant that begin with the term, as `w`. Ordered: for a limit alone PostgreSQL reads the table
 * instead of the index.
 */
export const wordsFrom = (queries: Queries, tenant: string, term: string) =>
  queries(`${TABLES.words} as w`).where('w.tenant', tenant).andWhereRaw(isBetween, rangeOf(term)).orderBy('w.word');

/**
 * Builds a condition of submissions as `s`: one of their words begins with the term. No EXISTS: databases turn it into a
 * join, which reads every such word.
 */
export const hasWord = (queries: Queries, term: string) =>
  queries.raw(
    `(SELECT 1 FROM ${TABLES.words} w WHERE w.submission = s.id AND ${isBetween} LIMIT 1) IS NOT NULL`,
    rangeOf(term)
  );
