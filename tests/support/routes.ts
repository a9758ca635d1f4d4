import supertest from 'supertest';
import type { App, Person } from './strapi';

/* The plugin's routes as registered at run time, so that tests cover later routes without a change here. */

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Caller = Pick<Person, 'token'> | null;
export type Params = Record<string, string>;

export interface Route {
  type: 'admin' | 'content-api';
  method: Method;
  /** As it is registered, with `:params`, behind the plugin's prefix. */
  path: string;
  config: {
    auth?: unknown;
    policies?: (string | { name: string; config: { actions: string[] } })[];
    middlewares?: unknown[];
  };
}

const PREFIX = { admin: '/mailboxes', 'content-api': '/api/mailboxes' } as const;

interface Router {
  type: Route['type'];
  routes: Omit<Route, 'type'>[];
}

export const routesOf = ({ strapi }: App): Route[] =>
  Object.values(strapi.plugin('mailboxes').routes as unknown as Record<string, Router>).flatMap(({ type, routes }) =>
    routes.map((route) => ({ ...route, type }))
  );

/** `GET /submissions/:id`; of the content API `GET /api/mailboxes/submissions/:id`. */
export const nameOf = ({ type, method, path }: Route): string =>
  `${method} ${type === 'admin' ? '' : PREFIX[type]}${path}`;

/** Routes of the HTTP server below the plugin's two prefixes, in the form of `nameOf`. */
export const servedNames = ({ strapi }: App): string[] =>
  (strapi.server.listRoutes() as unknown as { methods: string[]; path: string }[])
    .filter(({ path }) => Object.values(PREFIX).some((prefix) => path.startsWith(`${prefix}/`)))
    .flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${path.replace(/^\/mailboxes/, '')}`)
    );

export const paramsOf = ({ path }: Route): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => String(name));

/** The plugin's permissions of which a route requires one. */
export const actionsOf = ({ config }: Route): string[] =>
  (config.policies ?? []).flatMap((policy) => (typeof policy === 'string' ? [] : policy.config.actions));

/** @param params by name, percent-encoded where that is needed */
export const urlOf = ({ type, path }: Route, params: Params): string =>
  PREFIX[type] +
  path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`nobody said what ${name} is in ${path}`);
    return value;
  });

/** A request to any URL of this Strapi. */
export const request = (
  { strapi }: App,
  method: Method,
  url: string,
  caller: Caller,
  body?: unknown
): supertest.Test => {
  const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
  const test = supertest(strapi.server.httpServer)[verb](url);
  if (caller) test.set('Authorization', `Bearer ${caller.token}`);
  return body === undefined ? test : test.send(body as object);
};
