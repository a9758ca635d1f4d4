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
   * Hint for an operator: route, and nearest package or file in the stack. A plugin that sends for another is named in
   * its place, so that no decision may depend on it.
   */
  name: string;
  /**
   * The admin user who is signed in and handed in this very mail; `token`: it came with an admin token, which acts as no
   * person; null: the mail is the site's.
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

/** What every request runs through: says nothing about who calls. */
const FRAMEWORK = /^(?:@strapi\/|koa|@koa\/)/;

/** `at name (file:///site/a.js:1:2)` → `file:///site/a.js` */
const fileOf = (frame: string): string => {
  const place = frame.search(/:\d+:\d+\)?$/);
  return frame
    .slice(0, Math.max(0, place))
    .split(/[\s()]/)
    .at(-1) as string;
};

/** Returns the package or file of the first frame that is not Strapi's e-mail plugin: a best guess. */
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
 * Returns the author by the request, and a hint at the caller: the route, and the nearest package or file that is not
 * Strapi itself.
 *
 * @param below frames above this function, itself included, are left out
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
