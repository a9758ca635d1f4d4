import { PLUGIN_ID } from './plugin-id';

/** Below the admin panel's own address. */
export const COMPOSE_PATH = `/plugins/${PLUGIN_ID}`;
export const OUTBOX_PATH = `${COMPOSE_PATH}/submissions`;
export const DRAFTS_PATH = `${COMPOSE_PATH}/drafts`;
export const SETTINGS_PATH = `/settings/${PLUGIN_ID}`;

/** A stored draft in the form. */
export const composeOf = (draft: string): string => `${COMPOSE_PATH}?${new URLSearchParams({ draft }).toString()}`;

/** The access overview with a mailbox, or a user, chosen. */
export const accessOf = (of: { mailbox: string } | { user: number; tenant: string }): string =>
  `${SETTINGS_PATH}/access?${new URLSearchParams(
    'mailbox' in of ? { by: 'mailbox', ...of } : { by: 'person', user: String(of.user), tenant: of.tenant }
  ).toString()}`;
