import { nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

/** A submission that is due now or soon. */
export interface Due {
  id: string;
  /** Number of its next claim. */
  attempt: number;
  /** Time left, by the database's clock; negative: it is due. */
  inMs: number;
}

/**
 * Returns submissions that are due within the time, the earliest first, without those of paused transports. Reads the
 * first entries of an index for each state.
 */
export const readDue = async (queries: Queries, withinMs: number, limit: number): Promise<Due[]> => {
  const paused = queries(TABLES.transports).whereNotNull('paused_code').select('id');
  const ofState = (state: string) =>
    queries.select('*').from(
      queries(TABLES.submissions)
        .where({ state })
        .andWhere('next_attempt_at', '<=', nowPlusMs(queries, withinMs))
        .whereNotIn('lane', paused as never)
        .orderBy('next_attempt_at')
        .limit(limit)
        .select('id', 'claims', queries.raw('(?? - ?) as ??', ['next_attempt_at', nowMs(queries), 'left_ms']))
        .as(state)
    );
  const rows = (await ofState('queued').unionAll([ofState('held')])) as unknown as Record<string, unknown>[];
  return rows
    .map(({ id, claims, left_ms }) => ({ id: String(id), attempt: Number(claims) + 1, inMs: Number(left_ms) }))
    .sort((a, b) => a.inMs - b.inMs)
    .slice(0, limit);
};
