import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as loopTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '../domain/identity';
import { laneOf } from '../domain/lane';
import { createDelivery, type DeliveryDependencies, type Written } from './deliver';
import { createSlots, UNCOUNTED, type Place } from './slots';
import type { Claim, Job } from './protocol';
import type { SubmissionEnd } from './repository';
import type { Route } from '../smtp/route';

export interface WorkerDependencies extends Omit<DeliveryDependencies, 'isStopping'> {
  /** Reads the current route of a transport: settings, secret, pause. */
  routeOf: (transport: Transport) => Promise<Route>;
  /** Called after every written end of an attempt; the usual end is passed, others have to be read. */
  onFinished: (id: string, end?: SubmissionEnd) => Promise<void>;
  concurrency: number;
  /** Time after which a server counts as slow; default: a second. */
  patienceMs?: number;
}

const LOOK_EVERY_MS = 5_000;
/** Minimum interval during a run, however many wake-ups arrive. */
const LOOK_AGAIN_MS = 50;
/** Small beside the time of a conversation with a server. */
const GATHER_MS = 5;
/** Time limit up to the end of data for a caller who waits; after that the attempt has failed. */
const DIRECT_MS = 60_000;

/** Claims due submissions and delivers them until nothing is due. */
export const createWorker = (dependencies: WorkerDependencies) => {
  const { store, transports, routeOf, onFinished, onError, leaseMs, concurrency, patienceMs } = dependencies;
  const { deliver } = createDelivery({ ...dependencies, isStopping: () => stopping });
  const detached = AsyncLocalStorage.snapshot();
  /** Claims of this process, each with the controller that aborts its attempt up to the end of data. */
  const held = new Map<Claim, AbortController>();
  /** Attempts for the queue: at most the slots, and those that wait for slow servers. */
  const inFlight = new Set<Promise<void>>();
  const slots = createSlots({ concurrency, freed: proceed, ...(patienceMs === undefined ? {} : { patienceMs }) });
  /** Attempts in their callers' time; they take no slot. */
  const direct = new Set<Promise<void>>();
  let stopping = false;
  let claiming: Promise<void> = Promise.resolve();
  let working: Promise<void> | null = null;
  /** `work` was called during a run. */
  let runAgain = false;
  let wake = (): void => undefined;
  let heartbeat: NodeJS.Timeout | null = null;
  let lookedAt = -Infinity;
  /** Held submissions are due. */
  let heldDue = false;
  let blocked = false;
  /** Callers of `turn`. */
  const waiting = new Set<() => void>();

  return { work, turn, isBlocked: () => blocked, take, stop };

  /** Reaps, then delivers until nothing is due. A call during a run makes that run check again. */
  function work(): Promise<void> {
    if (working) {
      runAgain = true;
      wake();
      return working;
    }
    working = (async () => {
      try {
        do {
          runAgain = false;
          await deliverDue();
        } while (runAgain && !stopping);
      } finally {
        // In the same step as the last check, so that no wake-up is lost in between.
        working = null;
        proceed();
      }
    })();
    return working;
  }

  /** Resolves when the run in progress has claimed or ended, and a slot is free; at once while stopping. */
  async function turn(): Promise<void> {
    if (working && !stopping) await untilNext();
    while (!stopping && slots.isFull()) await untilNext();
  }

  /**
   * Delivers one submission that this process has claimed. Never rejects.
   *
   * @param chunks the message's bytes, if they are not in the database
   */
  function take(claim: Claim, chunks?: Job['chunks']): Promise<void> {
    return hold(claim, direct, async (signal) => {
      const job = await store.load(claim);
      const limited = AbortSignal.any([signal, AbortSignal.timeout(DIRECT_MS)]);
      if (!job) return;
      const whole = chunks ? { ...job, chunks } : job;
      await announce(job, await deliver(whole, await routeOf(job.transport), limited, UNCOUNTED));
    });
  }

  /** Stops claiming, aborts attempts before the end of data, waits for those past it (delivery §7). */
  async function stop(graceMs: number): Promise<void> {
    stopping = true;
    proceed();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
    for (const abort of held.values()) abort.abort();
    await Promise.race([allDone(), grace]);
    clearTimeout(timer);
    if (heartbeat) clearInterval(heartbeat);
    transports.close();
  }

  async function deliverDue(): Promise<void> {
    blocked = false;
    if (!(await look())) return;
    while (!stopping) {
      if (performance.now() - lookedAt > (runAgain ? LOOK_AGAIN_MS : LOOK_EVERY_MS)) {
        runAgain = false;
        await look();
      }
      await gatherRoom();
      const woken = untilWoken();
      const room = slots.room();
      if (room === null) {
        await woken;
        // Attempts that end at the same moment free their slots together.
        await loopTurn();
        continue;
      }
      const claims = store.claim(room.slots, leaseMs, room.held, heldDue);
      heldDue = false;
      claiming = claims.then(
        ({ jobs }) => takeAll(jobs),
        () => undefined
      );
      const { jobs, more } = await claims;
      await claiming;
      blocked = more && jobs.length === 0;
      resolveTurns();
      if (jobs.length > 0) continue;
      // A limit blocks the due submissions: the end of an attempt of this process may lift it.
      if (!more || inFlight.size === 0) break;
      await woken;
      await loopTurn();
    }
  }

  /**
   * Waits a moment for other attempts to end while fewer than half of the slots are free: submissions that are claimed
   * together also share the transactions that begin and end them.
   */
  async function gatherRoom(): Promise<void> {
    const until = performance.now() + GATHER_MS;
    for (let left = GATHER_MS; left > 0 && inFlight.size > 0 && !stopping; left = until - performance.now()) {
      const room = slots.room();
      if (room === null || room.slots * 2 >= concurrency) return;
      await Promise.race([untilWoken(), sleep(left)]);
    }
  }

  /** Reaps expired leases and submissions, also while busy: this may be the only process. @returns whether any may be due */
  async function look(): Promise<boolean> {
    lookedAt = performance.now();
    try {
      const pending = await store.pending();
      heldDue ||= pending.held;
      if (pending.reap) for (const id of await store.reap()) await onFinished(id);
      return pending.claim || pending.reap;
    } catch (error) {
      heldDue = true;
      onError('failed to reap expired leases', error);
      return true;
    }
  }

  /** Delivers submissions claimed together; each route is read once for all of them. */
  function takeAll(jobs: readonly Job[]): void {
    const routes = new Map<string, Promise<Route>>();
    for (const job of jobs) {
      const lane = laneOf(job.transport);
      const route = routes.get(lane) ?? routeOf(job.transport);
      routes.set(lane, route);
      const place = slots.enter(lane);
      void hold(job, inFlight, async (signal) => {
        // The place is free for the next message while the end is announced.
        await announce(job, await attempted(job, route, signal, place));
      });
    }
  }

  async function announce({ id, tenant }: Job, written: Written): Promise<void> {
    if (written === 'submitted') await onFinished(id, { id, tenant, state: 'submitted', error: null });
    else if (written === 'changed') await onFinished(id);
  }

  async function attempted(job: Job, route: Promise<Route>, signal: AbortSignal, place: Place): Promise<Written> {
    try {
      return await deliver(job, await route, signal, place);
    } finally {
      place.end();
      proceed();
    }
  }

  function hold(
    claim: Claim,
    among: Set<Promise<void>>,
    attempt: (signal: AbortSignal) => Promise<void>
  ): Promise<void> {
    const abort = new AbortController();
    if (stopping) abort.abort();
    held.set(claim, abort);
    startHeartbeat();
    const done = attempt(abort.signal)
      .catch((error: unknown) => onError(`the attempt for submission ${claim.id} broke off`, error))
      .finally(() => {
        held.delete(claim);
        among.delete(done);
        proceed();
      });
    among.add(done);
    return done;
  }

  /** Created outside any request context: the timer outlives the attempt that started it. */
  function startHeartbeat(): void {
    heartbeat ??= detached(() => setInterval(renewLeases, leaseMs / 3).unref());
  }

  function renewLeases(): void {
    if (held.size === 0) return;
    store.renew([...held.keys()], leaseMs).catch((error: unknown) => onError('leases could not be renewed', error));
  }

  function proceed(): void {
    wake();
    resolveTurns();
  }

  function resolveTurns(): void {
    const callers = [...waiting];
    waiting.clear();
    for (const resolve of callers) resolve();
  }

  function untilNext(): Promise<void> {
    return new Promise((resolve) => void waiting.add(resolve));
  }

  function untilWoken(): Promise<void> {
    return new Promise((resolve) => (wake = resolve));
  }

  /** Includes the submissions of a claim under way at the stop: they are released. */
  async function allDone(): Promise<void> {
    await claiming;
    while (inFlight.size + direct.size > 0) await Promise.allSettled([...inFlight, ...direct]);
  }
};

export type Worker = ReturnType<typeof createWorker>;
