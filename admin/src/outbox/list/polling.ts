import type { Submission } from '../../../../server/src/contracts/answers';

const MOVING: readonly Submission['state'][] = ['held', 'queued', 'submitting'];
const SOON_MS = 60_000;
const OFTEN_MS = 1_500;
const NOW_AND_THEN_MS = 15_000;

export const isMoving = ({ state }: Pick<Submission, 'state'>): boolean => MOVING.includes(state);

/**
 * How often to look again: often while something happens or is about to, now and then while something waits for later,
 * never (0) when all have come to rest.
 */
export const pollMsOf = (
  submissions: readonly Pick<Submission, 'state' | 'nextAttemptAt'>[],
  nowMs: number
): number => {
  const moving = submissions.filter(isMoving);
  if (moving.length === 0) return 0;
  const soon = moving.some(
    ({ state, nextAttemptAt }) =>
      state === 'submitting' || nextAttemptAt === null || Math.abs(Date.parse(nextAttemptAt) - nowMs) < SOON_MS
  );
  return soon ? OFTEN_MS : NOW_AND_THEN_MS;
};
