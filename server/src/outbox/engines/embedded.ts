import { AsyncLocalStorage } from 'node:async_hooks';
import type { DeliveryEngine, Woken } from './engine';

/** Interval of the search for due rows without a wake-up: another process died, or its clock differs. */
const POLL_MS = 5_000;

/** Creates the loop of this process that wakes delivery: after a commit, and by a timer. */
export const createEmbeddedEngine = ({
  onError,
  pollMs = POLL_MS,
}: {
  onError: (error: unknown) => void;
  pollMs?: number;
}): DeliveryEngine => {
  let woken: Woken | null = null;
  // A wake-up comes from within a request or a transaction; the work it starts belongs to neither.
  const detached = AsyncLocalStorage.snapshot();
  const running = new Set<Promise<void>>();
  let poll: NodeJS.Timeout | null = null;
  const timers = new Set<NodeJS.Timeout>();

  return { start, wake, stop, close: async () => undefined };

  async function start(worker: Woken | null): Promise<void> {
    woken = worker;
    if (!woken) return;
    if (Number.isFinite(pollMs)) poll = setInterval(run, pollMs).unref();
    run();
  }

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

  async function stop(deadlineMs: number): Promise<void> {
    woken = null;
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
    if (!woken) return;
    const call = detached(woken.work);
    // During a run the worker returns the same promise.
    if (running.has(call)) return;
    running.add(call);
    void call.catch(onError).finally(() => running.delete(call));
  }
};
