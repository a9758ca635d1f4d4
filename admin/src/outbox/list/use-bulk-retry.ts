import * as React from 'react';
import type { Submission } from '../../../../server/src/contracts/answers';
import { useMailboxesRetryMutation } from '../api';
import { isRetriedInBulk, retryEach, type Run } from './bulk-retry';
import { useMayAct } from '../detail/use-may-act';
import { useProblemText } from '../../compose';

/**
 * Which of the shown submissions are chosen to be tried again, and how far that has come.
 *
 * @param onOver looks again at everything that shows submissions
 */
export const useBulkRetry = (shown: readonly Submission[], onOver: () => void) => {
  const problem = useProblemText();
  const mayAct = useMayAct();
  const [retry] = useMailboxesRetryMutation();
  const [ticked, setTicked] = React.useState<ReadonlySet<string>>(new Set());
  const [run, setRun] = React.useState<Run | null>(null);
  const busy = React.useRef(false);
  const stopped = React.useRef(false);
  // Who leaves the page sees no more of it, so no more is started.
  React.useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);

  const able = shown.filter((submission) => isRetriedInBulk(submission) && mayAct(submission));
  // What another tab, or a filter, took out of sight is not chosen any more.
  const chosen = able.filter(({ id }) => ticked.has(id));

  const start = async () => {
    // A second click arrives before the button is drawn anew.
    if (busy.current || chosen.length === 0) return;
    busy.current = true;
    stopped.current = false;
    await retryEach(chosen, {
      retry: async (id) => {
        const answer = await retry({ id, quiet: true });
        return 'error' in answer ? problem(answer.error) : null;
      },
      isStopped: () => stopped.current,
      tell: setRun,
    });
    busy.current = false;
    setTicked(new Set());
    onOver();
  };

  return {
    able: new Set(able.map(({ id }) => id)),
    chosen: new Set(chosen.map(({ id }) => id)),
    run,
    toggle: (id: string) =>
      setTicked((before) => {
        const next = new Set(before);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    toggleAll: () => setTicked(new Set(chosen.length === able.length ? [] : able.map(({ id }) => id))),
    start: () => void start(),
    stop: () => {
      stopped.current = true;
      setRun((now) => now && { ...now, phase: 'stopping' });
    },
    close: () => setRun(null),
  };
};

export type BulkRetry = ReturnType<typeof useBulkRetry>;
