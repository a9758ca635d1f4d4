import { actionId, type Action } from '../contracts/permissions';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * An admin route of ours. Each carries the policies (a session or admin token, and one of the permissions)
 * and the middleware that answers refusals.
 *
 * @param actions holding any of them is enough; the service asks again with the tenant
 */
export const route = (method: Method, path: string, handler: string, actions: readonly Action[]) => ({
  method,
  path,
  handler,
  config: {
    policies: [
      'admin::isAuthenticatedAdmin',
      { name: 'plugin::mailboxes.holds-any', config: { actions: actions.map(actionId) } },
    ],
    middlewares: ['plugin::mailboxes.refusals'],
  },
});

/**
 * A content API route of ours. Strapi asks the token or role for the route's scope; whom the configuration binds to no
 * system actor is refused behind that.
 */
export const contentRoute = (method: Method, path: string, handler: string) => ({
  method,
  path,
  handler,
  config: { policies: ['plugin::mailboxes.is-verified'], middlewares: ['plugin::mailboxes.refusals'] },
});

interface PolicyContext {
  state?: { userAbility?: { can: (action: string) => boolean }; auth?: { strategy?: unknown } };
}

/** Strapi found out who asks, and asked for the scope: it does neither once a project sets the route's `auth` to false. */
export const isVerified = (ctx: unknown): boolean => (ctx as PolicyContext).state?.auth?.strategy !== undefined;

/** Strapi's own policy wants all of the actions; `tenants.manage` includes others (rules §6), so ours wants any. */
export const holdsAny = (ctx: unknown, { actions }: { actions: string[] }): boolean => {
  const ability = (ctx as PolicyContext).state?.userAbility;
  return ability !== undefined && actions.some((action) => ability.can(action));
};
