import type { Submission } from '../../../../server/src/contracts/answers';

const MOVING: readonly Submission['state'][] = ['held', 'queued', 'submitting'];
const DUE_SOON_MS = 60_000;
const FAST_MS = 1_500;
const SLOW_MS = 15_000;

export const isMoving = ({ state }: Pick<Submission, 'state'>): boolean => MOVING.includes(state);

/**
 * Returns the polling interval: short while a submission is sent or due dueSoon, long while one waits for later, 0 (no
 * polling) when all have a final state.
 */
export const pollMsOf = (
  submissions: readonly Pick<Submission, 'state' | 'nextAttemptAt'>[],
  nowMs: number
): number => {
  const moving = submissions.filter(isMoving);
  if (moving.length === 0) return 0;
  const dueSoon = moving.some(
    ({ state, nextAttemptAt }) =>
      state === 'submitting' || nextAttemptAt === null || Math.abs(Date.parse(nextAttemptAt) - nowMs) < DUE_SOON_MS
  );
  return dueSoon ? FAST_MS : SLOW_MS;
};
