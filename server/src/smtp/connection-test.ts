import type { SmtpAuth } from '../domain/auth';
import type { Encryption } from '../domain/mailbox';
import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { libraryAuthOf, LOGIN_METHODS, secretsOf, type LibraryAuth } from './login';
import type { NetworkRule } from '../network/target-rule';
import {
  authProblem,
  connectProblem,
  isTransient,
  sessionFailure,
  TestFailure,
  type MailError,
  type TestProblem,
  type TestStepName,
} from './test-problems';
import { createStepLog, type StepLog, type TestStep } from './test-steps';
import { certificateOf, completesHandshake } from './tls-facts';
import { sessionOptions } from './session-options';

export type { TestStep } from './test-steps';

export interface TestTarget {
  host: string;
  port: number;
  encryption: Encryption;
  /** null: the secret of the login is missing. */
  auth: SmtpAuth | null;
  /** MAIL FROM and RCPT TO: the mailbox's own address. */
  email: string;
}

export interface ConnectionTestDependencies {
  network: NetworkRule;
  trustedRoots: readonly string[];
  /** Name for EHLO; default: nodemailer's. */
  ehloName?: string;
  /** Limit for connecting, and for each silence of the server. */
  timeoutMs?: number;
  /** Limit for the whole test: a server that sends a byte now and then never exceeds `timeoutMs`. */
  deadlineMs?: number;
}

const STEPS: readonly TestStepName[] = ['dns', 'connect', 'tls', 'auth', 'mail-from', 'rcpt-to'];
const TIMEOUT_MS = 15_000;
/** Four times the longest silence: a slow server still passes, and ten tests a minute hold ten sockets. */
const DEADLINE_MS = 60_000;

class DeadlineExceeded extends Error {}

/**
 * Tests a mail server up to RCPT TO and quits without sending a message (RFC 5321 §3.3). The commands after the login use
 * the library's hook for login methods, the only one that sends arbitrary commands.
 */
export const createConnectionTest = (dependencies: ConnectionTestDependencies) => {
  const { deadlineMs = DEADLINE_MS } = dependencies;

  return async (target: TestTarget): Promise<TestStep[]> => {
    const log = createStepLog(target.auth ? secretsOf(target.auth) : []);
    const sockets = createSockets();
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        sockets.destroy();
        reject(new DeadlineExceeded());
      }, deadlineMs).unref();
    });
    // The timer keeps running after a passed test: it bounds the wait for the reply to QUIT.
    overdue.catch(() => undefined);
    const end = converse(dependencies, target, log, sockets);
    // After the deadline it rejects with its sockets, and nothing awaits it.
    end.catch(() => undefined);
    try {
      await Promise.race([end, overdue]);
    } catch (error) {
      const next = STEPS[log.done.length] ?? 'rcpt-to';
      const problem = error instanceof DeadlineExceeded ? 'too-slow' : 'connection-lost';
      log.report(error instanceof TestFailure ? error : new TestFailure(next, problem), false);
      clearTimeout(timer);
      sockets.destroy();
    }
    for (const step of STEPS.slice(log.done.length)) log.skip(step, 'Not reached.');
    return [...log.done];
  };
};

/** Destroys the sockets open at the deadline, and those that open later. */
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

