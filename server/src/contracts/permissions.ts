/* Permission actions: public API, never renamed (contract "Admin API"). An action without effect is not registered. */
export const PLUGIN_ID = 'mailboxes';

export const ACTIONS = [
  { uid: 'communication.send', displayName: 'Send', subCategory: 'communication' },
  { uid: 'log.read', displayName: 'Read all submissions', subCategory: 'log' },
  { uid: 'log.manage', displayName: 'Cancel, retry and settle submissions of others', subCategory: 'log' },
  { uid: 'mailboxes.read', displayName: 'Read', subCategory: 'mailboxes' },
  { uid: 'mailboxes.create', displayName: 'Create', subCategory: 'mailboxes' },
  { uid: 'mailboxes.update', displayName: 'Update', subCategory: 'mailboxes' },
  { uid: 'mailboxes.delete', displayName: 'Delete', subCategory: 'mailboxes' },
  { uid: 'grants.manage', displayName: 'Manage who may use a mailbox', subCategory: 'grants' },
  { uid: 'tenants.manage', displayName: 'Manage tenants and rules', subCategory: 'tenants' },
  { uid: 'guard.read', displayName: "Read what Strapi's own mail sends as", subCategory: 'guard' },
] as const;

export type Action = (typeof ACTIONS)[number]['uid'];

export const actionId = (action: Action): string => `plugin::${PLUGIN_ID}.${action}`;
