export type TestStepName = 'dns' | 'connect' | 'tls' | 'auth' | 'mail-from' | 'rcpt-to';

/** Name of a problem; the admin panel translates it. */
export type TestProblem =
  | 'host-unknown'
  | 'refused'
  | 'timeout'
  | 'too-slow'
  | 'not-now'
  | 'unreachable'
  | 'no-greeting'
  | 'greeting-refused'
  | 'not-tls'
  | 'tls-expected'
  | 'tls-version'
  | 'tls-broken'
  | 'certificate'
  | 'certificate-issuer'
  | 'certificate-expired'
  | 'certificate-name'
  | 'starttls-not-offered'
  | 'auth-not-offered'
  | 'auth-refused'
  | 'auth-basic-disabled'
  | 'auth-smtp-disabled'
  | 'auth-app-password'
  | 'auth-needed'
  | 'password-missing'
  | 'secret-unreadable'
  | 'sender-refused'
  | 'recipient-refused'
  | 'recipient-deferred'
  | 'connection-lost';

export const SENTENCE: Record<TestProblem, string> = {
  'host-unknown': 'The name of the server is not known. Check its spelling.',
  refused: 'The server refuses connections on this port. Check the port.',
  timeout: 'The server did not answer in time. Check host and port, and whether a firewall is in between.',
  'too-slow': 'The server answers too slowly. The test was stopped.',
  'not-now': 'The server is not available right now. Wait a few minutes, then test again.',
  unreachable: 'The server cannot be reached.',
  'no-greeting': 'The server took the connection but said nothing. Port and encryption may not fit together.',
  'greeting-refused': 'The server refuses to talk to this site.',
  'not-tls': 'The server does not speak TLS on this port. Try STARTTLS, usually on port 587.',
  'tls-expected': 'This port speaks TLS from the first byte on. Choose TLS as encryption.',
  'tls-version': 'The server offers only TLS versions before 1.2. Ask its operator to enable TLS 1.2.',
  'tls-broken': 'The server closed the connection while encryption was being set up.',
  certificate: 'The certificate of the server cannot be trusted.',
  'certificate-issuer':
    'The certificate is not issued by an authority that this site trusts. If it is your own authority, name it in network.ca of the configuration.',
  'certificate-expired': 'The certificate of the server is not valid at this time. Its operator has to renew it.',
  'certificate-name':
    'The certificate was made out to another name. Enter the name of the server that the certificate holds.',
  'starttls-not-offered': 'The server offers no STARTTLS on this port. Try TLS, usually on port 465.',
  'auth-not-offered': 'The server offers no login with a password on this port.',
  'auth-refused': 'The server refuses the login. Check login name and password.',
  'auth-basic-disabled':
    'Microsoft no longer accepts passwords here. Send through another provider or a relay, or without authentication.',
  'auth-smtp-disabled':
    'Signing in over SMTP is switched off for this mailbox. An administrator of Microsoft 365 can switch it on.',
  'auth-app-password': 'This provider requires an app password. Create one in the account settings and enter it here.',
  'auth-needed': 'The server requires a login before it accepts mail. Enter login name and password.',
  'password-missing':
    'The password is missing. For the system mailbox it is system.transport.password of the configuration.',
  'secret-unreadable': 'The stored password cannot be read with the keys of this site. Enter it again.',
  'sender-refused': 'The server refuses this sender address for this login.',
  'recipient-refused':
    'The server accepts no mail for this address. Sending works, but replies and delivery failures may not arrive.',
  'recipient-deferred': 'The server accepts no mail for this address right now. Sending works.',
  'connection-lost': 'The server closed the connection.',
};

export const PASSED: Record<TestStepName, string> = {
  dns: 'The name of the server is known.',
  connect: 'The server answers.',
  tls: 'The connection is encrypted and the certificate is trusted.',
  auth: 'The login is accepted.',
  'mail-from': 'The server accepts this sender.',
  'rcpt-to': 'The server accepts this recipient.',
};