/** Runs the steps in order. @throws TestFailure for the step that failed */
const converse = async (
  { network, trustedRoots, ehloName, timeoutMs = TIMEOUT_MS }: ConnectionTestDependencies,
  { host, port, encryption, auth, email }: TestTarget,
  log: StepLog,
  sockets: Sockets
): Promise<void> => {
  await resolveHost();
  const smtp = createSession(await firstConnection());
  let inHandshake = false;
  const lost = rejectOnError();
  try {
    await openSession();
    await logIn();
    await beforeLoss(login(smtp, { method: 'PROBE', user: '-', pass: '-' }));
    smtp.quit();
  } catch (error) {
    smtp.close();
    throw error;
  }

  async function resolveHost(): Promise<void> {
    const resolution = await network.resolveTarget({ host, port, encryption });
    if (!resolution.ok) throw new TestFailure('dns', 'host-unknown');
    log.pass('dns', resolution.addresses.map(({ address }) => address).join(', '));
  }

  function firstConnection(): Promise<Socket> {
    return connect().catch((error: MailError) => {
      throw new TestFailure('connect', connectProblem(error));
    });
  }

  /** Waits for greeting, EHLO and TLS. */
  async function openSession(): Promise<void> {
    const greeted = new Promise<void>((resolve, reject) =>
      smtp.connect((error?: Error | null) => (error ? reject(error) : resolve()))
    );
    await beforeLoss(greeted).catch(async (error: MailError) => {
      const seen = sessionFailure(error, inHandshake, replyOf(error));
      const failure = seen.problem === 'no-greeting' && encryption !== 'tls' ? await explainSilence(seen) : seen;
      if (failure.step === 'tls') log.pass('connect');
      throw failure;
    });
    log.pass('connect');
    if (encryption === 'none') return log.skip('tls', 'Without encryption, as the settings say.');
    const found = certificateOf(smtp._socket);
    log.pass('tls', found && `${found.subject}, issued by ${found.issuer}, valid until ${found.validTo}`, found);
  }

  async function logIn(): Promise<void> {
    if (!auth) throw new TestFailure('auth', 'password-missing');
    const account = libraryAuthOf(auth);
    if (!account) return log.skip('auth', 'Without a login, as the settings say.');
    if (!smtp.allowsAuth) throw new TestFailure('auth', 'auth-not-offered');
    await beforeLoss(login(smtp, account)).catch((error: MailError) => {
      const reply = replyOf(error);
      throw new TestFailure('auth', reply ? authProblem(error.responseCode, reply) : 'connection-lost', reply);
    });
    log.pass('auth');
  }

  async function probeAddress({ sendCommand }: Probe): Promise<void> {
    const sender = await sendCommand(`MAIL FROM:<${email}>`);
    const senderReply = log.printableReply(sender.response);
    if (!isAccepted(sender)) throw new TestFailure('mail-from', senderProblem(sender), senderReply);
    log.pass('mail-from', senderReply);
    const recipient = await sendCommand(`RCPT TO:<${email}>`);
    const recipientReply = log.printableReply(recipient.response);
    if (isAccepted(recipient)) log.pass('rcpt-to', recipientReply);
    else {
      // An address without an inbox, or a greylisted one, can still send.
      const problem = isTransient(recipient.status) ? 'recipient-deferred' : 'recipient-refused';
      log.report(new TestFailure('rcpt-to', problem, recipientReply), null);
    }
    // RFC 5321 §3.8: a server that answers 421 closes.
    if (recipient.status !== 421) await sendCommand('RSET');
  }

  function createSession(socket: Socket): SMTPConnection {
    return new SMTPConnection({
      connection: socket,
      ...sessionOptions({ host, port, encryption }, { ehloName, trustedRoots }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      customAuth: {
        ...LOGIN_METHODS,
        PROBE: (context) =>
          void probeAddress(context).then(
            () => context.resolve(),
            (error: Error) => context.reject(error)
          ),
      },
    });
  }

  function rejectOnError(): Promise<never> {
    // Not `once`: an error that comes after the end of the conversation must not be an uncaught one.
    const onError = new Promise<never>((_, reject) =>
      smtp.on('error', (error: Error) => {
        inHandshake = isUpgrading(smtp);
        reject(error);
      })
    );
    onError.catch(() => undefined);
    return onError;
  }

  function beforeLoss<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, lost]);
  }

  /** Distinguishes a TLS server that waits for the client from a silent one, over a second connection. */
  async function explainSilence(failure: TestFailure): Promise<TestFailure> {
    const again = await connect().catch(() => null);
    return again && (await completesHandshake(again, host, timeoutMs))
      ? new TestFailure('tls', 'tls-expected')
      : failure;
  }

  async function connect(): Promise<Socket> {
    return sockets.keep(await network.connectChecked({ host, port, encryption, timeoutMs }));
  }

  function replyOf({ response }: MailError): string | undefined {
    return response === undefined ? undefined : log.printableReply(response);
  }
};

/** Reads the library's flag for a handshake under way; public, but missing in its types. */
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

const login = (smtp: SMTPConnection, auth: LibraryAuth): Promise<void> =>
  new Promise((resolve, reject) => {
    smtp.login({ ...auth, credentials: { user: auth.user, pass: auth.pass } }, (error) =>
      error ? reject(error) : resolve()
    );
  });
