import { isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type PeerCertificate, type TLSSocket } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { printable, redact } from '../secrets/redact';
import type { NetworkRule } from './network';

export type TestStepName = 'dns' | 'connect' | 'tls' | 'auth' | 'mail-from' | 'rcpt-to';

/** What is wrong, by a name that the admin panel translates. */
export type TestProblem =
  | 'host-unknown'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'no-greeting'
  | 'greeting-refused'
  | 'not-tls'
  | 'tls-expected'
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
  | 'secret-unreadable'
  | 'sender-refused'
  | 'recipient-refused'
  | 'connection-lost';

export interface TestStep {
  step: TestStepName;
  /** null: not reached, or not wanted */
  ok: boolean | null;
  /** A plain sentence. */
  message: string;
  /** The server's words, or what was found. */
  detail?: string;
  problem?: TestProblem;
  /** What the server proved itself with; `validTo` is ISO 8601. */
  certificate?: TestCertificate;
}

export interface TestCertificate {
  subject: string;
  issuer: string;
  validTo: string;
}

export interface TestTarget {
  host: string;
  port: number;
  encryption: 'tls' | 'starttls' | 'none';
  credentials: { username: string; password: string } | null;
  /** MAIL FROM and RCPT TO: the mailbox's own address. */
  email: string;
}

export interface ConnectionTestDependencies {
  network: NetworkRule;
  trustedRoots: readonly string[];
  timeoutMs?: number;
}

const STEPS: readonly TestStepName[] = ['dns', 'connect', 'tls', 'auth', 'mail-from', 'rcpt-to'];
const TIMEOUT_MS = 15_000;

const SENTENCE: Record<TestProblem, string> = {
  'host-unknown': 'The name of the server is not known. Check its spelling.',
  refused: 'The server refuses connections on this port. Check the port.',
  timeout: 'The server did not answer in time. Check host and port, and whether a firewall is in between.',
  unreachable: 'The server cannot be reached.',
  'no-greeting': 'The server took the connection but said nothing. Port and encryption may not fit together.',
  'greeting-refused': 'The server refuses to talk to this site.',
  'not-tls': 'The server does not speak TLS on this port. Try STARTTLS, usually on port 587.',
  'tls-expected': 'This port speaks TLS from the first byte on. Choose TLS as encryption.',
  certificate: 'The certificate of the server cannot be trusted.',
  'certificate-issuer':
    'Nobody this site trusts vouches for the certificate. If it is your own authority, name it in network.ca of the configuration.',
  'certificate-expired': 'The certificate of the server is not valid at this time. Whoever runs it has to renew it.',
  'certificate-name':
    'The certificate was made out to another name. Enter the name of the server that the certificate holds.',
  'starttls-not-offered': 'The server offers no STARTTLS on this port. Try TLS, usually on port 465.',
  'auth-not-offered': 'The server offers no login on this port.',
  'auth-refused': 'The server refuses the login. Check login name and password.',
  'auth-basic-disabled':
    'Microsoft no longer accepts passwords here. Send through another provider or a relay, or without authentication.',
  'auth-smtp-disabled':
    'Signing in over SMTP is switched off for this mailbox. An administrator of Microsoft 365 can switch it on.',
  'auth-app-password': 'This provider wants an app password. Create one in the account settings and enter it here.',
  'auth-needed': 'The server wants a login before it takes mail. Enter login name and password.',
  'secret-unreadable': 'The stored password cannot be read with the keys of this site. Enter it again.',
  'sender-refused': 'The server refuses this sender address for this login.',
  'recipient-refused': 'The server refuses to take mail for this address.',
  'connection-lost': 'The server closed the connection.',
};

const PASSED: Record<TestStepName, string> = {
  dns: 'The name of the server is known.',
  connect: 'The server answers.',
  tls: 'The connection is encrypted and the certificate is trusted.',
  auth: 'The login is accepted.',
  'mail-from': 'The server accepts this sender.',
  'rcpt-to': 'The server accepts this recipient.',
};

