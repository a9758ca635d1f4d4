import { SYSTEM_TRANSPORT } from '../domain/lane';
import { createHmac } from 'node:crypto';
import type { Core } from '@strapi/types';
import type { Emit } from '../contracts/events';
import type { Settings } from '../contracts/settings';
import { connectionOf, inTransaction } from '../database/transaction';
import { pausedFor, resumeTransport } from '../outbox/transport-state';

export interface MendedDependencies {
  strapi: Core.Strapi;
  settings: Settings;
  /** PEM texts of `network.ca`, not its paths: a renewed file has the same name. */
  trustedRoots: readonly string[];
  emit: Emit;
}

const SYSTEM_VERSION = 'systemTransportVersion';
const NETWORK_VERSION = 'networkVersion';

/**
 * Serializes configuration, each object once: options of an e-mail provider may hold clients and loggers with circular
 * references, and numbers that JSON cannot represent.
 */
const textOf = (configuration: unknown): string => {
  const known = new Map<unknown, number>();
  return JSON.stringify(configuration, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    const index = known.get(value);
    if (index === undefined) known.set(value, known.size);
    return index === undefined ? value : `object ${index}`;
  });
};

/**
 * Resumes at a start the transports that the configuration paused, if it has changed since the last start (delivery §4):
 * the system mailbox after a change of its settings or of `network`, and mailboxes that `network` refused or did not
 * trust after a change of `network`.
 */
export function createResumeMended({ strapi, settings, trustedRoots, emit }: MendedDependencies) {
  return async (): Promise<void> => {
    const store = strapi.store({ type: 'plugin', name: 'mailboxes' });
    const { allow, ports } = settings.network;
    const network = versionOf(allow, ports, trustedRoots);
    const system = versionOf(settings.system.transport, strapi.config.get('plugin::email', null), network);
    const networkChanged = (await store.get({ key: NETWORK_VERSION })) !== network;

    if ((await store.get({ key: SYSTEM_VERSION })) !== system) {
      await resume(SYSTEM_TRANSPORT);
      await store.set({ key: SYSTEM_VERSION, value: system });
    }
    if (!networkChanged) return;
    for (const { id } of await pausedFor(connectionOf(strapi), ['HOST_NOT_ALLOWED', 'TLS_FAILED']))
      if (id !== SYSTEM_TRANSPORT) await resume(id);
    await store.set({ key: NETWORK_VERSION, value: network });
  };

  /** Fingerprints settings without revealing a password. */
  function versionOf(...parts: unknown[]): string {
    const [key = 'mailboxes'] = strapi.config.get<string[]>('server.app.keys', []);
    return createHmac('sha256', String(key)).update(textOf(parts)).digest('hex');
  }

  async function resume(id: string): Promise<void> {
    if (await inTransaction(strapi, (trx) => resumeTransport(trx, id))) emit('mailboxes.mailbox.recovered', { id });
  }
}
