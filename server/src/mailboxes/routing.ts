import type { Core } from '@strapi/types';
import type { Queries } from '../database/dialect';
import type { SecretStore } from '../secrets/store';
import { DEFAULT_CONNECTIONS } from './present';
import { createMailboxesRepository } from './repository';

export type MailboxRoute =
  | {
      kind: 'smtp';
      version: string;
      host: string;
      port: number;
      encryption: 'tls' | 'starttls' | 'none';
      credentials: { username: string; password: string } | null;
      connections: number;
    }
  | { kind: 'paused'; pause: { code: string; message: string } }
  | { kind: 'gone' | 'unreadable' | 'no-secret' };

/** Where a mailbox's own transport leads now; the one place where a password is read. */
export const createMailboxRouting = (strapi: Core.Strapi, secrets: SecretStore) => {
  const repository = createMailboxesRepository(strapi);

  const routeTo = async (queries: Queries, id: string): Promise<MailboxRoute> => {
    const row = await repository.find(queries, id);
    if (!row?.authenticated || !row.smtp) return { kind: 'gone' };
    if (row.paused) return { kind: 'paused', pause: row.paused };
    const { host, port, encryption, auth, username } = row.smtp;
    const route = {
      kind: 'smtp' as const,
      version: row.settingsVersion,
      host,
      port,
      encryption,
      connections: row.connections ?? DEFAULT_CONNECTIONS,
    };
    if (auth === 'none') return { ...route, credentials: null };
    const secret = await secrets.open(queries, id);
    // A save in between would give the new password to the old server.
    if ((await repository.find(queries, id))?.settingsVersion !== row.settingsVersion) return routeTo(queries, id);
    if (secret.state !== 'ok') return { kind: secret.state === 'missing' ? 'no-secret' : 'unreadable' };
    return { ...route, credentials: { username: username ?? row.email, password: secret.plaintext } };
  };
  return routeTo;
};
