import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { attemptFailed, outcomeOf, withoutRetry, type Attempt, type Outcome, type Trouble } from '../domain/outcome';
import type { Transport } from '../domain/identity';
import { backoffMs } from '../domain/retry';
import { laneOf } from '../domain/lane';
import { coalesce } from '../database/coalesce';
import { createSlots, UNCOUNTED, type Flight } from './slots';
import type { Claim, DeliveryStore, Ending, Job } from './protocol';
import type { HandOver, Transports } from '../smtp/pool';
import type { Route } from '../smtp/route';

export interface WorkerDependencies {
  store: DeliveryStore;
  transports: Transports;
  /** Where a transport leads now: settings, secret, pause. */
  routeOf: (transport: Transport) => Promise<Route>;
  /**
   * Told of every end of an attempt, before it is written: what it says of the transport.
   *
   * @param version of the settings that the attempt was made with; newer ones are not to blame
   */
  judged: (transport: Transport, outcome: Outcome, version: string | null) => Promise<void>;
  /** Told after every end of an attempt, with what is stored then. */
  settled: (id: string) => Promise<void>;
  onError: (what: string, error: unknown) => void;
  /** 0 (inclusive) to 1 (exclusive), for the jitter of retries. */
  chance: () => number;
  leaseMs: number;
  concurrency: number;
  /** For a server, until it counts as slow; default: a second. */
  patienceMs?: number;
}

const FINISH_RETRIES = 5;
const REAP_EVERY_MS = 5_000;
/** Somebody waits for the answer: what has not come to the end of data by then has failed. */
const DIRECT_MS = 60_000;

