import { ACTIONS, actionId } from '../contracts/permissions';
import { ID } from '../contracts/parse';
import { parseQuery } from '../contracts/query';
import type { Actor } from '../domain/actor';
import { orThrow, stop } from './error';

/** The used part of a Koa context. */
export interface RequestContext {
  state: {
    user?: { id: number | string };
    auth?: { strategy?: { name?: string }; credentials?: unknown };
    userAbility?: { can(action: string): boolean };
  };
  params: Record<string, string>;
  request: { body?: unknown; files?: unknown };
  req: { headersDistinct: Readonly<Record<string, string[] | undefined>> };
  query: unknown;
  status: number;
  body: unknown;
}

/**
 * Returns an id of the path. Other forms are refused before a query.
 *
 * @throws NOT_FOUND
 */
export const idFrom = ({ params }: RequestContext, name = 'id'): string => {
  const id = params[name] ?? '';
  return ID.test(id) ? id : stop('NOT_FOUND');
};

/**
 * Returns the body of a request without a query string.
 *
 * @throws UNKNOWN_FIELD for a query string
 */
export const bodyFrom = ({ query, request }: RequestContext): unknown => {
  orThrow(parseQuery(query, []));
  return request.body;
};

export const isSession = ({ auth }: RequestContext['state']): boolean => auth?.strategy?.name === 'admin';

/** Returns the admin user of a session, or the owner of an admin token with the permissions of the token. */
export const adminFrom = ({ state }: Pick<RequestContext, 'state'>): Actor => {
  const id = Number(state.user?.id);
  if (!Number.isSafeInteger(id)) stop('FORBIDDEN');
  if (isSession(state)) return { type: 'user', id };
  const only = ACTIONS.map(({ uid }) => uid).filter((uid) => state.userAbility?.can(actionId(uid)) ?? false);
  return { type: 'user', id, only };
};

/**
 * Returns the user of a session. Machines send as system actors, never as a user.
 *
 * @throws FORBIDDEN_TO_SEND for an admin token
 */
export const authorFrom = (ctx: RequestContext): Actor => {
  if (!isSession(ctx.state)) stop('FORBIDDEN_TO_SEND');
  return adminFrom(ctx);
};
