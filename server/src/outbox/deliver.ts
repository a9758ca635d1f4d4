import { AsyncLocalStorage } from 'node:async_hooks';
import { attemptFailed, outcomeOf, withoutRetry, type Attempt, type Outcome, type Trouble } from '../domain/outcome';
import type { SecretProblem } from '../domain/auth';
import type { Transport } from '../domain/identity';
import { backoffMs } from '../domain/retry';
import { coalesce } from '../database/coalesce';
import type { Wakeup } from './engines/engine';
import { isPlain } from './finish-plain';
import type { Flight } from './slots';
import type { Claim, DeliveryStore, Ending, Job } from './protocol';
import type { HandOver, Transports } from '../smtp/pool';
import type { Route } from '../smtp/route';

export interface DeliveryDependencies {
  store: DeliveryStore;
  transports: Transports;
  /**
   * Called for every attempt before its result is written; updates the health of the transport.
   *
   * @param version settings version of the attempt; a newer version is not affected
   */
  onAttemptResult: (transport: Transport, outcome: Outcome, version: string | null) => Promise<void>;
  /** Called when a submission has returned to the queue: it is due for another attempt after `inMs`. */
  onQueued?: (next: Wakeup, inMs: number) => void;
  onError: (what: string, error: unknown) => void;
  /** 0 (inclusive) to 1 (exclusive), for the jitter of retries. */
  random: () => number;
  leaseMs: number;
  /** Distinguishes an attempt stopped by a shutdown from one stopped by its time limit. */
  isStopping: () => boolean;
}

type OpenRoute = Exclude<Route, { kind: 'paused' }>;

const FINISH_RETRIES = 5;

/** Effect of an attempt on its submission; after `'lost'`, the process with the lease reports the end. */
export type Written = 'submitted' | 'changed' | 'lost';

const writtenIf = (changed: boolean): Written => (changed ? 'changed' : 'lost');

/** Delivers one claimed submission, from the route to the written result (delivery §3). */
export const createDelivery = ({
  store,
  transports,
  onAttemptResult,
  onQueued = () => undefined,
  onError,
  random,
  leaseMs,
  isStopping,
}: DeliveryDependencies) => {
  // Attempts that begin their transmission, or end, at the same time share a transaction.
  const begin = coalesce((claims: readonly Claim[]) => store.beginTransmission(claims, leaseMs));
  const write = coalesce((endings: readonly Ending[]) => store.finish(endings));

  return { deliver };

  async function deliver(job: Job, route: Route, signal: AbortSignal, flight: Flight): Promise<Written> {
    if (route.kind === 'paused')
      return writtenIf(
        await (job.direct
          ? store.fail(job, attemptFailed(route.pause.code, route.pause.message))
          : store.release(job, 'paused'))
      );
    const { ended, refused } = await attempt(job, route, signal, flight);
    if (ended.kind === 'lost') {
      // Ended by the decision, or leased by another process: then the release changes nothing. Else it is retried.
      const why = signal.aborted && !isStopping() ? 'timeout' : 'shutdown';
      const released = await store.release(job, why);
      if (released) queued(job, 0);
      return writtenIf(released || refused);
    }
    return end(job, outcomeOf(ended, job.open), route.kind === 'smtp' ? route.version : null);
  }

  async function attempt(
    job: Job,
    route: OpenRoute,
    signal: AbortSignal,
    flight: Flight
  ): Promise<{ ended: Attempt; refused: boolean }> {
    let refused = false;
    const mayTransmit = (): Promise<boolean> =>
      flight.works(async () => {
        const result = await begin(job);
        refused = result === 'refused';
        return result === 'go';
      });
    const ended = await handOver(job, route, mayTransmit, signal, flight);
    return { ended, refused };
  }

  async function handOver(
    job: Job,
    route: OpenRoute,
    mayTransmit: () => Promise<boolean>,
    signal: AbortSignal,
    flight: Flight
  ): Promise<Attempt> {
    switch (route.kind) {
      case 'no-secret':
        return failed(TROUBLE_OF[route.problem]);
      case 'gone':
        // Without settings there is no connection; the decision still runs, because it returns the reason.
        return (await mayTransmit()) ? failed('secret-required') : { kind: 'lost' };
      case 'provider': {
        const bytes = Buffer.concat(await collect(job.chunks()));
        if (bytes.length !== job.sizeBytes) return failed('incomplete');
        if (signal.aborted || !(await mayTransmit())) return { kind: 'lost' };
        return flight.waits(() => route.send({ envelope: envelopeOf(job), messageId: job.messageId, bytes }));
      }
      case 'smtp':
        return flight.waits(() => transports.handOver(route, fencedMessage(job, mayTransmit, signal, flight)));
    }
  }

  function fencedMessage(job: Job, mayTransmit: () => Promise<boolean>, signal: AbortSignal, flight: Flight): HandOver {
    let begunAt = 0;
    return {
      envelope: envelopeOf(job),
      messageId: job.messageId,
      utf8Header: job.utf8Header,
      sizeBytes: job.sizeBytes,
      chunks: () => flight.reads(job.chunks()),
      // Called from a shared connection: bound to the context of this attempt.
      beginTransmission: AsyncLocalStorage.bind(() => {
        begunAt = performance.now();
        return mayTransmit();
      }),
      // The lease was renewed at `begunAt`: within a third of it no query is needed.
      stillOurs: AsyncLocalStorage.bind(() =>
        flight.works(async () => performance.now() - begunAt < leaseMs / 3 || store.isOurs(job))
      ),
      signal,
    };
  }

  async function end(job: Job, outcome: Outcome, version: string | null): Promise<Written> {
    const counted = onAttemptResult(job.transport, outcome, version).catch((error: unknown) =>
      onError('the end of an attempt could not be counted for its mailbox', error)
    );
    // A submission that returns to the queue must not be claimed again before its transport is paused.
    if (outcome.again !== null) await counted;
    const retryAfterMs =
      outcome.again === null || outcome.pause ? null : backoffMs(job.attempts + Number(outcome.counts), random());
    const ending = { claim: job, outcome: job.direct ? withoutRetry(outcome) : outcome, retryAfterMs };
    const [changed] = await Promise.all([finish(ending), counted]);
    if (changed && retryAfterMs !== null) queued(job, retryAfterMs);
    // A plain end accepted every open recipient.
    return changed && isPlain(ending) ? 'submitted' : writtenIf(changed);
  }

  function queued({ id, claim, direct }: Job, inMs: number): void {
    // Direct mail is never claimed again.
    if (!direct) onQueued({ id, attempt: claim + 1 }, inMs);
  }

  /** @returns whether the submission changed */
  async function finish(ending: Ending): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write(ending);
      } catch (error) {
        // Without a result within the lease, the reaper settles it as "uncertain", which is then true.
        if (tries >= FINISH_RETRIES) throw error;
        onError(`the result of submission ${ending.claim.id} could not be written, trying again`, error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(leaseMs / 10, 1000) * tries));
      }
    }
  }
};

const envelopeOf = (job: Job): HandOver['envelope'] => ({
  from: job.transport.email,
  to: job.open.map(({ email }) => email),
});

const TROUBLE_OF = {
  missing: 'secret-required',
  unreadable: 'secret-unreadable',
} as const satisfies Record<SecretProblem, Trouble>;

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
