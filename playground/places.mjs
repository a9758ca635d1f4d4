import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: contains the plugin and its packages. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

export const TEMPLATE = join(ROOT, 'playground/app');

/** Everything the playground makes is below, ignored by git; deleting it does no harm. */
export const STATE = join(ROOT, 'playground/.tmp');

/** An application only for `strapi build`: its result is shared by every site. */
export const ADMIN = join(STATE, 'admin');

/** The site of `npm run playground`: database, uploads, secrets, certificates. */
export const SITE = join(STATE, 'site');
