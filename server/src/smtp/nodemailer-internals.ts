import type { Reply } from '../domain/outcome';
import type { MailError } from './errors';

/* Every use of nodemailer's private fields and untyped hooks. */

export interface LibraryEnvelope {
  [key: string]: unknown;
  from: string;
  to: string[];
  /** Filled by the library at RCPT TO; its errors hold this list only if all recipients were refused. */
  rejectedErrors?: MailError[];
  /** Filled by the library when MAIL FROM was refused: with PIPELINING the recipients follow anyway. */
  mailError?: MailError;
}

export interface LibraryConnection {
  _supportedExtensions?: string[];
  _responseActions: ((reply: string) => void)[];
  close: () => void;
  _sendCommand: (command: string, shown?: string) => void;
}

/** A connection of the pool. */
export interface LibraryResource {
  queueEntry?: { mail: unknown } | false;
  connection?: LibraryConnection;
  /** Number of messages taken, in any outcome. */
  messages?: number;
}

/** Returns the pool's connection for a message. */
export const resourceOf = (transporter: { transporter: unknown }, mail: unknown): LibraryResource | undefined => {
  const { _connections: resources = [] } = transporter.transporter as { _connections?: LibraryResource[] };
  return resources.find(({ queueEntry }) => queueEntry && queueEntry.mail === mail);
};

export interface LoginContext {
  auth: { credentials: { user: string; pass: string } };
  sendCommand: (command: string, done: (error: Error | null, reply: { response: string }) => void) => void;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** RFC 5321 §4.2.1 and RFC 4954 §6: unknown command or mechanism. The credentials were not checked. */
const isUnknown = (code: number): boolean => code >= 500 && code <= 504;

/**
 * Logs in with AUTH PLAIN (RFC 4616), and once with LOGIN if the server rejects PLAIN as unknown, although it may offer
 * it. Uses callbacks: after a 421 the library drops a result that arrives in a later turn than the reply.
 */
export const plainOrLogin = ({ auth, sendCommand, resolve, reject }: LoginContext): void => {
  const { user, pass } = auth.credentials;
  const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  const send = (command: string, next: (code: number) => void): void =>
    sendCommand(command, (_error, { response }) => next(Number(response.slice(0, 3))));
  const end = (code: number): void => (code >= 200 && code < 300 ? resolve() : reject(new Error('Invalid login')));
  const byLogin = (): void =>
    send('AUTH LOGIN', (first) => {
      if (first !== 334) return end(first);
      send(encoded(user), (second) => (second === 334 ? send(encoded(pass), end) : end(second)));
    });
  const token = encoded(`\0${user}\0${pass}`);
  send(`AUTH PLAIN ${token}`, (code) => {
    if (code === 334) return send(token, end);
    return isUnknown(code) ? byLogin() : end(code);
  });
};

/** RFC 6531 §3.2: without the extension such an address cannot be part of any command. */
export const UTF8_NOT_OFFERED: Reply = {
  code: 553,
  text: 'The mail server does not offer SMTPUTF8, which an address with such letters before the @ needs.',
};

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** RFC 6531 §3.4: required also if only the header needs the extension; the library checks the envelope alone. */
const declareUtf8 = (connection: LibraryConnection): void => {
  const send = connection._sendCommand;
  connection._sendCommand = (command, shown) =>
    send.call(connection, command.startsWith('MAIL FROM:') ? `${command} SMTPUTF8` : command, shown);
};

/**
 * With PIPELINING (RFC 2920) the library sends DATA along with RCPT TO, and ends an empty message if a server takes DATA
 * without a recipient. Closes the connection instead, and reports the refused recipients (delivery §4).
 */
const closeWithoutRecipients = (connection: LibraryConnection): void => {
  const send = connection._sendCommand;
  connection._sendCommand = (command, shown) => {
    if (command !== '.') return send.call(connection, command, shown);
    const report = connection._responseActions.pop();
    connection.close();
    report?.('');
  };
};

/**
 * Omits the recipients that need SMTPUTF8 if the server does not offer it (the library would send them anyway), and all
 * recipients if the header needs it.
 *
 * @param utf8Header an address in the header needs SMTPUTF8
 */
export const supportedEnvelope = (
  envelope: LibraryEnvelope,
  connection: LibraryConnection,
  utf8Header: boolean
): LibraryEnvelope => {
  const offered = connection._supportedExtensions ?? [];
  // Undoes the changes for the previous message on this connection.
  delete (connection as Partial<LibraryConnection>)._sendCommand;
  closeWithoutRecipients(connection);
  const asciiEnvelope = [envelope.from, ...envelope.to].every(isAscii);
  if (offered.includes('SMTPUTF8')) {
    if (utf8Header && asciiEnvelope) declareUtf8(connection);
    return { ...envelope };
  }
  return { ...envelope, to: isAscii(envelope.from) && !utf8Header ? envelope.to.filter(isAscii) : [] };
};
