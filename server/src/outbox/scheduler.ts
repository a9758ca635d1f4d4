import { AsyncLocalStorage } from 'node:async_hooks';

/** Interval of the search for due rows without a wake-up: another process died, or its clock differs. */
const POLL_MS = 5_000;

/**
 * Creates the loop of this process that wakes delivery: after a commit, and by a timer. Rows in the database are
 * authoritative; a lost, doubled or stale wake-up changes nothing (delivery §1, §6).
 */
export const createScheduler = ({
  onError,
  pollMs = POLL_MS,
}: {
  onError: (error: unknown) => void;
  pollMs?: number;
}) => {
  let handler: (() => Promise<void>) | null = null;
  // A wake-up comes from within a request or a transaction; the work it starts belongs to neither.
  const detached = AsyncLocalStorage.snapshot();
  const running = new Set<Promise<void>>();
  let poll: NodeJS.Timeout | null = null;
  const timers = new Set<NodeJS.Timeout>();

  return { start, wake, stop };

  /** Runs `work`, which delivers all due submissions; a call during a run makes that run check again. */
  function start(work: () => Promise<void>): void {
    handler = work;
    poll = setInterval(run, pollMs);
    poll.unref();
    run();
  }

  /** @param dueAt milliseconds since the epoch, by this process's clock */
  function wake(dueAt: number): void {
    const wait = dueAt - Date.now();
    if (wait <= 0) return run();
    // A later submission is found by the next poll.
    if (wait > pollMs) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, wait);
    timer.unref();
    timers.add(timer);
  }

  /** Resolves when no run is in progress, or after the deadline. */
  async function stop(deadlineMs: number): Promise<void> {
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
  }

  function run(): void {
    if (!handler) return;
    const call = detached(handler);
    // During a run the handler returns the same promise.
    if (running.has(call)) return;
    running.add(call);
    void call.catch(onError).finally(() => running.delete(call));
  }
};
