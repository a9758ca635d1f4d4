import path from 'node:path';
import type { Core } from '@strapi/types';
import supertest from 'supertest';
import { ACTIONS, actionId, type Action } from '../../server/src/contracts/permissions';
import type { Plugin } from '../../server/src/compose';
import { createDatabase, type TestDatabase } from './database';

const APP = path.resolve(__dirname, '../app');

export interface BootOptions {
  /** The plugin's configuration. */
  config?: Record<string, unknown>;
  /** The e-mail plugin's. */
  email?: Record<string, unknown>;
  encryptionKey?: string | null;
  database?: TestDatabase;
  disabled?: boolean;
  /** Strapi's plugin for users of the content API is there. */
  usersPermissions?: boolean;
  /** The host has a content type of its own, with relations to ours and to `usersPermissions`' users. */
  articles?: boolean;
  /** What the project brings along, before Strapi loads. */
  project?: (strapi: Core.Strapi) => void;
}

type Services = Plugin['services'];

export interface Person {
  id: number;
  email: string;
  token: string;
  roles: number[];
}

type Body = Record<string, unknown>;

/** What a test can do with a booted Strapi. */
export interface App {
  strapi: Core.Strapi;
  database: TestDatabase;
  service: <K extends keyof Services>(name: K) => Services[K];
  role: (actions: readonly Action[], name?: string) => Promise<number>;
  person: (options?: {
    firstname?: string;
    lastname?: string;
    email?: string;
    roles?: number[];
    actions?: readonly Action[];
  }) => Promise<Person>;
  superAdmin: () => Promise<Person>;
  /** An HTTP request to the admin API, as this person. */
  as: (person: Pick<Person, 'token'> | null) => {
    get: (url: string) => supertest.Test;
    post: (url: string, body?: unknown) => supertest.Test;
    put: (url: string, body?: unknown) => supertest.Test;
    delete: (url: string) => supertest.Test;
  };
  logs: string[];
  /** Shuts down; the database stays if the test brought it. */
  stop: () => Promise<void>;
}

export const OPERATOR = { type: 'system', name: 'operator' } as const;

export const EDITOR: readonly Action[] = ['communication.send'];
export const MANAGER: readonly Action[] = [
  'mailboxes.read',
  'mailboxes.create',
  'mailboxes.update',
  'mailboxes.delete',
  'grants.manage',
];
export const EVERYTHING: readonly Action[] = ACTIONS.map(({ uid }) => uid);

let counter = 0;

const tokenFor = async (strapi: Core.Strapi, userId: number): Promise<string> => {
  const sessions = strapi.sessionManager as unknown as (origin: string) => {
    generateRefreshToken: (user: string, device: string, options: { type: string }) => Promise<{ token: string }>;
    generateAccessToken: (refresh: string) => Promise<{ token: string }>;
  };
  const refresh = await sessions('admin').generateRefreshToken(String(userId), `test-${userId}`, { type: 'session' });
  return (await sessions('admin').generateAccessToken(refresh.token)).token;
};

/** Boots a real Strapi with the plugin's sources on an empty database. */
export const boot = async ({
  config = {},
  email,
  encryptionKey = 'test-encryption-key',
  database,
  disabled = false,
  usersPermissions = false,
  articles = false,
  project,
}: BootOptions = {}): Promise<App> => {
  const own = database ?? (await createDatabase());
  process.env.TEST_CONNECTION = JSON.stringify(own.connection);
  // Nobody waits for the undo window, unless the test is about it.
  const delivery = { undoSeconds: 0, ...(config.delivery as object | undefined) };
  process.env.TEST_PLUGIN_CONFIG = JSON.stringify({ ...config, delivery });
  process.env.TEST_EMAIL_CONFIG = JSON.stringify(email ?? { settings: { defaultFrom: 'system@site.example' } });
  process.env.TEST_ENCRYPTION_KEY = encryptionKey ?? '';
  process.env.TEST_PLUGIN_DISABLED = String(disabled);
  process.env.TEST_USERS_PERMISSIONS = String(usersPermissions);
  process.env.TEST_HOST_TYPES = String(articles);
  process.env.STRAPI_TELEMETRY_DISABLED = 'true';
  const { createStrapi } = require('@strapi/strapi') as typeof import('@strapi/strapi');
  const strapi = createStrapi({ appDir: APP, distDir: APP, serveAdminPanel: false, autoReload: false });
  const logs: string[] = [];
  const logger = strapi.log as unknown as { on: (event: 'data', listener: (entry: Body) => void) => void };
  logger.on('data', (entry) => logs.push(JSON.stringify(entry)));
  try {
    project?.(strapi);
    await strapi.load();
  } catch (error) {
    await strapi.destroy().catch(() => undefined);
    if (!database) await own.drop();
    throw error;
  }
  strapi.server.mount();

  const role: App['role'] = async (actions, name = `role-${(counter += 1)}`) => {
    const created = await strapi.db
      .query('admin::role')
      .create({ data: { name, code: `${name}-${(counter += 1)}`, description: '' } });
    for (const action of actions)
      await strapi.db.query('admin::permission').create({
        data: {
          action: actionId(action),
          subject: null,
          properties: {},
          conditions: [],
          actionParameters: {},
          role: created.id,
        },
      });
    return created.id as number;
  };

  const person: App['person'] = async ({ firstname, lastname, email: address, roles, actions = EDITOR } = {}) => {
    const email_ = address ?? `user-${(counter += 1)}@site.example`;
    const ids = roles ?? [await role(actions)];
    const user = await strapi.service('admin::user').create({
      email: email_,
      firstname: firstname ?? 'Ada',
      lastname: lastname ?? null,
      password: 'Passw0rd!',
      isActive: true,
      registrationToken: null,
      roles: ids,
    });
    return { id: user.id, email: email_, token: await tokenFor(strapi, user.id), roles: ids };
  };

  const request =
    (method: 'get' | 'post' | 'put' | 'delete', caller: Pick<Person, 'token'> | null) =>
    (url: string, body?: unknown) => {
      const test = supertest(strapi.server.httpServer)[method](`/mailboxes${url}`);
      if (caller) test.set('Authorization', `Bearer ${caller.token}`);
      return body === undefined ? test : test.send(body as object);
    };

  return {
    strapi,
    database: own,
    service: (name) => strapi.plugin('mailboxes').service(name) as never,
    role,
    person,
    superAdmin: async () => {
      const found = await strapi.db.query('admin::role').findOne({ where: { code: 'strapi-super-admin' } });
      return person({ roles: [found.id], firstname: 'Root' });
    },
    as: (caller) => ({
      get: request('get', caller),
      post: request('post', caller),
      put: request('put', caller),
      delete: request('delete', caller),
    }),
    logs,
    stop: async () => {
      await strapi.destroy();
      if (!database) await own.drop();
    },
  };
};
