import type { Core } from '@strapi/types';
import supertest from 'supertest';
import { ACTIONS, actionId, type Action } from '../../server/src/contracts/permissions';
import type { Plugin } from '../../server/src/container';
import type { TestDatabase } from './database';
import { loadStrapi, type SiteOptions } from './load-strapi';
import { createDatabase } from './template';

export interface BootOptions extends SiteOptions {
  database?: TestDatabase;
}

type Services = Plugin['services'];

export interface Person {
  id: number;
  email: string;
  token: string;
  roles: number[];
}

/** A booted Strapi, as tests use it. */
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
/** Reads the log of its tenants. */
export const READER: readonly Action[] = [...EDITOR, 'log.read'];
/** Also cancels, retries and settles the submissions of others. */
export const KEEPER: readonly Action[] = [...READER, 'log.manage'];
export const EVERYTHING: readonly Action[] = ACTIONS.map(({ uid }) => uid);

/** The person as the services know it. */
export const actorOf = ({ id }: Pick<Person, 'id'>) => ({ type: 'user', id }) as const;

let counter = 0;

const tokenFor = async (strapi: Core.Strapi, userId: number): Promise<string> => {
  const sessions = strapi.sessionManager as unknown as (origin: string) => {
    generateRefreshToken: (user: string, device: string, options: { type: string }) => Promise<{ token: string }>;
    generateAccessToken: (refresh: string) => Promise<{ token: string }>;
  };
  const refresh = await sessions('admin').generateRefreshToken(String(userId), `test-${userId}`, { type: 'session' });
  return (await sessions('admin').generateAccessToken(refresh.token)).token;
};

/** Boots a real Strapi with the plugin's sources, on a fresh copy of an installed database or on the test's own. */
export const boot = async ({ database, ...site }: BootOptions = {}): Promise<App> => {
  const own = database ?? (await createDatabase());
  const logs: string[] = [];
  const strapi = await loadStrapi(own, site, logs).catch(async (error: unknown) => {
    if (!database) await own.drop();
    throw error;
  });
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
