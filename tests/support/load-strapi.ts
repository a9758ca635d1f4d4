import path from 'node:path';
import type { Core } from '@strapi/types';
import type { TestDatabase } from './database';
import { recordShapes } from './statements';

const APP = path.resolve(__dirname, '../app');

export interface SiteOptions {
  /** Configuration of the plugin. */
  config?: Record<string, unknown>;
  /** Configuration of Strapi's Email plugin. */
  email?: Record<string, unknown>;
  encryptionKey?: string | null;
  /** Strapi's `server.url`. */
  url?: string;
  disabled?: boolean;
  /** Enables Strapi's plugin for users of the content API. */
  usersPermissions?: boolean;
  /** Adds a content type of the host, with relations to ours and to `usersPermissions`' users. */
  articles?: boolean;
  /** Folder of the application: of another revision's, for example. */
  folder?: string;
  /** Runs before Strapi loads, as a project's `register` does. */
  project?: (strapi: Core.Strapi) => void;
}

/**
 * Loads a Strapi with the plugin's sources on this database.
 *
 * @param logs receives each entry of its log, as JSON
 */
export const loadStrapi = async (
  database: TestDatabase,
  {
    config = {},
    email,
    encryptionKey = 'test-encryption-key',
    url = '',
    disabled = false,
    usersPermissions = false,
    articles = false,
    folder = APP,
    project,
  }: SiteOptions = {},
  logs: string[] = []
): Promise<Core.Strapi> => {
  process.env.TEST_CONNECTION = JSON.stringify(database.connection);
  // No wait for the undo window, unless the test is about it.
  const delivery = { undoSeconds: 0, ...(config.delivery as object | undefined) };
  process.env.TEST_PLUGIN_CONFIG = JSON.stringify({ ...config, delivery });
  process.env.TEST_EMAIL_CONFIG = JSON.stringify(email ?? { settings: { defaultFrom: 'system@site.example' } });
  process.env.TEST_ENCRYPTION_KEY = encryptionKey ?? '';
  process.env.TEST_SERVER_URL = url;
  process.env.TEST_PLUGIN_DISABLED = String(disabled);
  process.env.TEST_USERS_PERMISSIONS = String(usersPermissions);
  process.env.TEST_HOST_TYPES = String(articles);
  process.env.STRAPI_TELEMETRY_DISABLED = 'true';
  const { createStrapi } = require('@strapi/strapi') as typeof import('@strapi/strapi');
  const strapi = createStrapi({ appDir: folder, distDir: folder, serveAdminPanel: false, autoReload: false });
  const logger = strapi.log as unknown as { on: (event: 'data', listener: (entry: object) => void) => void };
  logger.on('data', (entry) => logs.push(JSON.stringify(entry)));
  try {
    project?.(strapi);
    await strapi.load();
  } catch (error) {
    await strapi.destroy().catch(() => undefined);
    throw error;
  }
  recordShapes(strapi);
  return strapi;
};
