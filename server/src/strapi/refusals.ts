import type { Core } from '@strapi/types';
import { isMailboxesError } from '../contracts/refused';
import { withoutValues } from './failed-statements';

type Middleware = ReturnType<Core.MiddlewareFactory> & object;

/**
 * Turns a refusal into the HTTP answer. Strapi answers 400 to nearly every ApplicationError, so this route
 * middleware, carried by every route of ours, is the only place that knows better. What is no refusal leaves without
 * the values of a statement that failed, because Strapi logs it.
 */
export const refusals: Core.MiddlewareFactory = () =>
  (async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!isMailboxesError(error)) throw withoutValues(error);
      const { status, name, message, details } = error;
      ctx.status = status;
      ctx.body = { data: null, error: { status, name, message, details } };
      const wait = details.retryAfterSeconds;
      if (typeof wait === 'number') ctx.set('Retry-After', String(wait));
    }
  }) as Middleware;
