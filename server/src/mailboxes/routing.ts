import { DEFAULT_CONNECTIONS, type LaneLimits } from '../domain/lane';
import type { Core } from '@strapi/types';
import { int, type Queries } from '../database/dialect';
import { CONTENT_TABLES } from '../database/tables';
import type { SecretStore } from '../secrets/store';
import type { Route } from '../smtp/route';
import { createMailboxesRepository } from './repository';

/** Resolves the current route of a mailbox's own transport; the only reader of its password for delivery. */
export function createMailboxRouting(strapi: Core.Strapi, secrets: SecretStore) {
  const repository = createMailboxesRepository(strapi);

  return routeTo;

  async function routeTo(queries: Queries, id: string): Promise<Route> {
    const row = await repository.find(queries, id);
    if (!row?.authenticated || !row.smtp) return { kind: 'gone' };
    if (row.paused) return { kind: 'paused', pause: row.paused };
    const { host, port, encryption, auth, username } = row.smtp;
    const route = {
      kind: 'smtp' as const,
      id,
      version: row.settingsVersion,
      host,
      port,
      encryption,
      connections: row.connections ?? DEFAULT_CONNECTIONS,
    };
    if (auth === 'none') return { ...route, credentials: null };
    const secret = await secrets.open(queries, id);
    // A save between the two reads would send the new password to the old server.
    if ((await repository.find(queries, id))?.settingsVersion !== row.settingsVersion) return routeTo(queries, id);
    if (secret.state !== 'ok') return { kind: secret.state === 'missing' ? 'no-secret' : 'unreadable' };
    return { ...route, credentials: { username: username ?? row.email, password: secret.plaintext } };
  }
}

/**
 * Reads the limits of each mailbox's lane. A deleted mailbox has the default: the decision ends its submissions.
 *
 * @param perMinute the configured limit, for mailboxes without their own
 */
export const createLaneLimits =
  (perMinute: number) =>
  async (queries: Queries, ids: readonly string[]): Promise<Map<string, LaneLimits>> => {
    const rows: { document_id: string; per_minute: unknown; connections: unknown }[] = await queries(
      CONTENT_TABLES.mailboxes
    )
      .whereIn('document_id', [...ids])
      .select('document_id', 'per_minute', 'connections');
    const limits = new Map(ids.map((id) => [id, { perMinute, connections: DEFAULT_CONNECTIONS }]));
    for (const row of rows)
      limits.set(row.document_id, {
        perMinute: int(row.per_minute) ?? perMinute,
        connections: int(row.connections) ?? DEFAULT_CONNECTIONS,
      });
    return limits;
  };
