import type { Actor } from '../domain/actor';
import { isPlainObject } from '../contracts/parse';
import type { RequestContext } from './actor-from';
import { stop } from './error';

/** Names of system actors, by the name of an API token and by the type of a users-permissions role. */
export interface Bindings {
  tokens: Readonly<Record<string, string>>;
  roles: Readonly<Record<string, string>>;
}

/** Names of Strapi's strategies for API tokens: since and before there are admin tokens as well. */
const TOKEN_STRATEGIES = ['content-api-token', 'api-token'];
const ROLE_STRATEGY = 'users-permissions';

const bound = (bindings: Readonly<Record<string, string>>, name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(bindings, name) ? bindings[name] : undefined;

/**
 * The system actor that the configuration binds to the API token or to the role of who is signed in. Nothing else opens
 * the content API: no full access, no ticked permission; and a token that is not bound is not asked for a role.
 *
 * @throws FORBIDDEN_TO_SEND
 */
export const machineFrom = ({ state: { auth } }: RequestContext, { tokens, roles }: Bindings): Actor => {
  const strategy = auth?.strategy?.name ?? '';
  // Nobody is signed in: then there are no credentials.
  const { name, role } = isPlainObject(auth?.credentials) ? auth.credentials : {};
  if (TOKEN_STRATEGIES.includes(strategy)) return systemActor(bound(tokens, name));
  if (strategy === ROLE_STRATEGY) return systemActor(bound(roles, isPlainObject(role) ? role.type : undefined));
  return stop('FORBIDDEN_TO_SEND');
};

const systemActor = (name: string | undefined): Actor =>
  name === undefined ? stop('FORBIDDEN_TO_SEND') : { type: 'system', name };
