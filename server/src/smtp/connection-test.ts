import { isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type PeerCertificate, type TLSSocket } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Encryption } from '../domain/mailbox';
import { printable, redact } from '../secrets/redact';
import { plainOrLogin } from './nodemailer-internals';
import type { NetworkRule } from '../network/target-rule';
import {
  authProblem,
  connectProblem,
  Failed,
  isTransient,
  PASSED,
  SENTENCE,
  sessionFailure,
  type MailError,
  type TestProblem,
  type TestStepName,
} from './test-problems';

export interface TestStep {
  step: TestStepName;
  /** null: not reached, not wanted, or (with a `problem`) refused though it keeps no mail from leaving */
  ok: boolean | null;
  /** A plain sentence. */
  message: string;
  /** The server's words; of a step that passed also what was found. */
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
  encryption: Encryption;
  credentials: { username: string; password: string } | null;
  /** MAIL FROM and RCPT TO: the mailbox's own address. */
  email: string;
}

export interface ConnectionTestDependencies {
  network: NetworkRule;
  trustedRoots: readonly string[];
  /** The name at EHLO; default: the library's. */
  ehloName?: string;
  /** For a connection, and for each time that the server says nothing. */
  timeoutMs?: number;
  /** For the whole test: a server that goes on sending a byte now and then never runs into `timeoutMs`. */
  deadlineMs?: number;
}

const STEPS: readonly TestStepName[] = ['dns', 'connect', 'tls', 'auth', 'mail-from', 'rcpt-to'];
const TIMEOUT_MS = 15_000;
/** Four times the longest silence: a slow server still passes, and ten tests a minute hold ten sockets. */
const DEADLINE_MS = 60_000;

class Overdue extends Error {}

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

/** The steps of a test as they come to an end. */
const createLog = (secret: string | undefined) => {
  const done: TestStep[] = [];
  const shown = (text: string | undefined): string =>
    printable(redact(text ?? '', secret === undefined ? [] : [secret]));
  const add = (step: TestStep): void => void done.push(step);
  return {
    done,
    shown,
    pass: (step: TestStepName, detail?: string, certificate?: TestCertificate): void =>
      add({
        step,
        ok: true,
        message: PASSED[step],
        ...(detail ? { detail } : {}),
        ...(certificate ? { certificate } : {}),
      }),
    skip: (step: TestStepName, message: string): void => add({ step, ok: null, message }),
    report: ({ step, problem, reply }: Failed, ok: false | null): void =>
      add({ step, ok, message: SENTENCE[problem], problem, ...(reply ? { detail: reply } : {}) }),
  };
};

type Log = ReturnType<typeof createLog>;

/** Destroys what the deadline finds open, and what opens after it. */
const createSockets = () => {
  const open = new Set<Socket>();
  let over = false;
  return {
    keep: (socket: Socket): Socket => {
      if (over) socket.destroy();
      else open.add(socket);
      return socket;
    },
    destroy: (): void => {
      over = true;
      for (const socket of open) socket.destroy();
    },
  };
};

type Sockets = ReturnType<typeof createSockets>;

