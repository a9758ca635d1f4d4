import { rootCertificates } from 'node:tls';
import type { Encryption } from '../domain/mailbox';

/** Returns the nodemailer options that delivery and the connection test share: name, target and TLS, at least 1.2. */
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
  tls: { minVersion: 'TLSv1.2' as const, ca: [...rootCertificates, ...trustedRoots] },
});