export interface MailError extends Error {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** A failed step of a connection test. */
export class TestFailure extends Error {
  /** @param reply the server's reply, if any */
  constructor(
    readonly step: TestStepName,
    readonly problem: TestProblem,
    readonly reply?: string
  ) {
    super(problem);
  }
}

const NOT_TLS = /wrong version number|packet length too long|ssl3_get_record|unknown protocol|http request/i;
/** The alert of a server whose newest version is older than ours, and OpenSSL's text for an older version offered. */
const OLD_TLS = /alert protocol version|unsupported protocol|UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION/i;
const CERTIFICATE = /certificate|self[- ]signed|altname|issuer/i;
/** OpenSSL's and Node's codes for certificate problems, and their texts for errors without the code. */
const NO_ISSUER = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|self[- ]signed|unable to (?:verify|get)/i;
const EXPIRED = /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|has expired|not yet valid/i;
const OTHER_NAME = /ALTNAME|hostname mismatch/i;
/** Google's and Yahoo's replies to the account's own password; Google sends 5.7.8 with the link of its help page. */
const APP_PASSWORD = /5\.7\.9|application-specific password|app password|p=BadCredentials/i;
const SMTP_DISABLED = /SmtpClientAuthentication is disabled/i;
const BASIC_DISABLED = /5\.7\.30|5\.7\.139|basic authentication is (?:disabled|not supported)/i;

/** RFC 5321 §4.2.1: the same command may succeed later. */
export const isTransient = (status: number | undefined): boolean =>
  status !== undefined && status >= 400 && status < 500;

export const connectProblem = ({ code, originalCode }: MailError): TestProblem => {
  const known = originalCode ?? code;
  if (known === 'ECONNREFUSED') return 'refused';
  return known === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
};

const certificateProblem = (cause: string): TestProblem => {
  if (OTHER_NAME.test(cause)) return 'certificate-name';
  if (EXPIRED.test(cause)) return 'certificate-expired';
  return NO_ISSUER.test(cause) ? 'certificate-issuer' : 'certificate';
};

/** RFC 3207 §4: a 454 to STARTTLS means "not now", but servers without TLS send it as well. */
const replyFailure = ({ command, responseCode }: MailError, reply: string): TestFailure => {
  if (command === 'STARTTLS' && responseCode !== 421) return new TestFailure('tls', 'starttls-not-offered', reply);
  const step = command === 'STARTTLS' ? 'tls' : 'connect';
  return new TestFailure(step, isTransient(responseCode) ? 'not-now' : 'greeting-refused', reply);
};

/**
 * Classifies the error that ended a conversation before the login.
 *
 * @param inHandshake the TLS handshake was under way
 */
export const sessionFailure = (error: MailError, inHandshake: boolean, reply: string | undefined): TestFailure => {
  if (reply !== undefined) return replyFailure(error, reply);
  const cause = `${error.originalCode ?? ''} ${error.message}`;
  if (NOT_TLS.test(cause)) return new TestFailure('tls', 'not-tls');
  if (OLD_TLS.test(cause)) return new TestFailure('tls', 'tls-version');
  if (CERTIFICATE.test(cause)) return new TestFailure('tls', certificateProblem(cause));
  if (error.code === 'ETIMEDOUT') return new TestFailure('connect', 'no-greeting');
  if (error.code === 'ETLS' || inHandshake) return new TestFailure('tls', 'tls-broken');
  return new TestFailure('connect', 'connection-lost');
};

export const authProblem = (status: number | undefined, reply: string): TestProblem => {
  if (SMTP_DISABLED.test(reply)) return 'auth-smtp-disabled';
  if (BASIC_DISABLED.test(reply)) return 'auth-basic-disabled';
  if (APP_PASSWORD.test(reply)) return 'auth-app-password';
  // RFC 4954 §6: neither the command nor a password mechanism is supported.
  if (status !== undefined && status >= 500 && status <= 504) return 'auth-not-offered';
  return isTransient(status) ? 'not-now' : 'auth-refused';
};
