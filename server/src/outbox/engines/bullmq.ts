import { AsyncLocalStorage } from 'node:async_hooks';
import type { Due } from '../due';
import { createEmbeddedEngine } from './embedded';
import type { DeliveryEngine, Wakeup, Woken } from './engine';
import { openJobQueue, type Delayed, type JobQueue, type JobQueueDependencies } from './jobs';

export interface BullmqDependencies extends Pick<JobQueueDependencies, 'redis' | 'prefix'> {
  /** Returns submissions that are due within the time, the earliest first. */
  readDue: (withinMs: number, limit: number) => Promise<Due[]>;
  log: { info: (text: string) => void; warn: (text: string) => void };
  onError: (error: unknown) => void;
  /** Interval of polling while Redis does not answer. */
  pollMs?: number;
  /** Interval of the search for due rows without a job. */
  sweepMs?: number;
}

const POLL_MS = 5_000;
const SWEEP_MS = 30_000;
/** Wake-ups for Redis in memory; the sweep finds the submissions of others. */
const MAX_BUFFERED = 10_000;
const BATCH = 500;
/** Enough to wake every process: each then delivers everything that is due. */
const MAX_READDED = 100;
const REPORT_EVERY_MS = 60_000;

/**
 * Wakes the processes of a site over Redis. A job is a wake-up that one process takes: it runs, claims in groups as after
 * any wake-up, and keeps the job while all its slots are taken, so that further jobs reach processes with a free one. The
 * data of a job are for operators; a missing job is replaced by the sweep, a stale one costs a statement.
 */
export const createBullmqEngine = (dependencies: BullmqDependencies): DeliveryEngine => {
  const { readDue, log, onError, pollMs = POLL_MS, sweepMs = SWEEP_MS } = dependencies;
  const local = createEmbeddedEngine({ onError, pollMs: Infinity });
  const detached = AsyncLocalStorage.snapshot();
  const buffer: Delayed[] = [];
  let jobs: JobQueue | null = null;
  let woken: Woken | null = null;
  let timer: NodeJS.Timeout | null = null;
  let flushing = false;
  let wasDown = false;
  let sweptAt = -Infinity;
  let reportedAt = -Infinity;

  return { start, wake, stop, close };

  async function start(worker: Woken | null): Promise<void> {
    woken = worker;
    jobs = await openJobQueue({ ...dependencies, onUp, onDown, onError: report });
    await local.start(woken);
    if (!woken) return;
    jobs.take(takeJob);
    timer = setInterval(() => detached(poll), pollMs).unref();
  }

  function wake(dueAt: number, wakeup?: Wakeup): void {
    if (!wakeup) return detached(sweep);
    const delayMs = dueAt - Date.now();
    if (!jobs?.isUp() || buffer.length >= MAX_BUFFERED) return wakeLocally(delayMs);
    buffer.push({ wakeup, delayMs });
    if (flushing) return;
    flushing = true;
    // Submissions that are accepted together share a round trip.
    setImmediate(() => void detached(flush));
  }

  async function stop(deadlineMs: number): Promise<void> {
    woken = null;
    if (timer) clearInterval(timer);
    jobs?.stop();
    await local.stop(deadlineMs);
  }

  async function close(): Promise<void> {
    // Claims were released, and a job may have been taken after the stop: other processes take these at once.
    if (timer && jobs?.isUp()) await readd().catch(report);
    await jobs?.close();
    jobs = null;
  }

  async function takeJob(): Promise<void> {
    const worker = woken;
    if (!worker) return;
    local.wake(0);
    await worker.turn();
  }

  /** Without Redis this process works as the embedded engine does. */
  function wakeLocally(delayMs: number): void {
    if (delayMs <= pollMs) local.wake(Date.now() + delayMs);
  }

  async function flush(): Promise<void> {
    try {
      while (buffer.length > 0) {
        const batch = buffer.splice(0, BATCH);
        await jobs?.add(batch).catch((error: unknown) => {
          if (jobs?.isUp()) report(error);
          for (const { delayMs } of batch) wakeLocally(delayMs);
        });
      }
    } finally {
      flushing = false;
    }
  }

  function poll(): void {
    if (performance.now() - sweptAt >= sweepMs) return sweep();
    if (!jobs?.isUp() || woken?.isBlocked()) local.wake(0);
  }

  /** Runs, and adds jobs for due rows, so that the other processes run, too. */
  function sweep(): void {
    sweptAt = performance.now();
    local.wake(0);
    if (jobs?.isUp()) void readd().catch(report);
  }

  async function readd(): Promise<void> {
    const due = await readDue(sweepMs, MAX_READDED);
    if (due.length > 0)
      await jobs?.add(due.map(({ id, attempt, inMs }) => ({ wakeup: { id, attempt }, delayMs: inMs })));
  }

  function onUp(): void {
    log.info(`[mailboxes] Redis answers${wasDown ? ' again' : ''}: delivery is woken by BullMQ`);
    wasDown = false;
    if (woken) detached(sweep);
  }

  function onDown(reason: string): void {
    wasDown = true;
    log.warn(
      `[mailboxes] Redis does not answer (${reason}): mail is accepted, and delivery polls the database until it does`
    );
  }

  function report(error: unknown): void {
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    onError(error);
  }
};
