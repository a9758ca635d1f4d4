import type { Actor } from '../domain/actor';
import { refusal } from '../domain/refusal';
import { MailboxesError, stop } from './error';

/** What we read of a Koa context. */
export interface RequestContext {
  state: { user?: { id: number | string }; auth?: { strategy?: { name?: string } } };
  params: Record<string, string>;
  request: { body?: unknown };
  query: unknown;
  status: number;
  body: unknown;
}

/** The admin user who asks; for an admin token its owner, whose rights the token can only narrow. */
export const adminFrom = ({ state }: RequestContext): Actor => {
  const id = Number(state.user?.id);
  if (!Number.isSafeInteger(id)) throw new MailboxesError(refusal('FORBIDDEN'));
  return { type: 'user', id };
};

/**
 * The signed-in user who writes. Machines act as system actors, never as a person.
 *
 * @throws FORBIDDEN_TO_SEND for an admin token
 */
export const authorFrom = (ctx: RequestContext): Actor => {
  if (ctx.state.auth?.strategy?.name !== 'admin') stop('FORBIDDEN_TO_SEND');
  return adminFrom(ctx);
};
