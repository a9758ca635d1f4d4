import { createServer, type Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { listen, type Listener } from './listener';
import type { Envelope } from './mail-server';
import type { Answer, Script, Session, Stage } from './script';
import { serveSession } from './scripted-session';
import { createStateWaiter, type WaitOptions } from './state-waiter';

export { createGate } from './script';
export type { Action, Answer, Credentials, Script, ScriptEvent, Session, Stage } from './script';

/** Without SIZE: `[...DEFAULT_EHLO, 'SIZE 1000']` adds a limit. STARTTLS is added by the option `starttls`. */
export const DEFAULT_EHLO = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'AUTH PLAIN LOGIN'];

export interface ServerScript {
  /** Evaluated first. */
  on?: Script;
  /** Evaluated next. A single answer applies every time, a list to the first, second, … time, then the default. */
  replies?: Partial<Record<Stage, Answer | Answer[]>>;
}

export interface ScriptedServerOptions extends ServerScript {
  greeting?: string;
  ehlo?: string[];
  /** Offers STARTTLS with this certificate, and AUTH only after it. */
  starttls?: ServerCertificate;
  /** TLS from the start. */
  tls?: ServerCertificate;
  /** For servers with outdated TLS: `{ maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }`. */
  tlsOptions?: SecureContextOptions;
  /** Password by login. With users, mail is taken only after AUTH; without, every credential is right and none needed. */
  users?: Record<string, string>;
  /** Default: any free one. */
  port?: number;
}

/** Beside the stages the log has: TLS is up, 354 is out, 250 to the dot is out, the connection is gone. */
export type Mark = 'secured' | 'go-ahead' | 'accepted' | 'closed';

export interface LogEntry {
  readonly session: Session;
  readonly stage: Stage | Mark;
  readonly arg: string;
  /** Whether TLS was up at that time. */
  readonly secure: boolean;
  /** The reply, null before it is sent. */
  reply: string | null;
}

export interface AcceptedMessage {
  envelope: Envelope;
  raw: Buffer;
  session: Session;
}

export interface ScriptedServer extends Listener {
  readonly sessions: readonly Session[];
  readonly log: readonly LogEntry[];
  /** Messages accepted with 2yz, even if the sender disconnected before the reply, as on real servers. */
  readonly accepted: readonly AcceptedMessage[];
  /** Number of 354 replies. */
  readonly got354: number;
  /** Number of final dots received, with any reply. */
  readonly dataCompleted: number;
  /** Replaces `on` and `replies` for everything that comes from now on. */
  play(script: ServerScript): void;
  /** Resolves with the nth log entry of the stage, counted from the start. */
  waitFor(stage: Stage | Mark, nth?: number, options?: WaitOptions): Promise<LogEntry>;
  /** Resolves with the first result of `read` other than `undefined` and `false`; reads after every log entry. */
  until<T>(read: () => T | undefined | false, options?: WaitOptions): Promise<T>;
  /** Clears log, messages and ended sessions; connections stay open. */
  reset(): void;
  /** Destroys all connections. @throws what a script threw */
  close(): Promise<void>;
}

const createDirector = ({ on, replies = {} }: ServerScript): Script => {
  const lists = new Map(
    Object.entries(replies).map(([stage, reply]) => [stage, Array.isArray(reply) ? [...reply] : reply])
  );
  return async (event) => {
    const decided = await on?.(event);
    if (decided !== undefined) return decided;
    const reply = lists.get(event.stage);
    return Array.isArray(reply) ? reply.shift() : reply;
  };
};

/** Starts an SMTP server on 127.0.0.1 that accepts everything, except where its script says otherwise. */
export const startScriptedServer = async (options: ScriptedServerOptions = {}): Promise<ScriptedServer> => {
  const { greeting = '220 mail.example ESMTP', ehlo = DEFAULT_EHLO, starttls, tls, tlsOptions = {}, users } = options;
  const sessions: Session[] = [];
  const log: LogEntry[] = [];
  const accepted: AcceptedMessage[] = [];
  const scriptErrors: unknown[] = [];
  const waiter = createStateWaiter();
  let director = createDirector(options);
  let connections = 0;

  const entriesOf = (stage: Stage | Mark): LogEntry[] => log.filter((entry) => entry.stage === stage);

  const record = (session: Session, stage: Stage | Mark, arg = ''): LogEntry => {
    const entry = { session, stage, arg, secure: session.secure, reply: null };
    log.push(entry);
    waiter.changed();
    return entry;
  };

  const serve = (socket: Socket): void => {
    const session: Session = {
      id: (connections += 1),
      secure: false,
      clientName: null,
      credentials: null,
      authenticatedAs: null,
      from: null,
      to: [],
      bodyBytes: 0,
      lines: [],
      closed: false,
    };
    sessions.push(session);
    socket.setNoDelay(true);
    // A broken connection is handled by 'close', which follows.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      session.closed = true;
      record(session, 'closed');
    });
    serveSession(socket, session, {
      greeting,
      ehlo,
      starttls,
      tls,
      tlsOptions,
      users,
      arrive: (stage, arg) => {
        const entry = record(session, stage, arg);
        return {
          decided: Promise.resolve(director({ stage, arg, session })),
          onReply: (reply) => {
            entry.reply = reply;
            waiter.changed();
          },
        };
      },
      onSecured: () => record(session, 'secured'),
      onGoAhead: () => record(session, 'go-ahead'),
      onAccepted: (raw) => {
        accepted.push({ envelope: { from: session.from ?? '', to: [...session.to] }, raw, session });
        record(session, 'accepted');
      },
    }).catch((error: unknown) => {
      scriptErrors.push(error);
      socket.destroy();
    });
  };

  const listener = await listen(createServer(serve), options.port);

  return {
    ...listener,
    sessions,
    log,
    accepted,
    get got354() {
      return entriesOf('go-ahead').length;
    },
    get dataCompleted() {
      return entriesOf('dot').length;
    },
    play: (script) => {
      director = createDirector(script);
    },
    waitFor: (stage, nth = 1, waitOptions) =>
      waiter.until(
        () => entriesOf(stage)[nth - 1],
        () => `${stage} number ${nth}; seen: ${log.map((entry) => entry.stage).join(' ') || 'nothing'}`,
        waitOptions
      ),
    until: (read, waitOptions) =>
      waiter.until(read, () => `a state; seen: ${log.map((entry) => entry.stage).join(' ') || 'nothing'}`, waitOptions),
    reset: () => {
      log.length = 0;
      accepted.length = 0;
      sessions.forEach(({ lines }) => lines.splice(0));
      sessions.splice(0, sessions.length, ...sessions.filter(({ closed }) => !closed));
    },
    close: async () => {
      waiter.end('the server was closed');
      await listener.close();
      if (scriptErrors.length > 0) throw scriptErrors[0];
    },
  };
};
