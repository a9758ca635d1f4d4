import type { Submission } from '../../../../server/src/contracts/answers';
import { actionsOf } from '../available-actions';

export type Chosen = Pick<Submission, 'id' | 'subject'>;

export interface Run {
  total: number;
  queued: number;
  refused: readonly (Chosen & { reason: string })[];
  /** `stopping`: stopped by the user while a request is pending. */
  phase: 'running' | 'stopping' | 'over';
}

/** Excludes uncertain submissions: they may have arrived, so each retry is decided on its own page. */
export const isRetriedInBulk = (submission: Submission): boolean =>
  submission.state !== 'uncertain' && actionsOf(submission).retry;

/**
 * Retries submissions one by one until `isStopped` returns true.
 *
 * @param options.retry resolves with the text of the refusal, or null
 * @param options.onProgress called at the start, after every answer and at the end
 */
export const retryEach = async (
  chosen: readonly Chosen[],
  {
    retry,
    isStopped,
    onProgress,
  }: { retry: (id: string) => Promise<string | null>; isStopped: () => boolean; onProgress: (run: Run) => void }
): Promise<void> => {
  let run: Run = { total: chosen.length, queued: 0, refused: [], phase: 'running' };
  onProgress(run);
  for (const { id, subject } of chosen) {
    if (isStopped()) break;
    const reason = await retry(id);
    run =
      reason === null
        ? { ...run, queued: run.queued + 1 }
        : { ...run, refused: [...run.refused, { id, subject, reason }] };
    onProgress(isStopped() ? { ...run, phase: 'stopping' } : run);
  }
  onProgress({ ...run, phase: 'over' });
};
