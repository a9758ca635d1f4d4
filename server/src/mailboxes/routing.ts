import { LRUCache } from 'lru-cache';
import { hasSecret, type SmtpAuth } from '../domain/auth';
import { DEFAULT_CONNECTIONS, type LaneLimits } from '../domain/lane';
import type { Core } from '@strapi/types';
import { sameAccount, type OwnSmtp } from '../domain/mailbox';
import { int, type Queries } from '../database/dialect';
import { CONTENT_TABLES } from '../database/tables';
import type { CredentialsFor } from '../secrets/credentials';
import type { Route } from '../smtp/route';
import { createMailboxesRepository } from './repository';

const MAX_LOGINS = 500;
/** Idle connections live shorter; a password is not kept in memory for longer than its use. */
const LOGIN_KEPT_MS = 10 * 60_000;

interface Login {
  version: string;
  smtp: OwnSmtp;
  auth: SmtpAuth;
}

/** Resolves the current route of a mailbox's own transport. Opens a secret once per settings version. */
export function createMailboxRouting(strapi: Core.Strapi, credentialsFor: CredentialsFor) {
  const repository = createMailboxesRepository(strapi);
  const logins = new LRUCache<string, Login>({ max: MAX_LOGINS, ttl: LOGIN_KEPT_MS });

  return routeTo;

  async function routeTo(queries: Queries, id: string): Promise<Route> {
    const row = await repository.find(queries, id);
    if (!row?.authenticated || !row.smtp) return { kind: 'gone' };
    if (row.paused) return { kind: 'paused', pause: row.paused };
    const { smtp, settingsVersion: version } = row;
    const route = { ...smtp, kind: 'smtp' as const, id, version, connections: row.connections ?? DEFAULT_CONNECTIONS };
    const known = logins.get(id);
    if (known?.version === version && sameAccount(known.smtp, smtp)) return { ...route, auth: known.auth };
    const found = await credentialsFor(smtp.auth, { from: 'store', mailbox: id, queries });
    // A save between the two reads would send the new secret to the old server.
    if (hasSecret(smtp.auth) && (await repository.find(queries, id))?.settingsVersion !== version)
      return routeTo(queries, id);
    if (!found.ok) return { kind: 'no-secret', problem: found.problem };
    logins.set(id, { version, smtp, auth: found.auth });
    return { ...route, auth: found.auth };
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
