import type { RefusalCode } from './refusal';

/** Actions of administration; `tenants.manage` holds everywhere and includes the others (rules §6). */
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

/** Who administers, with the rights of this moment. */
export interface Administrator {
  /** Actions it holds through a role it has now; `'all'`: the reserved actor `operator`. */
  actions: 'all' | ReadonlySet<AdminAction>;
  /** documentIds of the tenants it is a member of. */
  tenants: ReadonlySet<string>;
}

/** Any system actor but `operator`, and a user who is gone, blocked or not active. */
export const NO_ADMINISTRATOR: Administrator = { actions: new Set(), tenants: new Set() };

export const managesTenants = ({ actions }: Administrator): boolean =>
  actions === 'all' || actions.has('tenants.manage');

/** Does it hold the action anywhere? */
export const holds = (admin: Administrator, action: AdminAction): boolean =>
  managesTenants(admin) || (admin.actions !== 'all' && admin.actions.has(action));

/** `mailboxes.*`, `grants.manage`, `log.*` hold in the tenants it is a member of; `tenants.manage` everywhere. */
export const administers = (admin: Administrator, tenant: string): boolean =>
  managesTenants(admin) || admin.tenants.has(tenant);

/**
 * May it do `action` to something of `tenant`?
 *
 * @param tenant documentId; null: there is no such thing
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
