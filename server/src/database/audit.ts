import type { Actor } from '../domain/actor';
import type { Queries } from './dialect';
import { TABLES } from './tables';

export interface AuditEntry {
  actor: Actor;
  /** noun.verb, in the past: `mailbox.created` */
  action: string;
  /** documentId */
  tenant: string | null;
  /** documentId of what it was done to */
  object: string;
  /** Ids, states and codes; never a secret, a body or a recipient. */
  details?: Record<string, unknown>;
}

/** Keeps who did what, in the transaction in which it was done. */
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
