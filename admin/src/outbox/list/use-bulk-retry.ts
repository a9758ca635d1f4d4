import * as React from 'react';
import type { Submission } from '../../../../server/src/contracts/answers';
import { useMailboxesRetryMutation } from '../api';
import { isRetriedInBulk, retryEach, type Run } from './bulk-retry';
import { useMayAct } from '../detail/use-may-act';
import { useRefusalWithNext } from '../../compose';

/**
 * Selection and progress of a bulk retry.
 *
 * @param onOver refetches everything that shows submissions
 */
export const useBulkRetry = (shown: readonly Submission[], onOver: () => void) => {
  const problem = useRefusalWithNext();
  const mayAct = useMayAct();
  const [retry] = useMailboxesRetryMutation();
  const [selected, setSelected] = React.useState<ReadonlySet<string>>(new Set());
  const [run, setRun] = React.useState<Run | null>(null);
  const busy = React.useRef(false);
  const stopped = React.useRef(false);
  // Leaving the page stops the run: its progress would be invisible.
  React.useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);

  const retryable = shown.filter((submission) => isRetriedInBulk(submission) && mayAct(submission));
  // Drops submissions that a filter or another tab has removed from the list.
  const chosen = retryable.filter(({ id }) => selected.has(id));

  const start = async () => {
    // A second click may arrive before the disabled button renders.
    if (busy.current || chosen.length === 0) return;
    busy.current = true;
    stopped.current = false;
    await retryEach(chosen, {
      retry: async (id) => {
        const answer = await retry({ id, quiet: true });
        return 'error' in answer ? problem(answer.error) : null;
      },
      isStopped: () => stopped.current,
      onProgress: setRun,
    });
    busy.current = false;
    setSelected(new Set());
    onOver();
  };

  return {
    retryable: new Set(retryable.map(({ id }) => id)),
    chosen: new Set(chosen.map(({ id }) => id)),
    run,
    toggle: (id: string) =>
      setSelected((before) => {
        const next = new Set(before);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    toggleAll: () => setSelected(new Set(chosen.length === retryable.length ? [] : retryable.map(({ id }) => id))),
    start: () => void start(),
    stop: () => {
      stopped.current = true;
      setRun((now) => now && { ...now, phase: 'stopping' });
    },
    close: () => setRun(null),
  };
};

export type BulkRetry = ReturnType<typeof useBulkRetry>;
