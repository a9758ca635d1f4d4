import type { Core } from '@strapi/types';
import { actionId } from '../contracts/permissions';

/** Strapi's e-mail provider, as far as it is wrapped. */
export interface Provider {
  send(options: unknown): Promise<unknown>;
}

/**
 * @param send as Strapi would have sent it
 * @param door what was called: the stack below it is the caller's
 */
export type GuardedSend = (
  options: unknown,
  send: (options: unknown) => Promise<unknown>,
  door: (...args: never[]) => unknown
) => Promise<unknown>;

const WRAPPED = Symbol.for('mailboxes.wrapped');

type Wrapped = Provider & { [WRAPPED]: Provider };

const isWrapped = (provider: object): provider is Wrapped => WRAPPED in provider;

/** The provider that Strapi made. What else it can do (verify, close …) stays what it was. */
const wrap = (inner: Provider, guarded: GuardedSend): Provider => {
  const send = (options: unknown): Promise<unknown> => guarded(options, async (all) => inner.send(all), send);
  return Object.create(inner, {
    [WRAPPED]: { value: inner },
    send: { value: send, writable: true, configurable: true, enumerable: true },
  }) as Provider;
};

interface EmailPlugin {
  provider?: Provider;
  routes: { admin?: { routes: EmailRoute[] } };
}

interface EmailRoute {
  handler: string;
  config?: { policies?: unknown[] };
}

const emailOf = (strapi: Core.Strapi): EmailPlugin => strapi.plugin('email') as unknown as EmailPlugin;

/** Strapi's own provider, whatever is around it. */
export const innerProvider = (strapi: Core.Strapi): Provider | undefined => {
  const { provider } = emailOf(strapi);
  return provider && isWrapped(provider) ? provider[WRAPPED] : provider;
};

export const isGuarded = (strapi: Core.Strapi): boolean => {
  const { provider } = emailOf(strapi);
  return provider !== undefined && isWrapped(provider);
};

/**
 * Wraps the provider once, and whatever is put in its place: before Strapi made it, so that nobody gets hold of
 * another.
 *
 * @returns puts back the very object that Strapi made
 */
export const guardProvider = (strapi: Core.Strapi, guarded: GuardedSend): (() => void) => {
  const email = emailOf(strapi);
  let current = email.provider;
  const set = (provider: Provider | undefined): void => {
    current = provider && !isWrapped(provider) ? wrap(provider, guarded) : provider;
  };
  set(current);
  Object.defineProperty(email, 'provider', { configurable: true, enumerable: true, get: () => current, set });
  return () => {
    const inner = innerProvider(strapi);
    Object.defineProperty(email, 'provider', { configurable: true, enumerable: true, writable: true, value: inner });
  };
};

/**
 * `POST /email` of the admin API is open to whoever is signed in: with the guard it takes the permission to send.
 *
 * @returns puts back Strapi's own policies
 */
export const closeOpenRoute = (strapi: Core.Strapi): (() => void) => {
  const email = emailOf(strapi);
  const { routes } = email;
  const { admin } = routes;
  if (!admin?.routes.some(({ handler }) => handler === 'email.send')) {
    strapi.log.warn(
      '[mailboxes] the route POST /email of the e-mail plugin was not found: who may call it is not asked'
    );
    return () => undefined;
  }
  const permitted = { name: 'plugin::mailboxes.holds-any', config: { actions: [actionId('communication.send')] } };
  // Copies: Strapi's own objects are shared by every instance in the process.
  email.routes = {
    ...routes,
    admin: {
      ...admin,
      routes: admin.routes.map((route) =>
        route.handler === 'email.send'
          ? { ...route, config: { ...route.config, policies: [...(route.config?.policies ?? []), permitted] } }
          : route
      ),
    },
  };
  return () => void (email.routes = routes);
};
