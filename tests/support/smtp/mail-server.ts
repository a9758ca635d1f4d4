import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { ServerCertificate } from './certificates';
import { listen, type Listener } from './listener';
import { createStateWaiter, type WaitOptions } from './state-waiter';

export interface Envelope {
  from: string;
  to: string[];
}

export interface ReceivedMessage {
  envelope: Envelope;
  /** Bytes between 354 and the final dot, with the dot-stuffing undone. */
  raw: Buffer;
  /** The login, or null when the client did not authenticate. */
  authenticatedAs: string | null;
  tls: boolean;
}

export interface AuthAttempt {
  method: string;
  login: string;
  success: boolean;
}

/** A reply of 400 or above; `undefined` accepts. */
export interface Refusal {
  code: number;
  text: string;
}
type Judgement = Refusal | undefined | void;

interface CommonOptions {
  /** Its name in the greeting. */
  name?: string;
  /** Password by login. With users, mail is taken only after AUTH, unless `authOptional`; without, AUTH is not offered. */
  users?: Record<string, string>;
  authOptional?: boolean;
  /** Default: PLAIN and LOGIN. */
  authMethods?: string[];
  /** Advertised with SIZE, in bytes; a larger message is refused. */
  size?: number;
  /** Default: any free one. */
  port?: number;
  onMail?: (address: string, authenticatedAs: string | null) => Judgement | Promise<Judgement>;
  onRcpt?: (address: string) => Judgement | Promise<Judgement>;
  /** Judges the complete message; a refused one is not among `messages`. */
  onMessage?: (message: ReceivedMessage) => Judgement | Promise<Judgement>;
}

export type MailServerOptions = CommonOptions &
  ({ tls?: 'none'; certificate?: undefined } | { tls: 'starttls' | 'tls'; certificate: ServerCertificate });

export interface MailServer extends Omit<Listener, 'drop'> {
  /** The messages answered with 250, in that order. */
  readonly messages: readonly ReceivedMessage[];
  readonly authAttempts: readonly AuthAttempt[];
  /** Every address named in RCPT TO, also repeated and refused ones. */
  readonly recipientsSeen: readonly string[];
  /** TCP connections, including those without a command. */
  readonly connections: number;
  /** Number of 354 replies. */
  readonly dataStarted: number;
  /** Resolves with all messages once there are at least `count`. */
  waitForMessages(count: number, options?: WaitOptions): Promise<readonly ReceivedMessage[]>;
  /** The messages as `mailparser` reads them. */
  parsed(): Promise<ParsedMail[]>;
  /** Clears messages and counters; connections stay open. */
  reset(): void;
}

const encryption = (options: MailServerOptions): SMTPServerOptions => {
  if (options.tls === 'tls') return { secure: true, ...options.certificate };
  if (options.tls === 'starttls') return { ...options.certificate };
  return { allowInsecureAuth: true };
};

const disabledCommands = ({ tls, users }: MailServerOptions): string[] => [
  ...(tls === 'starttls' ? [] : ['STARTTLS']),
  ...(users ? [] : ['AUTH']),
];

const authenticatedLogin = (session: SMTPServerSession): string | null =>
  typeof session.user === 'string' ? session.user : null;

const judge = (verdict: () => Judgement | Promise<Judgement>, callback: (error?: Error | null) => void): void => {
  // The hooks may be plain functions: their exceptions have to reach the client as a refusal, too.
  Promise.resolve()
    .then(verdict)
    .then(
      (refusal) => callback(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null),
      (error: Error) => callback(error)
    );
};

/** Starts a well-behaved SMTP server on 127.0.0.1 that keeps what it accepts. */
export const startMailServer = async (options: MailServerOptions = {}): Promise<MailServer> => {
  const { name = 'mail.example', users, authOptional, authMethods, size, port } = options;
  const { onMail, onRcpt, onMessage } = options;
  const messages: ReceivedMessage[] = [];
  const authAttempts: AuthAttempt[] = [];
  const recipientsSeen: string[] = [];
  const counters = { connections: 0, dataStarted: 0 };
  const waiter = createStateWaiter();

  const smtp = new SMTPServer({
    ...encryption(options),
    name,
    disabledCommands: disabledCommands(options),
    disableReverseLookup: true,
    authOptional: !users || authOptional,
    ...(authMethods && { authMethods }),
    ...(size !== undefined && { size, rejectOversized: true }),
    onAuth: ({ method, username = '', password }, _session, callback) => {
      const success = users !== undefined && Object.hasOwn(users, username) && users[username] === password;
      authAttempts.push({ method, login: username, success });
      callback(null, success ? { user: username } : { message: 'Authentication credentials invalid' });
    },
    onMailFrom: ({ address }, session, callback) =>
      judge(() => onMail?.(address, authenticatedLogin(session)), callback),
    onRcptTo: ({ address }, _session, callback) => {
      recipientsSeen.push(address);
      judge(() => onRcpt?.(address), callback);
    },
    onData: (stream, session, callback) => {
      counters.dataStarted += 1;
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
      const tls = session.secure;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      // The client disconnected in the middle: no reply to send and no message to keep.
      stream.on('error', () => undefined);
      stream.on('end', () => {
        const message = { envelope, raw: Buffer.concat(chunks), authenticatedAs: authenticatedLogin(session), tls };
        judge(
          () => onMessage?.(message),
          (error) => {
            if (!error && !stream.sizeExceeded) messages.push(message);
            callback(error);
            waiter.changed();
          }
        );
      });
    },
  });
  // The tests disconnect clients in the middle; without a listener each becomes an uncaught error.
  smtp.on('error', () => undefined);
  smtp.server.on('connection', () => {
    counters.connections += 1;
  });
  const listener = await listen(smtp.server, port);

  return {
    host: listener.host,
    port: listener.port,
    messages,
    authAttempts,
    recipientsSeen,
    get connections() {
      return counters.connections;
    },
    get dataStarted() {
      return counters.dataStarted;
    },
    waitForMessages: (count, waitOptions) =>
      waiter.until(
        () => messages.length >= count && messages,
        () => `${count} messages, ${messages.length} are here`,
        waitOptions
      ),
    parsed: () => Promise.all(messages.map(({ raw }) => simpleParser(raw))),
    reset: () => {
      messages.length = 0;
      authAttempts.length = 0;
      recipientsSeen.length = 0;
      Object.assign(counters, { connections: 0, dataStarted: 0 });
    },
    close: () => {
      waiter.end('the server was closed');
      return listener.close();
    },
  };
};