interface MailError extends Error {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

class Failed extends Error {
  constructor(
    readonly step: TestStepName,
    readonly problem: TestProblem,
    readonly detail?: string
  ) {
    super(problem);
  }
}

const NOT_TLS = /wrong version number|packet length too long|ssl3_get_record|unknown protocol|http request/i;
const CERTIFICATE = /certificate|self[- ]signed|altname|issuer/i;
/** OpenSSL's and Node's names for what can be wrong with a certificate, and their texts where the name got lost. */
const NO_ISSUER = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|self[- ]signed|unable to (?:verify|get)/i;
const EXPIRED = /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|has expired|not yet valid/i;
const OTHER_NAME = /ALTNAME|hostname mismatch/i;
/** Google's and Yahoo's answers to the account's own password; Google says 5.7.8 and names its help page. */
const APP_PASSWORD = /5\.7\.9|application-specific password|app password|p=BadCredentials/i;
const SMTP_DISABLED = /SmtpClientAuthentication is disabled/i;
const BASIC_DISABLED = /5\.7\.30|5\.7\.139|basic authentication is (?:disabled|not supported)/i;

const connectProblem = ({ code, originalCode }: MailError): TestProblem => {
  const known = originalCode ?? code;
  if (known === 'ECONNREFUSED') return 'refused';
  return known === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
};

const certificateProblem = (cause: string): TestProblem => {
  if (OTHER_NAME.test(cause)) return 'certificate-name';
  if (EXPIRED.test(cause)) return 'certificate-expired';
  return NO_ISSUER.test(cause) ? 'certificate-issuer' : 'certificate';
};

const sessionFailure = (error: MailError, encryption: TestTarget['encryption'], detail: string): Failed => {
  const { code, message, command = '', responseCode } = error;
  const cause = `${error.originalCode ?? ''} ${message}`;
  if (NOT_TLS.test(cause)) return new Failed('tls', 'not-tls', detail);
  if (CERTIFICATE.test(cause)) return new Failed('tls', certificateProblem(cause), detail);
  if (command === 'STARTTLS') return new Failed('tls', 'starttls-not-offered', detail);
  if (responseCode !== undefined) return new Failed('connect', 'greeting-refused', detail);
  if (code === 'ETLS' || (encryption === 'tls' && code === 'ESOCKET')) return new Failed('tls', 'not-tls', detail);
  return new Failed('connect', code === 'ETIMEDOUT' ? 'no-greeting' : 'connection-lost', detail);
};

const authProblem = (reply: string): TestProblem => {
  if (SMTP_DISABLED.test(reply)) return 'auth-smtp-disabled';
  if (BASIC_DISABLED.test(reply)) return 'auth-basic-disabled';
  return APP_PASSWORD.test(reply) ? 'auth-app-password' : 'auth-refused';
};

const nameOf = (part: PeerCertificate['subject'] | undefined): string => String(part?.CN ?? part?.O ?? '?');

const certificateOf = (socket: unknown): TestCertificate | undefined => {
  const read = (socket as Partial<TLSSocket> | null)?.getPeerCertificate;
  if (!read) return undefined;
  const { subject, issuer, valid_to } = read.call(socket as TLSSocket);
  const shown = (part: PeerCertificate['subject']): string => printable(nameOf(part));
  const endsAt = Date.parse(valid_to);
  const validTo = Number.isNaN(endsAt) ? '' : new Date(endsAt).toISOString();
  return { subject: shown(subject), issuer: shown(issuer), validTo };
};

/** A server that waits for the client to begin TLS says nothing to one that waits for a greeting. Nothing is sent but the handshake. */
const speaksTls = (socket: Socket, host: string, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const tls = connectTls({ socket, servername: isIP(host) ? '' : host, rejectUnauthorized: false });
    const timer = setTimeout(() => end(false), timeoutMs);
    const end = (answer: boolean): void => {
      clearTimeout(timer);
      tls.destroy();
      socket.destroy();
      resolve(answer);
    };
    tls.once('secureConnect', () => end(true)).on('error', () => end(false));
    socket.on('error', () => end(false)).once('close', () => end(false));
  });

/**
 * Talks to a mail server as far as RCPT TO and leaves without sending anything (RFC 5321 §3.3). The commands after the
 * login go over the library's hook for login methods, the only one that sends a command of the caller's.
 */
