import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from './support.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The club's authority and the certificate of its mail server, made at the first start. The authority's own key is not
 * kept: nothing else can ever be signed with it.
 *
 * @returns the file of the authority's certificate, and what the server shows
 */
export const certificatesIn = async (folder) => {
  const files = { caPem: join(folder, 'ca.pem'), cert: join(folder, 'smtp.pem'), key: join(folder, 'smtp-key.pem') };
  const good =
    Object.values(files).every((file) => existsSync(file)) &&
    Date.parse(new X509Certificate(readFileSync(files.cert)).validTo) > Date.now() + DAY_MS;
  if (!good) {
    const made = await makeCertificates({ hostNames: ['smtp.club.example', 'localhost'] });
    for (const [name, file] of Object.entries(files)) writeFileSync(file, made[name], { mode: 0o600 });
  }
  return { caFile: files.caPem, cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
};
