import type { ActorFacts } from './actor';

export type OwnAddressRule = 'off' | 'reply-to' | 'sender-and-reply-to';
export type DuplicatePolicy = 'own-name' | 'both' | 'mailbox-name';
export type SystemSenderRule = 'everyone' | 'when-nothing-else';
export type Members = 'everyone' | { users: readonly number[]; roles: readonly number[] };

export const DEFAULT_TENANT_KEY = 'default';

/** Rules that an operator sets for a tenant, with their defaults. */
export interface TenantRules {
  /** null: the limit of the configuration */
  mailboxLimit: number | null;
  /** Empty: any. */
  mailboxDomains: string[];
  /** 'off' */
  ownAddress: OwnAddressRule;
  /** Empty: any. */
  ownAddressDomains: string[];
  /** 'own-name' */
  duplicatePolicy: DuplicatePolicy;
  /** 'everyone' */
  systemSender: SystemSenderRule;
}

/** The fields of a tenant that the decision depends on (rules §6). */
export interface TenantFacts {
  /** documentId */
  id: string;
  key: string;
  name: string;
  members: Members;
  ownAddress: OwnAddressRule;
  /** Domains as A-labels; empty: any. */
  ownAddressDomains: readonly string[];
  duplicatePolicy: DuplicatePolicy;
  systemSender: SystemSenderRule;
  /** The tenant's override of the system mailbox, field by field (rules §3). */
  system: { name: string | null; email: string | null };
}

/** Tests for membership, which alone does not allow the actor to act in the tenant. */
export const isMember = (actor: ActorFacts, tenant: Pick<TenantFacts, 'key' | 'members'>): boolean => {
  if (actor.type === 'system') return actor.tenant === tenant.key;
  if (tenant.members === 'everyone') return true;
  const { users, roles } = tenant.members;
  return users.includes(actor.id) || roles.some((role) => actor.roles.includes(role));
};

/**
 * Returns the tenant of a request (rules §6): the named one; without a name the actor's only tenant, or, with several,
 * the default tenant if the actor is a member of it.
 *
 * @param tenants every tenant that the actor could be a member of, and the named one
 * @param named documentId or key
 * @returns null: `TENANT_MISMATCH`
 */
export const tenantOf = <T extends Pick<TenantFacts, 'id' | 'key' | 'members'>>(
  actor: ActorFacts,
  tenants: readonly T[],
  named: string | undefined
): T | null => {
  const mine = tenants.filter((tenant) => isMember(actor, tenant));
  if (named !== undefined) return mine.find(({ id, key }) => id === named || key === named) ?? null;
  if (mine.length === 1) return mine[0] ?? null;
  return mine.find(({ key }) => key === DEFAULT_TENANT_KEY) ?? null;
};
