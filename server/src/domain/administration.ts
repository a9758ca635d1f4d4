import type { RefusalCode } from './refusal';

/** Actions of administration; `tenants.manage` applies in every tenant and includes the others (rules §6). */
export type AdminAction =
  | 'mailboxes.read'
  | 'mailboxes.create'
  | 'mailboxes.update'
  | 'mailboxes.delete'
  | 'grants.manage'
  | 'log.read'
  | 'log.manage'
  | 'guard.read'
  | 'tenants.manage';

/** The current permissions of an actor that administers. */
export interface Administrator {
  /** Actions of its roles; `'all'`: the reserved actor `operator`. */
  actions: 'all' | ReadonlySet<AdminAction>;
  /** documentIds of the tenants that it is a member of. */
  tenants: ReadonlySet<string>;
}

/** Every system actor except `operator`; a user that is deleted, blocked or inactive. */
export const NO_ADMINISTRATOR: Administrator = { actions: new Set(), tenants: new Set() };

export const managesTenants = ({ actions }: Administrator): boolean =>
  actions === 'all' || actions.has('tenants.manage');

/** Tests whether it has the action in any tenant. */
export const holds = (admin: Administrator, action: AdminAction): boolean =>
  managesTenants(admin) || (admin.actions !== 'all' && admin.actions.has(action));

/** `mailboxes.*`, `grants.manage`, `log.*` apply in the tenants that it is a member of; `tenants.manage` in every tenant. */
export const administers = (admin: Administrator, tenant: string): boolean =>
  managesTenants(admin) || admin.tenants.has(tenant);

/**
 * Decides whether it may apply `action` to an entry of `tenant`.
 *
 * @param tenant documentId; null: the entry does not exist
 * @returns null, `FORBIDDEN` (permission missing) or `NOT_FOUND` (outside its tenants)
 */
export const mayAdminister = (
  admin: Administrator,
  action: AdminAction,
  tenant: string | null
): Extract<RefusalCode, 'FORBIDDEN' | 'NOT_FOUND'> | null => {
  if (!holds(admin, action)) return 'FORBIDDEN';
  return tenant !== null && administers(admin, tenant) ? null : 'NOT_FOUND';
};
