import type { Submission } from '../../../server/src/contracts/answers';

/** Duration of the toast of a scheduled message, which can be cancelled in the outbox until it is due. */
const SCHEDULED_MS = 10_000;

/**
 * Returns the length of the undo window. Compares two times of the server, so that a wrong browser clock does not matter.
 *
 * @returns milliseconds; 0: the submission cannot be undone
 */
export const undoMsOf = ({ state, sendAt, createdAt, nextAttemptAt }: Submission): number => {
  if (state !== 'held') return 0;
  if (sendAt !== null) return SCHEDULED_MS;
  return nextAttemptAt === null ? 0 : Math.max(0, Date.parse(nextAttemptAt) - Date.parse(createdAt));
};
