import { actionId, type Action } from '../contracts/permissions';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Defines an admin route with its policies (a session or admin token, and one of the permissions) and the middleware that
 * answers refusals.
 *
 * @param actions any of them is sufficient; the service checks again with the tenant
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

/** Defines the five routes of a noun whose actions all require the same permissions. */
export const nounRoutes = (noun: string, actions: readonly Action[]) => [
  route('GET', `/${noun}`, `${noun}.find`, actions),
  route('POST', `/${noun}`, `${noun}.create`, actions),
  route('GET', `/${noun}/:id`, `${noun}.findOne`, actions),
  route('PUT', `/${noun}/:id`, `${noun}.update`, actions),
  route('DELETE', `/${noun}/:id`, `${noun}.delete`, actions),
];

/** Defines a content API route. Strapi checks the scope; the controller refuses tokens and roles without a system actor. */
export const contentRoute = (method: Method, path: string, handler: string) => ({
  method,
  path,
  handler,
  config: { policies: ['plugin::mailboxes.is-verified'], middlewares: ['plugin::mailboxes.refusals'] },
});

interface PolicyContext {
  state?: { userAbility?: { can: (action: string) => boolean }; auth?: { strategy?: unknown } };
}

/** Refuses a request that Strapi has not authenticated, because a project set the route's `auth` to false. */
export const isVerified = (ctx: unknown): boolean => (ctx as PolicyContext).state?.auth?.strategy !== undefined;

/** Requires any of the actions; Strapi's own policy requires all, but `tenants.manage` includes others (rules §6). */
export const holdsAny = (ctx: unknown, { actions }: { actions: string[] }): boolean => {
  const ability = (ctx as PolicyContext).state?.userAbility;
  return ability !== undefined && actions.some((action) => ability.can(action));
};
