import { PLUGIN_ID } from './plugin-id';

/** Below the admin panel's own address. */
export const COMPOSE_PATH = `/plugins/${PLUGIN_ID}`;
export const OUTBOX_PATH = `${COMPOSE_PATH}/submissions`;
