import path from 'node:path';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { adminFrom, isSession, type RequestContext } from '../strapi/actor-from';

interface HttpContext {
  method?: string;
  _matchedRoute?: unknown;
  state?: RequestContext['state'];
}

export interface Caller {
  /**
   * Hint for the operator: route, and nearest package or file in the stack. A plugin that sends for another one hides it,
   * so no decision may depend on the name.
   */
  name: string;
  /**
   * The signed-in admin user who submitted this mail; `token`: submitted with an admin token, which represents no user;
   * null: mail of the site.
   */
  author: Actor | 'token' | null;
}

const OPEN_ROUTE = 'POST /email';

/** `node_modules/@scope/name/…` → `@scope/name`; the innermost one counts. */
const packageOf = (file: string): string | null => {
  const at = Math.max(file.lastIndexOf('node_modules/'), file.lastIndexOf('node_modules\\'));
  const [name] = /^(?:@[^/\\]+[/\\])?[^/\\]+/.exec(at < 0 ? '' : file.slice(at + 'node_modules/'.length)) ?? [];
  return name === undefined ? null : name.replace(/\\/g, '/');
};

/** Packages in the stack of every request, which say nothing about the caller. */
const FRAMEWORK = /^(?:@strapi\/|koa|@koa\/)/;

/** `at name (file:///site/a.js:1:2)` → `file:///site/a.js` */
const fileOf = (frame: string): string => {
  const place = frame.search(/:\d+:\d+\)?$/);
  return frame
    .slice(0, Math.max(0, place))
    .split(/[\s()]/)
    .at(-1) as string;
};

/** Guesses the caller: the package or file of the first frame outside of Strapi's e-mail plugin. */
const moduleOf = (stack: string, root: string): string | null => {
  for (const line of stack.split('\n').slice(1)) {
    const file = fileOf(line);
    if (file === '' || file.startsWith('node:')) continue;
    const name = packageOf(file);
    if (name === '@strapi/email') continue;
    return name ?? path.relative(root, file.replace('file://', ''));
  }
  return null;
};

const authorOf = (state: HttpContext['state']): Caller['author'] => {
  if (!state?.user) return null;
  return isSession(state) ? adminFrom({ state }) : 'token';
};

/**
 * Returns the author of the current request, and a hint at the caller: the route, and the nearest package or file outside
 * of Strapi.
 *
 * @param below the stack is captured below this function
 */
export const callerOf = (strapi: Core.Strapi, below: (...args: never[]) => unknown): Caller => {
  const here = { stack: '' };
  Error.captureStackTrace(here, below);
  const ctx = strapi.requestContext.get() as HttpContext | undefined;
  const route =
    typeof ctx?._matchedRoute === 'string' ? `${ctx.method} ${ctx._matchedRoute.replace(/(?<=.)\/$/, '')}` : null;
  const module = moduleOf(here.stack, strapi.dirs.app.root);
  const known = [route, route !== null && module !== null && FRAMEWORK.test(module) ? null : module];
  const name =
    known
      .filter((part) => part !== null)
      .join(' · ')
      .slice(0, 255) || 'unknown';
  return { name, author: route === OPEN_ROUTE ? authorOf(ctx?.state) : null };
};
