import type { Actor } from '../domain/actor';
import type { Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

export interface AuditEntry {
  actor: Actor;
  /** noun.verb, in the past: `mailbox.created` */
  action: string;
  /** documentId */
  tenant: string | null;
  /** documentId of the changed object */
  object: string;
  /** Ids, states, codes, and the two addresses of a test mail; never a secret, a body or the recipient of a message. */
  details?: Record<string, unknown>;
}

/** Records an action in the transaction that performs it. */
export const appendAudit = async (
  queries: Queries,
  at: number,
  { actor, action, tenant, object, details }: AuditEntry
): Promise<void> => {
  await queries(TABLES.audit).insert({
    at,
    actor_user: actor.type === 'user' ? actor.id : null,
    actor_system: actor.type === 'system' ? actor.name : null,
    action,
    tenant,
    object,
    details: details ? JSON.stringify(details) : null,
  });
};

/**
 * Returns when an actor's latest entries of an action since a moment were made, the newest first (milliseconds since the
 * epoch).
 */
export const latestAudit = async (
  queries: Queries,
  { actor, action, since, limit }: { actor: Actor; action: string; since: number; limit: number }
): Promise<number[]> => {
  const who = actor.type === 'user' ? { actor_user: actor.id } : { actor_system: actor.name };
  const rows: { at: unknown }[] = await queries(TABLES.audit)
    .where({ action, ...who })
    .andWhere('at', '>', since)
    .orderBy('at', 'desc')
    .limit(limit)
    .select('at');
  return rows.map(({ at }) => Number(at));
};
