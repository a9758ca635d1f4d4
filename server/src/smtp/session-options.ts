import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { Encryption } from '../domain/mailbox';

const contexts = new WeakMap<readonly string[], SecureContext>();

/** Parsing Node's roots takes milliseconds: once per process instead of once per connection. */
const contextFor = (trustedRoots: readonly string[]): SecureContext => {
  const known = contexts.get(trustedRoots);
  if (known) return known;
  const context = createSecureContext({ minVersion: 'TLSv1.2', ca: [...rootCertificates, ...trustedRoots] });
  contexts.set(trustedRoots, context);
  return context;
};

/**
 * Returns the nodemailer options that delivery and the connection test share: name, target and TLS, at least 1.2.
 *
 * @param trustedRoots PEM texts; the same array shares one TLS context
 */
export const sessionOptions = (
  { host, port, encryption }: { host: string; port: number; encryption: Encryption },
  { ehloName, trustedRoots }: { ehloName?: string | undefined; trustedRoots: readonly string[] }
) => ({
  name: ehloName,
  host,
  port,
  secure: encryption === 'tls',
  requireTLS: encryption === 'starttls',
  ignoreTLS: encryption === 'none',
  tls: encryption === 'none' ? {} : { secureContext: contextFor(trustedRoots) },
});
