import type { Submission } from '../../../../server/src/contracts/answers';
import { actionsOf } from '../available-actions';

export type Chosen = Pick<Submission, 'id' | 'subject'>;

export interface Run {
  total: number;
  queued: number;
  refused: readonly (Chosen & { reason: string })[];
  /** `stopping`: the one that was asked for is still waited for. */
  phase: 'running' | 'stopping' | 'over';
}

/** What is uncertain may have arrived: sending it again is decided one by one, where it says what that means. */
export const isRetriedInBulk = (submission: Submission): boolean =>
  submission.state !== 'uncertain' && actionsOf(submission).retry;

/**
 * Asks for one after the other, never for two at once, and not for the next one when it is told to stop.
 *
 * @param options.retry resolves with why it was refused, in words, or null
 * @param options.tell is told after every answer
 */
export const retryEach = async (
  chosen: readonly Chosen[],
  {
    retry,
    isStopped,
    tell,
  }: { retry: (id: string) => Promise<string | null>; isStopped: () => boolean; tell: (run: Run) => void }
): Promise<void> => {
  let run: Run = { total: chosen.length, queued: 0, refused: [], phase: 'running' };
  tell(run);
  for (const { id, subject } of chosen) {
    if (isStopped()) break;
    const reason = await retry(id);
    run =
      reason === null
        ? { ...run, queued: run.queued + 1 }
        : { ...run, refused: [...run.refused, { id, subject, reason }] };
    tell(isStopped() ? { ...run, phase: 'stopping' } : run);
  }
  tell({ ...run, phase: 'over' });
};
