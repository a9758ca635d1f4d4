import { createPresence } from '../database/presence';
import { connectionOf } from '../database/transaction';
import type { Transport } from '../domain/identity';
import { createMailboxRouting } from '../mailboxes/routing';
import { createTransportNotices } from '../mailboxes/transport-notices';
import { createTransportHealth } from '../outbox/transport-health';
import { createWorker } from '../outbox/worker';
import { createTransports } from '../smtp/pool';
import type { Route } from '../smtp/route';
import { createEngine } from './engine';
import type { Identities } from './identities';
import { createSubmissions } from './submissions';
import type { Technique } from './technique';

/** Builds the submissions and what delivers them: engine, worker, transports and the heartbeat of the process. */
export function createDelivery(technique: Technique, { system, identities }: Identities) {
  const { strapi, settings, credentialsFor, smtp, emit, logError, clock, newId } = technique;
  const engine = createEngine(technique);
  const notices = createTransportNotices({ log: strapi.log, emit, wake: () => engine.wake(clock()) });
  const submissions = createSubmissions(technique, identities, {
    wake: engine.wake,
    // The worker is built from the submissions: called later, it is there.
    deliverNow: (claim, bytes) => worker.take(claim, () => oneChunk(bytes)),
  });

  const routeOfMailbox = createMailboxRouting(strapi, credentialsFor);
  const routeOf = (transport: Transport): Promise<Route> =>
    transport.kind === 'system' ? system.route() : routeOfMailbox(connectionOf(strapi), transport.mailbox);
  const worker = createWorker({
    store: submissions.outbox,
    transports: createTransports(smtp),
    routeOf,
    onAttemptResult: createTransportHealth({
      strapi,
      versionOf: async (transport) => {
        const route = await routeOf(transport);
        return route.kind === 'smtp' ? route.version : null;
      },
      ...notices,
    }),
    onFinished: submissions.settled,
    onQueued: (next, inMs) => engine.wake(clock() + inMs, next),
    onError: logError,
    random: Math.random,
    leaseMs: settings.delivery.leaseSeconds * 1000,
    concurrency: settings.delivery.concurrency,
  });

  const presence = createPresence({
    strapi,
    newId,
    onSecond: ({ host, pid }) =>
      strapi.log.warn(
        `[mailboxes] another Strapi process (${pid} on ${host}) works on the same SQLite file. SQLite supports one: stop the other, or use PostgreSQL, MySQL or MariaDB`
      ),
    onError: (error) => logError('the heartbeat could not be written', error),
  });

  let isDelivering = false;

  return { submissions, notices, startDelivery, stopDelivery, deliveryProblem };

  async function startDelivery(): Promise<void> {
    const { role, concurrency } = settings.delivery;
    if (role === 'accept') {
      await engine.start(null);
      strapi.log.info('[mailboxes] role "accept": this process queues mail, and other processes deliver it');
      return;
    }
    await presence.start();
    await engine.start(worker);
    isDelivering = true;
    if (role === 'deliver')
      strapi.log.info(
        `[mailboxes] role "deliver": this process delivers, ${concurrency} at a time, and serves no page and no API`
      );
  }

  async function stopDelivery(): Promise<void> {
    const { role, shutdownGraceMs } = settings.delivery;
    isDelivering = false;
    await Promise.all([engine.stop(shutdownGraceMs), worker.stop(shutdownGraceMs)]);
    await presence.stop();
    await engine.close();
    if (role === 'deliver') strapi.log.info('[mailboxes] delivery has stopped');
  }

  /** Returns why this process cannot deliver at the moment; null: it can. */
  async function deliveryProblem(): Promise<string | null> {
    if (!isDelivering) return 'Delivery is not running.';
    await submissions.outbox.pending();
    return null;
  }
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export type Delivery = ReturnType<typeof createDelivery>;
