import type { Queries } from './dialect';
import { TABLES } from './tables';

/** Takes a row lock per key, so that counting is serialized until the commit. */
export const lockCounters = async (queries: Queries, keys: readonly string[]): Promise<void> => {
  await queries(TABLES.turns)
    .insert([...keys].sort().map((id) => ({ id, n: 1 })))
    .onConflict('id')
    .merge({ n: queries.raw('?? + 1', [`${TABLES.turns}.n`]) });
};
