import type { Reply } from '../domain/outcome';
import type { MailError } from './mail-errors';

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
}

/** The connection of the pool that a message was given to. */
export const connectionOf = (transporter: { transporter: unknown }, mail: unknown): LibraryConnection | undefined => {
  const { _connections: resources = [] } = transporter.transporter as {
    _connections?: { queueEntry?: { mail: unknown } | false; connection?: LibraryConnection }[];
  };
  return resources.find(({ queueEntry }) => queueEntry && queueEntry.mail === mail)?.connection;
};

/** RFC 6531 §3.2: without the extension such an address cannot be named at all. */
export const UTF8_NOT_OFFERED: Reply = {
  code: 553,
  text: 'The mail server does not offer SMTPUTF8, which an address with such letters before the @ needs.',
};

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/**
 * Leaves out the recipients that this server cannot be told, where the library would name them all the same; and turns
 * PIPELINING off for the connection: with it the library asks for DATA before it knows whether anybody was accepted,
 * answers a 354 to that with an empty message, and waits for the reply (delivery §4).
 */
export const reachable = (envelope: LibraryEnvelope, connection: LibraryConnection): LibraryEnvelope => {
  const offered = connection._supportedExtensions ?? [];
  connection._supportedExtensions = offered.filter((extension) => extension !== 'PIPELINING');
  if (offered.includes('SMTPUTF8')) return { ...envelope };
  return { ...envelope, to: isAscii(envelope.from) ? envelope.to.filter(isAscii) : [] };
};
