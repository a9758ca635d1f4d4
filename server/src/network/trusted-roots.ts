import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * Reads the certificates of `network.ca`, to be appended to `tls.rootCertificates` for our SMTP connections only.
 *
 * @param entries PEM texts, or paths of PEM files; each may hold several certificates
 * @throws Error naming the entry that cannot be read
 */
export const trustedRoots = (entries: readonly string[]): string[] =>
  entries.flatMap((entry, index) => {
    const refuse = (why: string, cause?: unknown): never => {
      throw new Error(`network.ca[${index}] ${why}`, { cause });
    };
    let text = entry;
    if (!entry.includes('-----BEGIN')) {
      try {
        text = readFileSync(entry, 'utf8');
      } catch (cause) {
        return refuse(`cannot be read as a file: ${entry}`, cause);
      }
    }
    const certificates = text.match(CERTIFICATE) ?? refuse('holds no certificate in PEM form.');
    for (const certificate of certificates) {
      try {
        new X509Certificate(certificate);
      } catch (cause) {
        return refuse('holds a certificate that cannot be read.', cause);
      }
    }
    return certificates;
  });