export const createConnectionTest =
  ({ network, trustedRoots, timeoutMs = TIMEOUT_MS }: ConnectionTestDependencies) =>
  async ({ host, port, encryption, credentials, email }: TestTarget): Promise<TestStep[]> => {
    const done: TestStep[] = [];
    const shown = (text: string | undefined): string =>
      printable(redact(text ?? '', credentials ? [credentials.password] : []));
    const pass = (step: TestStepName, detail?: string, certificate?: TestCertificate): void => {
      done.push({
        step,
        ok: true,
        message: PASSED[step],
        ...(detail ? { detail } : {}),
        ...(certificate ? { certificate } : {}),
      });
    };
    const skip = (step: TestStepName, message: string): void => void done.push({ step, ok: null, message });

    const silence = async (failure: Failed): Promise<Failed> => {
      const again = await network.connectChecked({ host, port, encryption, timeoutMs }).catch(() => null);
      return again && (await speaksTls(again, host, timeoutMs)) ? new Failed('tls', 'tls-expected') : failure;
    };

    let session: SMTPConnection | null = null;
    try {
      const resolution = await network.resolveTarget({ host, port, encryption });
      if (!resolution.ok) throw new Failed('dns', 'host-unknown');
      pass('dns', resolution.addresses.map(({ address }) => address).join(', '));

      const socket = await network.connectChecked({ host, port, encryption, timeoutMs }).catch((error: MailError) => {
        throw new Failed('connect', connectProblem(error), shown(error.message));
      });
      const smtp = new SMTPConnection({
        connection: socket,
        host,
        port,
        secure: encryption === 'tls',
        requireTLS: encryption === 'starttls',
        ignoreTLS: encryption === 'none',
        tls: { minVersion: 'TLSv1.2', ca: [...rootCertificates, ...trustedRoots] },
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        customAuth: {
          PROBE: (context) =>
            void probe(context).then(
              () => context.resolve(),
              (error: Error) => context.reject(error)
            ),
        },
      });
      session = smtp;
      const lost = new Promise<never>((_, reject) => smtp.once('error', reject));
      lost.catch(() => undefined);
      const within = <T>(work: Promise<T>): Promise<T> => Promise.race([work, lost]);

      await within(
        new Promise<void>((resolve, reject) =>
          smtp.connect((error?: Error | null) => (error ? reject(error) : resolve()))
        )
      ).catch(async (error: MailError) => {
        const told = sessionFailure(error, encryption, shown(error.response ?? error.message));
        const failure = told.problem === 'no-greeting' && encryption !== 'tls' ? await silence(told) : told;
        if (failure.step === 'tls') pass('connect');
        throw failure;
      });
      pass('connect');
      if (encryption === 'none') skip('tls', 'Without encryption, as the settings say.');
      else {
        const found = certificateOf(smtp._socket);
        pass('tls', found && `${found.subject}, issued by ${found.issuer}, valid until ${found.validTo}`, found);
      }

      if (!credentials) skip('auth', 'Without a login, as the settings say.');
      else {
        if (!smtp.allowsAuth) throw new Failed('auth', 'auth-not-offered');
        await within(login(smtp, { user: credentials.username, pass: credentials.password })).catch(
          (error: MailError) => {
            const reply = shown(error.response ?? error.message);
            throw new Failed('auth', error.response ? authProblem(reply) : 'connection-lost', reply);
          }
        );
        pass('auth');
      }

      const probe = async ({ sendCommand }: Probe): Promise<void> => {
        const sender = await sendCommand(`MAIL FROM:<${email}>`);
        if (sender.status < 200 || sender.status > 299)
          throw new Failed(
            'mail-from',
            sender.status === 530 ? 'auth-needed' : 'sender-refused',
            shown(sender.response)
          );
        pass('mail-from', shown(sender.response));
        const recipient = await sendCommand(`RCPT TO:<${email}>`);
        if (recipient.status < 200 || recipient.status > 299)
          throw new Failed('rcpt-to', 'recipient-refused', shown(recipient.response));
        pass('rcpt-to', shown(recipient.response));
        await sendCommand('RSET');
      };
      await within(login(smtp, { method: 'PROBE', user: '-', pass: '-' }));
      smtp.quit();
    } catch (error) {
      const next = STEPS[done.length] ?? 'rcpt-to';
      const { step, problem, detail } =
        error instanceof Failed ? error : new Failed(next, 'connection-lost', shown((error as Error).message));
      done.push({ step, ok: false, message: SENTENCE[problem], problem, ...(detail ? { detail } : {}) });
      session?.close();
    }
    for (const step of STEPS.slice(done.length)) skip(step, 'Not reached.');
    return done;
  };

interface Probe {
  sendCommand: (command: string) => Promise<{ status: number; response: string }>;
}

const login = (smtp: SMTPConnection, auth: { method?: string; user: string; pass: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    smtp.login({ ...auth, credentials: { user: auth.user, pass: auth.pass } }, (error) =>
      error ? reject(error) : resolve()
    );
  });
