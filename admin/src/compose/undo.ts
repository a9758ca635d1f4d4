import type { Submission } from '../../../server/src/contracts/answers';

/** A scheduled message waits long enough; its toast need not. */
const SCHEDULED_MS = 10_000;

/**
 * How long Undo is offered. Both times are the server's, so that a browser whose clock is wrong offers it as long as any.
 *
 * @returns milliseconds; 0: it cannot be taken back
 */
export const undoMsOf = ({ state, sendAt, createdAt, nextAttemptAt }: Submission): number => {
  if (state !== 'held') return 0;
  if (sendAt !== null) return SCHEDULED_MS;
  return nextAttemptAt === null ? 0 : Math.max(0, Date.parse(nextAttemptAt) - Date.parse(createdAt));
};
