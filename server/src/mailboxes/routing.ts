import { hasSecret } from '../domain/auth';
import { DEFAULT_CONNECTIONS, type LaneLimits } from '../domain/lane';
import type { Core } from '@strapi/types';
import { int, type Queries } from '../database/dialect';
import { CONTENT_TABLES } from '../database/tables';
import type { CredentialsFor } from '../secrets/credentials';
import type { Route } from '../smtp/route';
import { createMailboxesRepository } from './repository';

/** Resolves the current route of a mailbox's own transport. */
export function createMailboxRouting(strapi: Core.Strapi, credentialsFor: CredentialsFor) {
  const repository = createMailboxesRepository(strapi);

  return routeTo;

  async function routeTo(queries: Queries, id: string): Promise<Route> {
    const row = await repository.find(queries, id);
    if (!row?.authenticated || !row.smtp) return { kind: 'gone' };
    if (row.paused) return { kind: 'paused', pause: row.paused };
    const { smtp, settingsVersion: version, connections } = row;
    const found = await credentialsFor(smtp.auth, { from: 'store', mailbox: id, queries });
    // A save between the two reads would send the new secret to the old server.
    if (hasSecret(smtp.auth) && (await repository.find(queries, id))?.settingsVersion !== version)
      return routeTo(queries, id);
    if (!found.ok) return { kind: 'no-secret', problem: found.problem };
    return {
      ...smtp,
      kind: 'smtp',
      id,
      version,
      auth: found.auth,
      connections: connections ?? DEFAULT_CONNECTIONS,
    };
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