const createConversation =
  ({ network, trustedRoots, ehloName, timeoutMs = TIMEOUT_MS }: ConnectionTestDependencies) =>
  async ({ host, port, encryption, credentials, email }: TestTarget, log: Log, sockets: Sockets): Promise<void> => {
    const { pass, skip, shown } = log;
    const connect = async (): Promise<Socket> =>
      sockets.keep(await network.connectChecked({ host, port, encryption, timeoutMs }));
    const silence = async (failure: Failed): Promise<Failed> => {
      const again = await connect().catch(() => null);
      return again && (await speaksTls(again, host, timeoutMs)) ? new Failed('tls', 'tls-expected') : failure;
    };
    const replyOf = ({ response }: MailError): string | undefined =>
      response === undefined ? undefined : shown(response);

    const resolution = await network.resolveTarget({ host, port, encryption });
    if (!resolution.ok) throw new Failed('dns', 'host-unknown');
    pass('dns', resolution.addresses.map(({ address }) => address).join(', '));

    const socket = await connect().catch((error: MailError) => {
      throw new Failed('connect', connectProblem(error));
    });
    const probe = async ({ sendCommand }: Probe): Promise<void> => {
      const sender = await sendCommand(`MAIL FROM:<${email}>`);
      if (!isAccepted(sender)) throw new Failed('mail-from', senderProblem(sender), shown(sender.response));
      pass('mail-from', shown(sender.response));
      const recipient = await sendCommand(`RCPT TO:<${email}>`);
      if (isAccepted(recipient)) pass('rcpt-to', shown(recipient.response));
      else {
        // An address without an inbox, or a greylisted one, sends all the same.
        const problem = isTransient(recipient.status) ? 'recipient-deferred' : 'recipient-refused';
        log.report(new Failed('rcpt-to', problem, shown(recipient.response)), null);
      }
      // RFC 5321 §3.8: a server that answers 421 closes.
      if (recipient.status !== 421) await sendCommand('RSET');
    };

    const smtp = new SMTPConnection({
      connection: socket,
      name: ehloName,
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
        PLAIN: plainOrLogin,
        PROBE: (context) =>
          void probe(context).then(
            () => context.resolve(),
            (error: Error) => context.reject(error)
          ),
      },
    });
    let inHandshake = false;
    // Not `once`: an error that comes after the end of the conversation must not be an uncaught one.
    const lost = new Promise<never>((_, reject) =>
      smtp.on('error', (error: Error) => {
        inHandshake = isUpgrading(smtp);
        reject(error);
      })
    );
    lost.catch(() => undefined);
    const within = <T>(work: Promise<T>): Promise<T> => Promise.race([work, lost]);

    try {
      await within(
        new Promise<void>((resolve, reject) =>
          smtp.connect((error?: Error | null) => (error ? reject(error) : resolve()))
        )
      ).catch(async (error: MailError) => {
        const told = sessionFailure(error, inHandshake, replyOf(error));
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
        if (credentials.password === '') throw new Failed('auth', 'password-missing');
        if (!smtp.allowsAuth) throw new Failed('auth', 'auth-not-offered');
        await within(login(smtp, { user: credentials.username, pass: credentials.password })).catch(
          (error: MailError) => {
            const reply = replyOf(error);
            throw new Failed('auth', reply ? authProblem(error.responseCode, reply) : 'connection-lost', reply);
          }
        );
        pass('auth');
      }

      await within(login(smtp, { method: 'PROBE', user: '-', pass: '-' }));
      smtp.quit();
    } catch (error) {
      smtp.close();
      throw error;
    }
  };

/**
 * Talks to a mail server as far as RCPT TO and leaves without sending anything (RFC 5321 §3.3). The commands after the
 * login go over the library's hook for login methods, the only one that sends a command of the caller's.
 */
export const createConnectionTest = (dependencies: ConnectionTestDependencies) => {
  const converse = createConversation(dependencies);
  const { deadlineMs = DEADLINE_MS } = dependencies;

  return async (target: TestTarget): Promise<TestStep[]> => {
    const log = createLog(target.credentials?.password);
    const sockets = createSockets();
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        sockets.destroy();
        reject(new Overdue());
      }, deadlineMs).unref();
    });
    // It goes on after a test that passed: QUIT is answered, or the socket closed, later.
    overdue.catch(() => undefined);
    const end = converse(target, log, sockets);
    // After the deadline it ends with its sockets, and nothing awaits it.
    end.catch(() => undefined);
    try {
      await Promise.race([end, overdue]);
    } catch (error) {
      const next = STEPS[log.done.length] ?? 'rcpt-to';
      const problem = error instanceof Overdue ? 'too-slow' : 'connection-lost';
      log.report(error instanceof Failed ? error : new Failed(next, problem), false);
      clearTimeout(timer);
      sockets.destroy();
    }
    for (const step of STEPS.slice(log.done.length)) log.skip(step, 'Not reached.');
    return [...log.done];
  };
};

/** The library's flag for a handshake under way; public, but not in its types. */
const isUpgrading = (smtp: SMTPConnection): boolean => (smtp as unknown as { upgrading?: boolean }).upgrading === true;

const isAccepted = ({ status }: Answer): boolean => status >= 200 && status <= 299;

const senderProblem = ({ status }: Answer): TestProblem => {
  if (status === 530) return 'auth-needed';
  return isTransient(status) ? 'not-now' : 'sender-refused';
};

interface Answer {
  status: number;
  response: string;
}

interface Probe {
  sendCommand: (command: string) => Promise<Answer>;
}

const login = (smtp: SMTPConnection, auth: { method?: string; user: string; pass: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    smtp.login({ ...auth, credentials: { user: auth.user, pass: auth.pass } }, (error) =>
      error ? reject(error) : resolve()
    );
  });
