import type { Socket } from 'node:net';
import type { ByteReader } from './byte-reader';

/**
 * Points at which a script can control a session. `body-start` is the first byte after 354, `body` is every further
 * read of the body (the first one included), `dot` is the end of the data.
 */
export type Stage =
  | 'connect'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body-start'
  | 'body'
  | 'dot'
  | 'rset'
  | 'noop'
  | 'quit'
  | 'unknown';

/** Action of a session. Replies and drips get their CRLF added; a `\n` inside makes a reply of several lines. */
export type Action =
  | { reply: string }
  /** Close after the reply (FIN). */
  | { reply: string; thenDrop: true }
  /** Reset after the reply (RST). */
  | { reply: string; thenReset: true }
  /** Say nothing more after the reply. */
  | { reply: string; thenSilent: true }
  | { drop: true }
  | { reset: true }
  /** Never answer, but keep the connection and discard all further input. */
  | { silent: true }
  /**
   * Wait, then do what the promise resolved to, by default the default. Meanwhile nothing is read beyond a buffer of
   * 256 KiB, so a client in the middle of a body gets stuck.
   */
  | { hold: Promise<Answer | void> }
  /** A reply, one byte at a time. */
  | { drip: string; everyMs: number }
  /** Exactly these bytes, without a CRLF; counts as no reply. */
  | { garbage: string | Buffer }
  /** This line over and over, until the client hangs up. */
  | { flood: string };

/** A string is short for `{ reply }`. */
export type Answer = string | Action;

export interface Credentials {
  method: string;
  login: string;
  password: string;
}

export interface Session {
  /** 1 for the first connection. */
  readonly id: number;
  secure: boolean;
  /** Name of the client in EHLO or HELO. */
  clientName: string | null;
  /** The last credentials received, valid or not. */
  credentials: Credentials | null;
  authenticatedAs: string | null;
  /** Of the transaction under way. */
  from: string | null;
  /** The recipients answered with 2yz. */
  to: string[];
  /** Bytes received since the last 354, before unstuffing. */
  bodyBytes: number;
  /** Every command line, with AUTH responses, and whether it came over TLS. */
  readonly lines: { line: string; secure: boolean }[];
  closed: boolean;
}

export interface ScriptEvent {
  stage: Stage;
  /**
   * `mail`, `rcpt`: the address. `ehlo`: the client's name. `auth`: the mechanism (asked once the credentials are
   * complete, see `session.credentials`). `body`: the bytes of the body so far. `unknown`: the whole line.
   */
  arg: string;
  session: Readonly<Session>;
}

/** `undefined` means: the default. */
export type Script = (event: ScriptEvent) => Answer | void | Promise<Answer | void>;

/** A hold that a test lets go: `replies: { dot: gate }`, later `gate.open()`, or `gate.open('550 No')`. */
export const createGate = (): { hold: Promise<Answer | void>; open(answer?: Answer): void } => {
  let open: (answer?: Answer) => void = () => undefined;
  const hold = new Promise<Answer | void>((resolve) => {
    open = resolve;
  });
  return { hold, open };
};

/** The connection that an action is done to. */
export interface Wire {
  /** The one to talk through: `raw`, or TLS on top of it. */
  socket: Socket;
  raw: Socket;
  reader: ByteReader;
}

/** For an ended or silent session: the promise never settles, and is collected with its socket. */
const forever = (): Promise<never> => new Promise(() => undefined);

const toWire = (reply: string): Buffer => Buffer.from(`${reply.replace(/\r?\n/g, '\r\n')}\r\n`);

const codeOf = (reply: string): number => Number.parseInt(reply.split(/\r?\n/).at(-1) ?? '', 10) || 0;

const write = (socket: Socket, bytes: Buffer | string): Promise<void> =>
  socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.write(bytes, () => resolve()));

const silence = ({ reader }: Wire): Promise<never> => {
  reader.discard();
  return forever();
};

// Not destroy(): with bytes still unread the kernel would turn that into a reset.
const drop = (wire: Wire): Promise<never> => {
  wire.socket.end();
  return silence(wire);
};

// Only the TCP socket can be reset, also when TLS runs on top of it.
const reset = (wire: Wire): Promise<never> => {
  wire.raw.resetAndDestroy();
  return forever();
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** Calls `beforeLast` ahead of the last byte, because the client may act as soon as it arrives. */
const drip = async ({ socket }: Wire, text: string, everyMs: number, beforeLast: () => void): Promise<void> => {
  const bytes = toWire(text);
  for (const [index, byte] of bytes.entries()) {
    if (index > 0) await pause(everyMs);
    if (socket.destroyed) return forever();
    if (index === bytes.length - 1) beforeLast();
    await write(socket, Buffer.of(byte));
  }
};

const flood = async (wire: Wire, line: string): Promise<never> => {
  const block = Buffer.concat(Array.from({ length: 64 }, () => toWire(line)));
  wire.reader.discard();
  while (!wire.socket.destroyed) await write(wire.socket, block);
  return forever();
};

/**
 * Performs an answer.
 *
 * @param byDefault the answer after a hold that resolved to nothing
 * @param onReply called before the reply is written: a reply counts even if the client never reads it
 * @returns the reply's code, 0 if the answer was none; never, if the session ends here
 */
export const perform = async (
  answer: Answer,
  byDefault: Answer | null,
  wire: Wire,
  onReply: (reply: string, code: number) => void
): Promise<number> => {
  const action: Action = typeof answer === 'string' ? { reply: answer } : answer;
  if ('hold' in action) {
    const decided = (await action.hold) ?? byDefault;
    return decided === null ? 0 : perform(decided, byDefault, wire, onReply);
  }
  if ('reply' in action) {
    const code = codeOf(action.reply);
    onReply(action.reply, code);
    await write(wire.socket, toWire(action.reply));
    if ('thenReset' in action) return reset(wire);
    if ('thenSilent' in action) return silence(wire);
    // RFC 5321 §3.8: a server that replies 421 closes the connection.
    if ('thenDrop' in action || code === 421) return drop(wire);
    return code;
  }
  if ('drip' in action) {
    const code = codeOf(action.drip);
    await drip(wire, action.drip, action.everyMs, () => onReply(action.drip, code));
    return code;
  }
  if ('garbage' in action) {
    await write(wire.socket, action.garbage);
    return 0;
  }
  if ('flood' in action) return flood(wire, action.flood);
  if ('silent' in action) return silence(wire);
  if ('drop' in action) return drop(wire);
  if ('reset' in action) return reset(wire);
  return action satisfies never;
};
