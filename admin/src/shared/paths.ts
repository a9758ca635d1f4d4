import { PLUGIN_ID } from './plugin-id';

/** Paths below the URL of the admin panel. */
export const COMPOSE_PATH = `/plugins/${PLUGIN_ID}`;
export const OUTBOX_PATH = `${COMPOSE_PATH}/submissions`;
export const DRAFTS_PATH = `${COMPOSE_PATH}/drafts`;
export const SETTINGS_PATH = `/settings/${PLUGIN_ID}`;

/** Path of the form with a stored draft. */
export const composeOf = (draft: string): string => `${COMPOSE_PATH}?${new URLSearchParams({ draft }).toString()}`;

/** Path of the access overview of a mailbox or a user. */
export const accessOf = (of: { mailbox: string } | { user: number; tenant: string }): string =>
  `${SETTINGS_PATH}/access?${new URLSearchParams(
    'mailbox' in of ? { by: 'mailbox', ...of } : { by: 'person', user: String(of.user), tenant: of.tenant }
  ).toString()}`;
