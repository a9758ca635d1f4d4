import supertest from 'supertest';
import type { App } from './strapi';

/* Callers of Strapi's content API: machines with an API token, and users of the plugin users-permissions. */

/** The scopes of the plugin's two routes. */
export const SUBMIT = 'plugin::mailboxes.content-api.submit';
export const FIND_ONE = 'plugin::mailboxes.content-api.findOne';

export type Caller = { token: string } | null;

export interface ApiToken {
  id: number;
  token: string;
}

let counter = 0;

/** One of Strapi's API tokens; `scopes` are those of a custom one. */
export const apiToken = async (
  { strapi }: App,
  name: string,
  {
    type = 'full-access',
    scopes = [],
  }: { type?: 'full-access' | 'read-only' | 'custom'; scopes?: readonly string[] } = {}
): Promise<ApiToken> => {
  const tokens = strapi.service('admin::api-token-content-api') as unknown as {
    create: (attributes: Record<string, unknown>) => Promise<{ id: number; accessKey: string }>;
  };
  const { id, accessKey } = await tokens.create({
    name,
    type,
    description: '',
    lifespan: null,
    kind: 'content-api',
    ...(type === 'custom' ? { permissions: scopes } : {}),
  });
  return { id, token: accessKey };
};

/** Enables these scopes for a role of users-permissions; creates a missing role. */
export const roleOf = async ({ strapi }: App, type: string, scopes: readonly string[] = []): Promise<number> => {
  const roles = strapi.db.query('plugin::users-permissions.role');
  // MariaDB compares without regard to case.
  const found = (await roles.findMany({ where: { type } })).find((role: { type: string }) => role.type === type);
  const { id } = found ?? (await roles.create({ data: { name: type, type, description: '' } }));
  for (const action of scopes)
    await strapi.db.query('plugin::users-permissions.permission').create({ data: { action, role: id } });
  return id as number;
};

/** A user of users-permissions with this role, signed in. */
export const visitor = async (
  { strapi }: App,
  role: number,
  differs: Record<string, unknown> = {}
): Promise<{ id: number; token: string }> => {
  const name = `visitor-${(counter += 1)}`;
  const { id } = await strapi.db.query('plugin::users-permissions.user').create({
    data: { username: name, email: `${name}@reader.example`, confirmed: true, blocked: false, role, ...differs },
  });
  const jwt = strapi.plugin('users-permissions').service('jwt') as {
    issue: (payload: object) => string | Promise<string>;
  };
  return { id: id as number, token: await jwt.issue({ id }) };
};

const asked = (test: supertest.Test, caller: Caller): supertest.Test =>
  caller ? test.set('Authorization', `Bearer ${caller.token}`) : test;

/** The content API as this caller; null: without authentication. */
export const contentApi = ({ strapi }: App, caller: Caller) => ({
  post: (body?: unknown, url = '/submissions') =>
    asked(supertest(strapi.server.httpServer).post(`/api/mailboxes${url}`), caller).send(body as object),
  get: (url: string) => asked(supertest(strapi.server.httpServer).get(`/api/mailboxes${url}`), caller),
});

/** Creates the user `cat@reader.example` and lets anonymous callers request a new password. */
export const forgetfulVisitor = async (app: App): Promise<void> => {
  const role = await roleOf(app, 'public', ['plugin::users-permissions.auth.forgotPassword']);
  await visitor(app, role, { email: 'cat@reader.example', provider: 'local' });
};
