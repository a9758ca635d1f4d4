import { AsyncLocalStorage } from 'node:async_hooks';
import type { DeliveryEngine } from './engine';

/** How often due rows are looked for that nobody woke us for: another process died, or its clock differs. */
const POLL_MS = 5_000;

/** A loop in the process: woken after a commit, and by a timer. */
export const createEmbeddedEngine = ({
  onError,
  pollMs = POLL_MS,
}: {
  onError: (error: unknown) => void;
  pollMs?: number;
}): DeliveryEngine => {
  let handler: (() => Promise<void>) | null = null;
  // A wake-up comes from within a request or a transaction; the work it starts belongs to neither.
  const detached = AsyncLocalStorage.snapshot();
  const running = new Set<Promise<void>>();
  let poll: NodeJS.Timeout | null = null;
  const timers = new Set<NodeJS.Timeout>();

  const run = (): void => {
    if (!handler) return;
    const call = detached(handler);
    // While it is at work the handler answers with the same promise.
    if (running.has(call)) return;
    running.add(call);
    void call.catch(onError).finally(() => running.delete(call));
  };

  return {
    start: (work) => {
      handler = work;
      poll = setInterval(run, pollMs);
      poll.unref();
      run();
    },
    wake: (_id, dueAt) => {
      const wait = dueAt - Date.now();
      if (wait <= 0) return run();
      // Later than the next poll: that one finds it.
      if (wait > pollMs) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, wait);
      timer.unref();
      timers.add(timer);
    },
    stop: async (deadlineMs) => {
      handler = null;
      if (poll) clearInterval(poll);
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      if (running.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        Promise.all(running),
        new Promise<void>((resolve) => (timer = setTimeout(resolve, deadlineMs))),
      ]);
      clearTimeout(timer);
    },
  };
};
