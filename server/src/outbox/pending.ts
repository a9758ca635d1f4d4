import { int, nowMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

export interface Pending {
  /** The undo window or schedule of held submissions has ended. */
  held: boolean;
  /** Submissions are due, held ones included. */
  claim: boolean;
  /** Leases or ages have expired, or a circuit can close. */
  reap: boolean;
}

/**
 * Reads in one statement whether there is work: the only statement of a process with nothing to do. Each minimum reads one
 * entry of an index.
 */
export const readPending = async (queries: Queries): Promise<Pending> => {
  const first = (table: string, column: string, state?: string): never =>
    queries(table)
      .modify((query) => void (state === undefined || query.where('state', state)))
      .min(column) as never;
  const [row = {}]: Record<string, unknown>[] = await queries.select({
    now: nowMs(queries),
    held: first(TABLES.submissions, 'next_attempt_at', 'held'),
    queued: first(TABLES.submissions, 'next_attempt_at', 'queued'),
    lease: first(TABLES.submissions, 'lease_until', 'submitting'),
    age: first(TABLES.submissions, 'expires_at', 'queued'),
    circuit: first(TABLES.transports, 'circuit_until'),
  });
  const now = int(row.now) ?? 0;
  const isOver = (name: string): boolean => (int(row[name]) ?? Infinity) <= now;
  const held = isOver('held');
  return { held, claim: held || isOver('queued'), reap: isOver('lease') || isOver('age') || isOver('circuit') };
};
