import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/types';
import type { GuardMode } from '../contracts/guard';
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

/** Beneath the guard: what a provider calls to do its work was looked at already, and so was what the outbox sends. */
const passing = new AsyncLocalStorage<true>();

type Send = Provider['send'];

/** What a wrapped provider keeps: the very object that Strapi made, and what sends beneath the guard. */
interface Beneath {
  inner: Provider;
  send: Send;
}

type Wrapped = Provider & { [WRAPPED]: Beneath };

/** An own property: what somebody derives from a wrapped provider is not one. */
const isWrapped = (provider: object): provider is Wrapped => Object.hasOwn(provider, WRAPPED);

/**
 * The provider that Strapi made. What else it can do (verify, close …) stays what it was; who replaces `send` replaces
 * what is beneath the guard.
 */
const wrap = (inner: Provider, guarded: GuardedSend): Provider => {
  let below: Send = (options) => inner.send(options);
  const pass =
    (send: Send): Send =>
    (options) =>
      passing.run(true, async () => send(options));
  const guard = (send: Send): Send => {
    const door: Send = (options) => (passing.getStore() ? send(options) : guarded(options, pass(send), door));
    return door;
  };
  let door = guard(below);
  const beneath: Beneath = { inner, send: (options) => pass(below)(options) };
  return Object.create(inner, {
    [WRAPPED]: { value: beneath },
    send: {
      configurable: true,
      enumerable: true,
      get: () => door,
      set: (send: Send) => {
        below = send;
        door = guard(send);
      },
    },
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

/** Sends over Strapi's provider beneath the guard: what comes from the outbox was decided already. */
export const sendBeneath = (strapi: Core.Strapi, options: unknown): Promise<unknown> => {
  const { provider } = emailOf(strapi);
  if (!provider) throw new Error('[mailboxes] Strapi has no e-mail provider');
  return isWrapped(provider) ? provider[WRAPPED].send(options) : provider.send(options);
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
const guardProvider = (strapi: Core.Strapi, guarded: GuardedSend): (() => void) => {
  const email = emailOf(strapi);
  let current = email.provider;
  const set = (provider: Provider | undefined): void => {
    current = provider && !isWrapped(provider) ? wrap(provider, guarded) : provider;
  };
  set(current);
  Object.defineProperty(email, 'provider', { configurable: true, enumerable: true, get: () => current, set });
  return () => {
    const value = current && isWrapped(current) ? current[WRAPPED].inner : current;
    Object.defineProperty(email, 'provider', { configurable: true, enumerable: true, writable: true, value });
  };
};

/**
 * `POST /email` of the admin API is open to whoever is signed in: with the guard it takes the permission to send.
 *
 * @returns puts back Strapi's own policies
 */
const closeOpenRoute = (strapi: Core.Strapi): (() => void) => {
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

const standing = new WeakMap<Core.Strapi, (() => void)[]>();

/** From before Strapi makes its e-mail provider; `off` leaves everything as Strapi made it. */
export const standGuard = (strapi: Core.Strapi, mode: GuardMode, guarded: GuardedSend): void => {
  if (mode === 'off' || standing.has(strapi)) return;
  standing.set(strapi, [guardProvider(strapi, guarded), ...(mode === 'enforce' ? [closeOpenRoute(strapi)] : [])]);
};

/** Puts everything back. */
export const leaveGuard = (strapi: Core.Strapi): void => {
  for (const restore of standing.get(strapi) ?? []) restore();
  standing.delete(strapi);
};
