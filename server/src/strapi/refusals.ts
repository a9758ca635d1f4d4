import type { Core } from '@strapi/types';
import { isMailboxesError } from '../contracts/refused';
import { withoutValues } from './failed-statements';

type Middleware = ReturnType<Core.MiddlewareFactory> & object;

/**
 * Middleware of every route of the plugin: answers a refusal with its own status, where Strapi answers 400 to nearly every
 * ApplicationError. Strips the values of failed statements from other errors, because Strapi logs them.
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
