import type { Actor } from '../domain/actor';
import { isPlainObject } from '../contracts/parse';
import type { RequestContext } from './actor-from';
import { stop } from './error';

/** Names of system actors by name of an API token and by type of a users-permissions role. */
export interface Bindings {
  tokens: Readonly<Record<string, string>>;
  roles: Readonly<Record<string, string>>;
}

/** Strapi's strategies for API tokens: the first since there are admin tokens, the second before. */
const TOKEN_STRATEGIES = ['content-api-token', 'api-token'];
const ROLE_STRATEGY = 'users-permissions';

const bound = (bindings: Readonly<Record<string, string>>, name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(bindings, name) ? bindings[name] : undefined;

/**
 * Returns the system actor that the configuration binds to the API token, or to the role of the signed-in user. Neither
 * full access nor a permission opens the content API, and no role replaces the binding of a token.
 *
 * @throws FORBIDDEN_TO_SEND
 */
export const machineFrom = ({ state: { auth } }: RequestContext, { tokens, roles }: Bindings): Actor => {
  const strategy = auth?.strategy?.name ?? '';
  // Public requests have no credentials.
  const { name, role } = isPlainObject(auth?.credentials) ? auth.credentials : {};
  if (TOKEN_STRATEGIES.includes(strategy)) return systemActor(bound(tokens, name));
  if (strategy === ROLE_STRATEGY) return systemActor(bound(roles, isPlainObject(role) ? role.type : undefined));
  return stop('FORBIDDEN_TO_SEND');
};

const systemActor = (name: string | undefined): Actor =>
  name === undefined ? stop('FORBIDDEN_TO_SEND') : { type: 'system', name };
