import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A server's private key (PKCS #8) and certificate, both as PEM text. */
export interface ServerCertificate {
  key: string;
  cert: string;
}

/** `key` and `cert` are valid; each of the others has exactly one fault. */
export interface TestCertificates extends ServerCertificate {
  /** The authority's certificate, which a client has to trust. */
  caPem: string;
  /** Right names and dates, but not signed by the authority. */
  selfSigned: ServerCertificate;
  /** Signed by the authority with the right names, but expired. */
  expired: ServerCertificate;
  /** Signed by the authority and in date, but issued for `elsewhere.example` only, without an IP address. */
  otherHost: ServerCertificate;
}

// ECDSA P-256: a key pair takes a millisecond, RSA 2048 takes up to a second.
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

type Validity = { notBefore: Date; notAfter: Date };
type Authority = { name: string; keys: CryptoKeyPair };

const makeKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const keyToPem = async (keys: CryptoKeyPair): Promise<string> =>
  x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');

const makeAuthority = async (validity: Validity): Promise<Authority & { caPem: string }> => {
  const name = 'CN=Test Authority';
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    ...validity,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { name, keys, caPem: certificate.toString('pem') };
};

const makeServerCertificate = async (
  names: x509.JsonGeneralNames,
  validity: Validity,
  authority: Authority | 'self-signed'
): Promise<ServerCertificate> => {
  const subject = `CN=${names[0]?.value}`;
  const keys = await makeKeys();
  const issuer = authority === 'self-signed' ? { name: subject, keys } : authority;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer.name,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  });
  return { key: await keyToPem(keys), cert: certificate.toString('pem') };
};

/**
 * Makes a fresh authority and the certificates that TLS tests need.
 *
 * @param options.hostNames DNS names of the server; 127.0.0.1 is always among the names
 * @param options.now the moment at which the certificates are judged
 */
export const makeCertificates = async ({
  hostNames = ['localhost', 'mail.example'],
  now = new Date(),
}: { hostNames?: string[]; now?: Date } = {}): Promise<TestCertificates> => {
  const daysFromNow = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
  const current = { notBefore: daysFromNow(-2), notAfter: daysFromNow(365) };
  const past = { notBefore: daysFromNow(-60), notAfter: daysFromNow(-30) };
  const names: x509.JsonGeneralNames = [
    ...hostNames.map((value) => ({ type: 'dns' as const, value })),
    { type: 'ip', value: '127.0.0.1' },
  ];
  // As old as the expired certificate, so that its dates are the only thing wrong with that one.
  const { caPem, ...authority } = await makeAuthority({ ...current, notBefore: past.notBefore });
  const [server, selfSigned, expired, otherHost] = await Promise.all([
    makeServerCertificate(names, current, authority),
    makeServerCertificate(names, current, 'self-signed'),
    makeServerCertificate(names, past, authority),
    makeServerCertificate([{ type: 'dns', value: 'elsewhere.example' }], current, authority),
  ]);
  return { caPem, ...server, selfSigned, expired, otherHost };
};
