import type { Reply } from '../domain/outcome';
import type { MailError } from './errors';

/* What the mail library keeps to itself, and its public API cannot do: all of it is here. */

export interface LibraryEnvelope {
  [key: string]: unknown;
  from: string;
  to: string[];
  /** Filled by the library while it names the recipients; its errors hold it only where all were refused. */
  rejectedErrors?: MailError[];
}

export interface LibraryConnection {
  _supportedExtensions?: string[];
  _sendCommand: (command: string, shown?: string) => void;
}

/** A connection of the pool. */
export interface LibraryResource {
  queueEntry?: { mail: unknown } | false;
  connection?: LibraryConnection;
  /** How many it has taken, whatever became of them. */
  messages?: number;
}

/** The connection of the pool that a message was given to. */
export const resourceOf = (transporter: { transporter: unknown }, mail: unknown): LibraryResource | undefined => {
  const { _connections: resources = [] } = transporter.transporter as { _connections?: LibraryResource[] };
  return resources.find(({ queueEntry }) => queueEntry && queueEntry.mail === mail);
};

interface LoginContext {
  auth: { credentials: { user: string; pass: string } };
  sendCommand: (command: string, done: (error: Error | null, reply: { response: string }) => void) => void;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** RFC 5321 §4.2.1 and RFC 4954 §6: the command, or this mechanism, is not known. The login itself was not looked at. */
const isUnknown = (code: number): boolean => code >= 500 && code <= 504;

/**
 * AUTH PLAIN (RFC 4616), and LOGIN once where the server does not know that, although it may offer it. With callbacks:
 * the library forgets an answer that is given later than the reply, when that was 421.
 */
export const plainOrLogin = ({ auth, sendCommand, resolve, reject }: LoginContext): void => {
  const { user, pass } = auth.credentials;
  const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  const say = (command: string, next: (code: number) => void): void =>
    sendCommand(command, (_error, { response }) => next(Number(response.slice(0, 3))));
  const end = (code: number): void => (code >= 200 && code < 300 ? resolve() : reject(new Error('Invalid login')));
  const byLogin = (): void =>
    say('AUTH LOGIN', (first) => {
      if (first !== 334) return end(first);
      say(encoded(user), (second) => (second === 334 ? say(encoded(pass), end) : end(second)));
    });
  const token = encoded(`\0${user}\0${pass}`);
  say(`AUTH PLAIN ${token}`, (code) => {
    if (code === 334) return say(token, end);
    return isUnknown(code) ? byLogin() : end(code);
  });
};

/** RFC 6531 §3.2: without the extension such an address cannot be named at all. */
export const UTF8_NOT_OFFERED: Reply = {
  code: 553,
  text: 'The mail server does not offer SMTPUTF8, which an address with such letters before the @ needs.',
};

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** RFC 6531 §3.4: also where only the header needs the extension. The library declares it for the envelope alone. */
const declareUtf8 = (connection: LibraryConnection): void => {
  const send = connection._sendCommand;
  connection._sendCommand = (command, shown) =>
    send.call(connection, command.startsWith('MAIL FROM:') ? `${command} SMTPUTF8` : command, shown);
};

/**
 * Leaves out the recipients that this server cannot be told, where the library would name them all the same; all of
 * them where the header cannot be told. Turns PIPELINING off for the connection: with it the library asks for DATA before
 * it knows whether anybody was accepted, answers a 354 to that with an empty message, and waits for the reply
 * (delivery §4).
 *
 * @param utf8Header an address in the header needs SMTPUTF8
 */
export const reachable = (
  envelope: LibraryEnvelope,
  connection: LibraryConnection,
  utf8Header: boolean
): LibraryEnvelope => {
  const offered = connection._supportedExtensions ?? [];
  connection._supportedExtensions = offered.filter((extension) => extension !== 'PIPELINING');
  // What the message before it on this connection needed is its own.
  delete (connection as Partial<LibraryConnection>)._sendCommand;
  const asciiEnvelope = [envelope.from, ...envelope.to].every(isAscii);
  if (offered.includes('SMTPUTF8')) {
    if (utf8Header && asciiEnvelope) declareUtf8(connection);
    return { ...envelope };
  }
  return { ...envelope, to: isAscii(envelope.from) && !utf8Header ? envelope.to.filter(isAscii) : [] };
};
