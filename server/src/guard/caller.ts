import path from 'node:path';
import type { Core } from '@strapi/types';

interface HttpContext {
  method?: string;
  _matchedRoute?: unknown;
}

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
 * Who calls, in words that an operator can look for: the route of the request, and the package or file of the
 * application, where it is not Strapi itself.
 *
 * @param below frames above this function, itself included, are left out
 */
export const callerOf = (strapi: Core.Strapi, below: (...args: never[]) => unknown): string => {
  const here = { stack: '' };
  Error.captureStackTrace(here, below);
  const ctx = strapi.requestContext.get() as HttpContext | undefined;
  const route =
    typeof ctx?._matchedRoute === 'string' ? `${ctx.method} ${ctx._matchedRoute.replace(/(?<=.)\/$/, '')}` : null;
  const module = moduleOf(here.stack, strapi.dirs.app.root);
  const known = [route, route !== null && module !== null && FRAMEWORK.test(module) ? null : module];
  return (
    known
      .filter((part) => part !== null)
      .join(' · ')
      .slice(0, 255) || 'unknown'
  );
};
