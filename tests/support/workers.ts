import { createNetworkRule } from '../../server/src/delivery/network';
import { createTransports } from '../../server/src/delivery/transports';
import { createWorker, type Worker } from '../../server/src/delivery/worker';
import type { App } from './strapi';

/**
 * A worker of its own on the app's database, as another process would have one: it shares nothing with other workers
 * but the rows. It talks to one server, whatever mailbox it is.
 */
export const workerOn = (
  app: App,
  port: number,
  { leaseMs = 60_000, concurrency = 5 }: { leaseMs?: number; concurrency?: number } = {}
): { worker: Worker; errors: unknown[] } => {
  const errors: unknown[] = [];
  const { outbox, settled } = app.service('submissions');
  const worker = createWorker({
    store: outbox,
    transports: createTransports({ network: createNetworkRule({ allow: ['127.0.0.1'] }), trustedRoots: [] }),
    routeOf: async () => ({
      kind: 'smtp',
      id: 'any',
      version: '1',
      host: '127.0.0.1',
      port,
      encryption: 'none',
      credentials: null,
      connections: concurrency,
    }),
    judged: async () => undefined,
    chance: () => 0.5,
    settled,
    onError: (_what, error) => errors.push(error),
    leaseMs,
    concurrency,
  });
  return { worker, errors };
};
