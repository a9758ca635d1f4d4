import type { Queries } from './dialect';
import { TABLES } from './tables';

/** Whoever holds the row counts; everybody else waits for the end of its transaction. */
export const takeTurns = async (queries: Queries, turns: readonly string[]): Promise<void> => {
  await queries(TABLES.turns)
    .insert([...turns].sort().map((id) => ({ id, n: 1 })))
    .onConflict('id')
    .merge({ n: queries.raw('?? + 1', [`${TABLES.turns}.n`]) });
};
