import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;
const NAMES = [
  { type: 'dns', value: 'smtp.club.example' },
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
];

const makeKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const make = async () => {
  const validity = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 730 * DAY_MS) };
  const authority = { name: 'CN=Playground Authority', keys: await makeKeys() };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...authority,
    ...validity,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authority.keys.publicKey),
    ],
  });
  const keys = await makeKeys();
  const server = await x509.X509CertificateGenerator.create({
    subject: 'CN=smtp.club.example',
    issuer: authority.name,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(NAMES),
      await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { ca: ca.toString('pem'), cert: server.toString('pem'), key };
};

/**
 * The club's authority and the certificate of its mail server, made at the first start. The authority's own key is not
 * kept: nothing else can ever be signed with it.
 *
 * @returns the file of the authority's certificate, and what the server shows
 */
export const certificatesIn = async (folder) => {
  const files = { ca: join(folder, 'ca.pem'), cert: join(folder, 'smtp.pem'), key: join(folder, 'smtp-key.pem') };
  const good =
    Object.values(files).every((file) => existsSync(file)) &&
    Date.parse(new X509Certificate(readFileSync(files.cert)).validTo) > Date.now() + DAY_MS;
  if (!good) for (const [name, pem] of Object.entries(await make())) writeFileSync(files[name], pem, { mode: 0o600 });
  return { caFile: files.ca, cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
};