/** Walks claimed submissions from the claim to the written result (delivery §3). */
export const createWorker = ({
  store,
  transports,
  routeOf,
  judged,
  settled,
  onError,
  chance,
  leaseMs,
  concurrency,
  patienceMs,
}: WorkerDependencies) => {
  /** What stands at the point of no return, or at its end, at the same time shares a transaction. */
  const pass = coalesce((claims: readonly Claim[]) => store.pass(claims, leaseMs));
  const write = coalesce((endings: readonly Ending[]) => store.finish(endings));
  const detached = AsyncLocalStorage.snapshot();
  /** What is held, and what would stop its attempt, as long as that is harmless. */
  const held = new Map<Claim, AbortController>();
  /** Of the queue; as many as there are slots, and those that wait for slow servers. */
  const inFlight = new Set<Promise<void>>();
  const slots = createSlots({ concurrency, freed: () => nudge(), ...(patienceMs === undefined ? {} : { patienceMs }) });
  /** In their callers' time: they take no place from the queue. */
  const direct = new Set<Promise<void>>();
  let stopping = false;
  let claiming: Promise<void> = Promise.resolve();
  let working: Promise<void> | null = null;
  let nudged = false;
  let nudge = (): void => undefined;
  let heartbeat: NodeJS.Timeout | null = null;

  const beat = (): void => {
    if (held.size === 0) return;
    store.renew([...held.keys()], leaseMs).catch((error: unknown) => onError('leases could not be renewed', error));
  };
  /** It outlives whoever is the first to hold something. */
  const keepLeases = (): void => {
    heartbeat ??= detached(() => setInterval(beat, leaseMs / 3).unref());
  };

  const attempt = async (
    job: Job,
    route: Exclude<Route, { kind: 'paused' }>,
    signal: AbortSignal,
    flight: Flight
  ): Promise<{ ended: Attempt; refused: boolean }> => {
    let refused = false;
    const mayGo = async (): Promise<boolean> => {
      const passage = await pass(job);
      refused = passage === 'refused';
      return passage === 'go';
    };
    const ended = await handOver(job, route, () => flight.works(mayGo), signal, flight);
    return { ended, refused };
  };

  const handOver = async (
    job: Job,
    route: Exclude<Route, { kind: 'paused' }>,
    mayGo: () => Promise<boolean>,
    signal: AbortSignal,
    flight: Flight
  ): Promise<Attempt> => {
    const envelope = { from: job.transport.email, to: job.open.map(({ email }) => email) };
    switch (route.kind) {
      case 'no-secret':
        return failed('secret-required');
      case 'unreadable':
        return failed('secret-unreadable');
      case 'gone':
        // Nothing to connect to: the decision is asked all the same, because it knows the reason.
        return (await mayGo()) ? failed('secret-required') : { kind: 'lost' };
      case 'provider': {
        const bytes = Buffer.concat(await collect(job.chunks()));
        if (bytes.length !== job.sizeBytes) return failed('incomplete');
        if (signal.aborted || !(await mayGo())) return { kind: 'lost' };
        return flight.waits(() => route.send({ envelope, messageId: job.messageId, bytes }));
      }
      case 'smtp': {
        let passedAt = 0;
        const message: HandOver = {
          envelope,
          messageId: job.messageId,
          utf8Header: job.utf8Header,
          sizeBytes: job.sizeBytes,
          chunks: () => flight.reads(job.chunks()),
          // Called from a connection that others use as well: in the context of this attempt.
          pointOfNoReturn: AsyncLocalStorage.bind(() => {
            passedAt = performance.now();
            return mayGo();
          }),
          // The lease began anew there: nobody can have taken it before it ends.
          stillOurs: AsyncLocalStorage.bind(() =>
            flight.works(async () => performance.now() - passedAt < leaseMs / 3 || store.isOurs(job))
          ),
          signal,
        };
        return flight.waits(() => transports.handOver(route, message));
      }
    }
  };

  /** @returns whether it changed the submission */
  const finish = async (ending: Ending): Promise<boolean> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write(ending);
      } catch (error) {
        // Not written within the lease: the reaper says "uncertain", which is then the truth.
        if (tries >= FINISH_RETRIES) throw error;
        onError(`the result of submission ${ending.claim.id} could not be written, trying again`, error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(leaseMs / 10, 1000) * tries));
      }
    }
  };

  const end = async (job: Job, outcome: Outcome, version: string | null): Promise<boolean> => {
    const told = judged(job.transport, outcome, version).catch((error: unknown) =>
      onError('the end of an attempt could not be counted for its mailbox', error)
    );
    // What goes back into the queue must not be claimed again before its transport rests.
    if (outcome.again !== null) await told;
    const retryAfterMs =
      outcome.again === null || outcome.pause ? null : backoffMs(job.attempts + Number(outcome.counts), chance());
    const ending = { claim: job, outcome: job.direct ? withoutRetry(outcome) : outcome, retryAfterMs };
    const [changed] = await Promise.all([finish(ending), told]);
    return changed;
  };

  const deliver = async (job: Job, route: Route, signal: AbortSignal, flight: Flight): Promise<void> => {
    if (await outcomeIsOurs(job, route, signal, flight)) await settled(job.id);
  };

  /** @returns whether this attempt changed the submission: else somebody else has told of it, or will */
  const outcomeIsOurs = async (job: Job, route: Route, signal: AbortSignal, flight: Flight): Promise<boolean> => {
    if (route.kind === 'paused')
      return job.direct
        ? store.fail(job, attemptFailed(route.pause.code, route.pause.message))
        : store.release(job, 'paused');
    const { ended, refused } = await attempt(job, route, signal, flight);
    // Ended at the point of no return, or somebody else's by now: then this changes nothing. Else it may go later.
    const why = signal.aborted && !stopping ? 'timeout' : 'shutdown';
    if (ended.kind === 'lost') return (await store.release(job, why)) || refused;
    return end(job, outcomeOf(ended, job.open), route.kind === 'smtp' ? route.version : null);
  };

  const hold = (
    claim: Claim,
    among: Set<Promise<void>>,
    work: (signal: AbortSignal) => Promise<void>
  ): Promise<void> => {
    const abort = new AbortController();
    if (stopping) abort.abort();
    held.set(claim, abort);
    keepLeases();
    const done = work(abort.signal)
      .catch((error: unknown) => onError(`the attempt for submission ${claim.id} broke off`, error))
      .finally(() => {
        held.delete(claim);
        among.delete(done);
        nudge();
      });
    among.add(done);
    return done;
  };

  /** What was claimed together goes over routes that are read once for all of it. */
  const takeAll = (jobs: readonly Job[]): void => {
    const routes = new Map<string, Promise<Route>>();
    for (const job of jobs) {
      const lane = laneOf(job.transport);
      const route = routes.get(lane) ?? routeOf(job.transport);
      routes.set(lane, route);
      const flight = slots.enter(lane);
      void hold(job, inFlight, async (signal) => {
        try {
          await deliver(job, await route, signal, flight);
        } finally {
          flight.end();
        }
      });
    }
  };

  /**
   * Delivers one submission that this process has claimed. Never rejects.
   *
   * @param chunks the message's bytes, where they are not in the database
   */
  const take = (claim: Claim, chunks?: Job['chunks']): Promise<void> =>
    hold(claim, direct, async (signal) => {
      const job = await store.load(claim);
      const limited = AbortSignal.any([signal, AbortSignal.timeout(DIRECT_MS)]);
      if (job) await deliver(chunks ? { ...job, chunks } : job, await routeOf(job.transport), limited, UNCOUNTED);
    });

  const somethingChanges = (): Promise<void> => new Promise((resolve) => (nudge = resolve));

  let reapedAt = -Infinity;
  /** What others left behind. However busy: nobody else may be there to look. */
  const reap = async (): Promise<void> => {
    reapedAt = performance.now();
    try {
      for (const id of await store.reap()) await settled(id);
    } catch (error) {
      onError('what others left behind could not be looked at', error);
    }
  };

  const loop = async (): Promise<void> => {
    await reap();
    while (!stopping) {
      if (performance.now() - reapedAt > REAP_EVERY_MS) await reap();
      const changes = somethingChanges();
      const room = slots.room();
      if (room === null) {
        await changes;
        // Those that end at the same moment make room together.
        await turn();
        continue;
      }
      const claims = store.claim(room.slots, leaseMs, room.held);
      claiming = claims.then(
        ({ jobs }) => takeAll(jobs),
        () => undefined
      );
      const { jobs, more } = await claims;
      await claiming;
      if (jobs.length > 0) continue;
      // A limit keeps what is due: when one of ours ends there may be room.
      if (!more || inFlight.size === 0) break;
      await changes;
      await turn();
    }
  };

  /** Reaps, then delivers until nothing is due. Called while it is at work, it looks again. */
  const work = (): Promise<void> => {
    if (working) {
      nudged = true;
      nudge();
      return working;
    }
    working = (async () => {
      try {
        do {
          nudged = false;
          await loop();
        } while (nudged && !stopping);
      } finally {
        // In the same step as the last look: a nudge is never lost in between.
        working = null;
      }
    })();
    return working;
  };

  /** Also what was being claimed when the stop came: it is given back. */
  const allDone = async (): Promise<void> => {
    await claiming;
    while (inFlight.size + direct.size > 0) await Promise.allSettled([...inFlight, ...direct]);
  };

  return {
    work,
    take,
    /** Stops claiming, leaves servers before the end of data, waits for what is past it (delivery §7). */
    stop: async (graceMs: number): Promise<void> => {
      stopping = true;
      nudge();
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
      for (const abort of held.values()) abort.abort();
      await Promise.race([allDone(), grace]);
      clearTimeout(timer);
      if (heartbeat) clearInterval(heartbeat);
      transports.close();
    },
  };
};

const failed = (trouble: Trouble): Attempt => ({
  kind: 'failed',
  stage: 'connect',
  reply: null,
  trouble,
  refused: [],
});

const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
};

export type Worker = ReturnType<typeof createWorker>;
