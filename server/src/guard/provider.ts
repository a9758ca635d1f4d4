import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/types';
import type { GuardMode } from '../contracts/guard';
import { actionId } from '../contracts/permissions';

/** The wrapped part of Strapi's e-mail provider. */
export interface Provider {
  send(options: unknown): Promise<unknown>;
}

/**
 * @param send sends as Strapi would have
 * @param entry the called function; the stack below it is the caller's
 */
export type GuardedSend = (
  options: unknown,
  send: (options: unknown) => Promise<unknown>,
  entry: (...args: never[]) => unknown
) => Promise<unknown>;

const WRAPPED = Symbol.for('mailboxes.wrapped');

/** Set while a guarded call or the outbox sends, so that nested provider calls bypass the guard. */
const insideGuard = new AsyncLocalStorage<true>();

type Send = Provider['send'];

/** Strapi's own provider, and its unguarded `send`. */
interface Unguarded {
  inner: Provider;
  send: Send;
}

type Wrapped = Provider & { [WRAPPED]: Unguarded };

/** Checks an own property: an object derived from a wrapped provider is not wrapped. */
const isWrapped = (provider: object): provider is Wrapped => Object.hasOwn(provider, WRAPPED);

/**
 * Wraps the provider that Strapi made. Other methods (verify, close …) are passed through. Assigning `send` replaces the
 * inner implementation, not the guard.
 */
const wrap = (inner: Provider, guarded: GuardedSend): Provider => {
  let innerSend: Send = (options) => inner.send(options);
  const bypass =
    (send: Send): Send =>
    (options) =>
      insideGuard.run(true, async () => send(options));
  const guard = (send: Send): Send => {
    const entry: Send = (options) => (insideGuard.getStore() ? send(options) : guarded(options, bypass(send), entry));
    return entry;
  };
  let entry = guard(innerSend);
  const unguarded: Unguarded = { inner, send: (options) => bypass(innerSend)(options) };
  return Object.create(inner, {
    [WRAPPED]: { value: unguarded },
    send: {
      configurable: true,
      enumerable: true,
      get: () => entry,
      set: (send: Send) => {
        innerSend = send;
        entry = guard(send);
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

/** Sends over Strapi's provider without the guard, for the outbox, whose mail is already decided. */
export const sendUnguarded = (strapi: Core.Strapi, options: unknown): Promise<unknown> => {
  const { provider } = emailOf(strapi);
  if (!provider) throw new Error('[mailboxes] Strapi has no e-mail provider');
  return isWrapped(provider) ? provider[WRAPPED].send(options) : provider.send(options);
};

export const isGuarded = (strapi: Core.Strapi): boolean => {
  const { provider } = emailOf(strapi);
  return provider !== undefined && isWrapped(provider);
};

/**
 * Wraps the provider, and each later replacement. Installed before Strapi creates it, so that no code gets an unguarded
 * reference.
 *
 * @returns a function that restores the object that Strapi made
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
 * Requires the permission to send for `POST /email` of the admin API, which Strapi opens to every admin user.
 *
 * @returns a function that restores Strapi's own policies
 */
const closeOpenRoute = (strapi: Core.Strapi): (() => void) => {
  const email = emailOf(strapi);
  const { routes } = email;
  const { admin } = routes;
  if (!admin?.routes.some(({ handler }) => handler === 'email.send')) {
    strapi.log.warn(
      '[mailboxes] the route POST /email of the e-mail plugin was not found: every admin user may call it'
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

const restores = new WeakMap<Core.Strapi, (() => void)[]>();

/** Call before Strapi makes its e-mail provider; `off` changes nothing. */
export const installGuard = (strapi: Core.Strapi, mode: GuardMode, guarded: GuardedSend): void => {
  if (mode === 'off' || restores.has(strapi)) return;
  restores.set(strapi, [guardProvider(strapi, guarded), ...(mode === 'enforce' ? [closeOpenRoute(strapi)] : [])]);
};

/** Restores Strapi's provider and policies. */
export const removeGuard = (strapi: Core.Strapi): void => {
  for (const restore of restores.get(strapi) ?? []) restore();
  restores.delete(strapi);
};
