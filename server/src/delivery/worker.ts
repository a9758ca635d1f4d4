import type { Attempt, Outcome, Trouble } from '../domain/outcome';
import { attemptFailed, outcomeOf, withoutRetry } from '../domain/outcome';
import type { Pause } from '../domain/mailbox';
import type { Transport } from '../domain/identity';
import { createGate } from './gate';
import type { Claim, DeliveryStore, Job } from './store';
import type { HandOver, SmtpTransport, Transports } from './transports';

/** Strapi's e-mail provider: opaque, no 354, no replies per recipient (delivery §3a). */
export interface ProviderTransport {
  kind: 'provider';
  send: (message: { envelope: HandOver['envelope']; messageId: string; bytes: Buffer }) => Promise<Attempt>;
}

export type Route =
  | SmtpTransport
  | ProviderTransport
  /** It rests until a person acts: no server is asked. */
  | { kind: 'paused'; pause: Pause }
  /** It has no settings (any more): the decision says why. */
  | { kind: 'gone' }
  | { kind: 'unreadable' | 'no-secret' };

export interface WorkerDependencies {
  store: DeliveryStore;
  transports: Transports;
  /** Where a transport leads now: settings, secret, pause. */
  routeOf: (transport: Transport) => Promise<Route>;
  /** @param version of the settings that the attempt was made with; newer ones are not to blame */
  pause: (transport: Transport, pause: Pause, version: string | null) => Promise<void>;
  /** Told after every end of an attempt, with what is stored then. */
  settled: (id: string) => Promise<void>;
  onError: (what: string, error: unknown) => void;
  leaseMs: number;
  concurrency: number;
}

const FINISH_RETRIES = 5;

/** Walks claimed submissions from the claim to the written result (delivery §3). */
export const createWorker = ({
  store,
  transports,
  routeOf,
  pause,
  settled,
  onError,
  leaseMs,
  concurrency,
}: WorkerDependencies) => {
  const gate = createGate(store);
  /** By lease token: what would stop its attempt, as long as that is harmless. */
  const held = new Map<string, AbortController>();
  const inFlight = new Set<Promise<void>>();
  let stopping = false;
  let claiming: Promise<void> = Promise.resolve();
  let heartbeat: NodeJS.Timeout | null = null;

  const beat = async (): Promise<void> => {
    const tokens = [...held.keys()];
    if (tokens.length > 0) await store.renew(tokens, leaseMs);
  };

  const keepLeases = (): void => {
    heartbeat ??= setInterval(
      () => void beat().catch((error: unknown) => onError('leases could not be renewed', error)),
      leaseMs / 3
    ).unref();
  };

  const attempt = async (
    job: Job,
    route: Exclude<Route, { kind: 'paused' }>,
    signal: AbortSignal
  ): Promise<Attempt> => {
    const envelope = { from: job.transport.email, to: job.open.map(({ email }) => email) };
    switch (route.kind) {
      case 'no-secret':
        return failed('secret-required');
      case 'unreadable':
        return failed('secret-unreadable');
      case 'gone':
        // Nothing to connect to: the decision is asked all the same, because it knows the reason.
        return (await gate(job)) === 'go' ? failed('secret-required') : { kind: 'lost' };
      case 'provider': {
        const bytes = Buffer.concat(await collect(job.chunks()));
        if (bytes.length !== job.sizeBytes) return failed('incomplete');
        if (signal.aborted || (await gate(job)) !== 'go') return { kind: 'lost' };
        return route.send({ envelope, messageId: job.messageId, bytes });
      }
      case 'smtp':
        return transports.handOver(route, {
          envelope,
          messageId: job.messageId,
          sizeBytes: job.sizeBytes,
          chunks: job.chunks,
          pointOfNoReturn: async () => (await gate(job)) === 'go',
          stillOurs: () => store.isOurs(job),
          signal,
        });
    }
  };

  const finish = async (claim: Claim, outcome: Outcome): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await store.finish(claim, outcome);
      } catch (error) {
        // Not written within the lease: the reaper says "uncertain", which is then the truth.
        if (tries >= FINISH_RETRIES) throw error;
        onError(`the result of submission ${claim.id} could not be written, trying again`, error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(leaseMs / 10, 1000) * tries));
      }
    }
  };

  const deliver = async (claim: Claim, signal: AbortSignal, chunks?: Job['chunks']): Promise<void> => {
    const stored = await store.load(claim);
    if (!stored) return;
    const job = chunks ? { ...stored, chunks } : stored;
    const route = await routeOf(job.transport);
    if (route.kind === 'paused') {
      await store.fail(claim, attemptFailed(route.pause.code, route.pause.message));
    } else {
      const ended = await attempt(job, route, signal);
      if (ended.kind === 'lost') {
        // Ended at the point of no return, or somebody else's by now: then this changes nothing. Else it may go later.
        await store.release(claim);
      } else {
        const outcome = outcomeOf(ended, job.open);
        if (outcome.pause) await pause(job.transport, outcome.pause, route.kind === 'smtp' ? route.version : null);
        await finish(claim, withoutRetry(outcome));
      }
    }
    await settled(claim.id);
  };

  /**
   * Delivers one submission that this process has claimed. Never rejects.
   *
   * @param chunks the message's bytes, where they are not in the database
   */
  const take = (claim: Claim, chunks?: Job['chunks']): Promise<void> => {
    const abort = new AbortController();
    if (stopping) abort.abort();
    held.set(claim.leaseToken, abort);
    keepLeases();
    const done = deliver(claim, abort.signal, chunks)
      .catch((error: unknown) => onError(`the attempt for submission ${claim.id} broke off`, error))
      .finally(() => {
        held.delete(claim.leaseToken);
        inFlight.delete(done);
      });
    inFlight.add(done);
    return done;
  };

  /** Reaps, then delivers until nothing is due. */
  const work = async (): Promise<void> => {
    await store.reap();
    while (!stopping) {
      const free = concurrency - inFlight.size;
      if (free <= 0) {
        await Promise.race(inFlight);
        continue;
      }
      const claims = store.claim(free, leaseMs);
      claiming = claims.then(
        (all) => all.forEach((claim) => void take(claim)),
        () => undefined
      );
      if ((await claims).length === 0) break;
      await claiming;
    }
  };

  /** Also what was being claimed when the stop came: it is given back. */
  const allDone = async (): Promise<void> => {
    await claiming;
    while (inFlight.size > 0) await Promise.allSettled([...inFlight]);
  };

  return {
    work,
    take,
    /** Stops claiming, leaves servers before the end of data, waits for what is past it (delivery §7). */
    stop: async (graceMs: number): Promise<void> => {
      stopping = true;
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
