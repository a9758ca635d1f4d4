import { createHmac } from 'node:crypto';
import type { Core } from '@strapi/types';
import type { Emit } from './contracts/events';
import type { Settings } from './config';
import { connectionOf, inTransaction } from './database/transaction';
import { readPause, resumeTransport, SYSTEM_TRANSPORT } from './database/transports';
import { sendOptions, sendRaw, type EmailProvider } from './delivery/provider';
import type { Route } from './delivery/worker';
import { sendBeneath } from './guard/provider';
import { emailConfigOf, readSystemMailbox, takesRaw } from './identities/system-mailbox';
import type { SystemMailboxStatus } from './mailboxes/controller';
import { DEFAULT_CONNECTIONS } from './mailboxes/present';

export interface SystemDependencies {
  strapi: Core.Strapi;
  settings: Settings;
  emit: Emit;
}

/** The system mailbox: who it is, and how it sends, over SMTP settings of the configuration or Strapi's e-mail provider. */
export const composeSystem = ({ strapi, settings, emit }: SystemDependencies) => {
  const configured = settings.system.transport;
  const provider: EmailProvider = { send: (options) => sendBeneath(strapi, options) };

  const mailbox = () =>
    readSystemMailbox({ from: settings.system.from, overSmtp: configured !== 'strapi-email' }, emailConfigOf(strapi));
  const credentials = () =>
    configured !== 'strapi-email' && configured.auth === 'password'
      ? { username: configured.username ?? mailbox().email ?? '', password: configured.password ?? '' }
      : null;

  const transport = (): Exclude<Route, { kind: 'paused' }> => {
    if (configured === 'strapi-email') {
      const raw = takesRaw(emailConfigOf(strapi).provider);
      return {
        kind: 'provider',
        send: (message) => (raw ? sendRaw(provider, message) : sendOptions(provider, message)),
      };
    }
    if (configured.auth === 'password' && !configured.password) return { kind: 'no-secret' };
    return {
      kind: 'smtp',
      id: SYSTEM_TRANSPORT,
      version: 'configuration',
      host: configured.host,
      port: configured.port,
      encryption: configured.encryption,
      credentials: credentials(),
      connections: DEFAULT_CONNECTIONS,
    };
  };

  const route = async (): Promise<Route> => {
    const pause = await readPause(connectionOf(strapi), SYSTEM_TRANSPORT);
    return pause ? { kind: 'paused', pause } : transport();
  };

  /** Where it would connect to; null: it has no SMTP settings of its own, or no address. */
  const target = () => {
    const { email } = mailbox();
    if (configured === 'strapi-email' || email === null) return null;
    const { host, port, encryption } = configured;
    return { host, port, encryption, email, credentials: credentials() };
  };

  const status = async (): Promise<SystemMailboxStatus> => {
    const { email } = mailbox();
    const pause = await readPause(connectionOf(strapi), SYSTEM_TRANSPORT);
    const pausedBecause = pause ? { ...pause, at: new Date(pause.at).toISOString() } : null;
    return { email, configured: email !== null, state: pause ? 'paused' : 'ok', pausedBecause };
  };

  /** A start with other settings ends the system mailbox's pause (delivery §4). */
  const resumeIfChanged = async (): Promise<void> => {
    const version = versionOf(strapi, settings);
    const store = strapi.store({ type: 'plugin', name: 'mailboxes' });
    if ((await store.get({ key: 'systemTransportVersion' })) === version) return;
    if (await inTransaction(strapi, (trx) => resumeTransport(trx, SYSTEM_TRANSPORT)))
      emit('mailboxes.mailbox.recovered', { id: SYSTEM_TRANSPORT });
    await store.set({ key: 'systemTransportVersion', value: version });
  };

  /** Strapi's provider where the system mailbox uses one that gives less than its promise (delivery §3a); else null. */
  const weakProvider = (): string | null => {
    const { provider = 'sendmail' } = emailConfigOf(strapi);
    return configured === 'strapi-email' && !takesRaw(provider) ? provider : null;
  };

  return { mailbox, route, transport, target, status, resumeIfChanged, weakProvider };
};

/** Tells other settings apart without giving the password away. */
const versionOf = (strapi: Core.Strapi, { system }: Settings): string => {
  const [key = 'mailboxes'] = strapi.config.get<string[]>('server.app.keys', []);
  return createHmac('sha256', String(key))
    .update(JSON.stringify([system.transport, strapi.config.get('plugin::email', null)]))
    .digest('hex');
};
