import { createNetworkRule } from '../../server/src/network/target-rule';
import { createTransports } from '../../server/src/smtp/pool';
import { createWorker, type Worker } from '../../server/src/outbox/worker';
import { laneOf } from '../../server/src/domain/lane';
import type { App } from './strapi';

/**
 * A worker of its own on the app's database, as another process would have one: it shares nothing with other workers
 * but the rows.
 *
 * @param port of the one server of all mailboxes, or of each by its documentId
 */
export const workerOn = (
  app: App,
  port: number | Readonly<Record<string, number>>,
  {
    leaseMs = 60_000,
    concurrency = 5,
    patienceMs,
  }: { leaseMs?: number; concurrency?: number; patienceMs?: number } = {}
): { worker: Worker; errors: unknown[] } => {
  const errors: unknown[] = [];
  const { outbox, settled } = app.service('submissions');
  const worker = createWorker({
    store: outbox,
    transports: createTransports({
      network: createNetworkRule({ allow: ['127.0.0.1'] }),
      trustedRoots: [],
      ehloName: 'worker.site.example',
    }),
    routeOf: async (transport) => ({
      kind: 'smtp',
      id: typeof port === 'number' ? 'any' : laneOf(transport),
      version: '1',
      host: '127.0.0.1',
      port: typeof port === 'number' ? port : (port[laneOf(transport)] ?? 0),
      encryption: 'none',
      auth: { type: 'none' },
      connections: concurrency,
    }),
    onAttemptResult: async () => undefined,
    random: () => 0.5,
    onFinished: settled,
    onError: (_what, error) => errors.push(error),
    leaseMs,
    concurrency,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  return { worker, errors };
};
