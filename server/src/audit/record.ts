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

/** Counts an actor's entries of an action since a moment (milliseconds since the epoch). */
export const countAudit = async (queries: Queries, actor: Actor, action: string, since: number): Promise<number> => {
  const who = actor.type === 'user' ? { actor_user: actor.id } : { actor_system: actor.name };
  const [row]: { n: unknown }[] = await queries(TABLES.audit)
    .where({ action, ...who })
    .andWhere('at', '>', since)
    .count({ n: '*' });
  return Number(row?.n ?? 0);
};
