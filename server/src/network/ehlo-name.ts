import { isIP } from 'node:net';
import { toAsciiDomain } from '../domain/address';

/** RFC 5321 §4.1.3: the address literal of a client without a name. */
const LITERAL = '[127.0.0.1]';

const hostOf = (url: unknown): string => (typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : '');

/**
 * Returns the name for EHLO (RFC 5321 §4.1.1.1): many mail servers refuse a client without a fully qualified name.
 *
 * @param configured `network.ehloName`, a full host name
 * @param serverUrl Strapi's `server.url`
 * @param machine the machine's host name
 * @returns the configured name, else the domain of the URL, else the machine's full name, else an address literal
 */
export const ehloNameOf = ({
  configured = null,
  serverUrl,
  machine,
}: {
  configured?: string | null;
  serverUrl?: unknown;
  machine: string;
}): string => {
  const literal = isIP(machine) === 4 ? `[${machine}]` : LITERAL;
  return configured ?? toAsciiDomain(hostOf(serverUrl)) ?? toAsciiDomain(machine) ?? literal;
};
