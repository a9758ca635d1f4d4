import path from 'node:path';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { adminFrom, type RequestContext } from '../strapi/actor-from';

interface HttpContext {
  method?: string;
  _matchedRoute?: unknown;
  state?: RequestContext['state'];
}

export interface Caller {
  /** In words that an operator can look for. */
  name: string;
  /** Who is signed in to the admin, and handed in this very mail; null: the mail is the site's. */
  author: Actor | null;
}

const OPEN_ROUTE = 'POST /email';

/** `node_modules/@scope/name/…` → `@scope/name`; the innermost one counts. */
const packageOf = (file: string): string | null => {
  const [, name] = /.*node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(file) ?? [];
  return name === undefined ? null : name.replace(/\\/g, '/');
};

/** What every request runs through: says nothing about who calls. */
const FRAMEWORK = /^(?:@strapi\/|koa|@koa\/)/;

/** Where the call comes from: the first frame that is not Strapi's e-mail plugin. */
const moduleOf = (stack: string, root: string): string | null => {
  for (const line of stack.split('\n').slice(1)) {
    const [, file] = /\(?((?:file:\/\/)?[^\s()]+):\d+:\d+\)?$/.exec(line) ?? [];
    if (file === undefined || file.startsWith('node:')) continue;
    const name = packageOf(file);
    if (name === '@strapi/email') continue;
    return name ?? path.relative(root, file.replace('file://', ''));
  }
  return null;
};

/**
 * Who calls: the route of the request, and the package or file of the application, where it is not Strapi itself.
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
  const state = ctx?.state;
  const author = route === OPEN_ROUTE && state?.user ? adminFrom({ state }) : null;
  return { name, author };
};
