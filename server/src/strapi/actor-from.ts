import { ACTIONS, actionId } from '../contracts/permissions';
import { parseQuery } from '../contracts/query';
import type { Actor } from '../domain/actor';
import { orThrow, stop } from './error';

/** What we read of a Koa context. */
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

/** Our ids, a user's number, a tenant's key. */
const ID = /^[a-z0-9-]{1,255}$/;

/**
 * An id in the path. What has another form names nothing, and no database gets to see it: PostgreSQL breaks off at a
 * NUL, MariaDB takes another case for the same.
 *
 * @throws NOT_FOUND
 */
export const idFrom = ({ params }: RequestContext, name = 'id'): string => {
  const id = params[name] ?? '';
  return ID.test(id) ? id : stop('NOT_FOUND');
};

/**
 * What came with a request whose URL carries no query.
 *
 * @throws UNKNOWN_FIELD
 */
export const bodyFrom = ({ query, request }: RequestContext): unknown => {
  orThrow(parseQuery(query, []));
  return request.body;
};

export const isSession = ({ auth }: RequestContext['state']): boolean => auth?.strategy?.name === 'admin';

/** The admin user who asks; for an admin token its owner, with no more rights than the token was given. */
export const adminFrom = ({ state }: Pick<RequestContext, 'state'>): Actor => {
  const id = Number(state.user?.id);
  if (!Number.isSafeInteger(id)) stop('FORBIDDEN');
  if (isSession(state)) return { type: 'user', id };
  const only = ACTIONS.map(({ uid }) => uid).filter((uid) => state.userAbility?.can(actionId(uid)) ?? false);
  return { type: 'user', id, only };
};

/**
 * The signed-in user who writes. Machines act as system actors, never as a person.
 *
 * @throws FORBIDDEN_TO_SEND for an admin token
 */
export const authorFrom = (ctx: RequestContext): Actor => {
  if (!isSession(ctx.state)) stop('FORBIDDEN_TO_SEND');
  return adminFrom(ctx);
};
