import type { Reply, Stage, Trouble } from '../domain/outcome';
import { printable, redact } from '../secrets/redact';

/** Fields in use of the mail library's errors. */
export interface MailError extends Error {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  recipient?: string;
}

/** RFC 5321 §4.2: three digits, then a space, a hyphen or nothing. Other text is no reply. */
const REPLY = /^([2-5][0-9]{2})(?:[ -]|\r?\n|$)/;

/** @param secrets never shown, should a server repeat them */
export const readReply = (response: string | undefined, secrets: readonly string[]): Reply | null => {
  const code = REPLY.exec(response ?? '')?.[1];
  return response === undefined || code === undefined
    ? null
    : { code: Number(code), text: printable(redact(response, secrets)) };
};

/** Returns a 4yz or 5yz reply (RFC 5321 §4.2.1); an unexpected 2yz or 3yz has no meaning. */
export const refusalOf = (error: MailError, secrets: readonly string[]): Reply | null => {
  const reply = readReply(error.response, secrets);
  return reply && reply.code >= 400 ? reply : null;
};

/**
 * Returns whether the connection was closed. For a reused connection the library reports nothing else, even if the last
 * reply was 421.
 */
export const isClosed = ({ code, response }: MailError): boolean => code === 'ECONNECTION' && response === undefined;

const STAGE_OF_COMMAND: readonly [prefix: string, stage: Stage][] = [
  ['EHLO', 'ehlo'],
  ['HELO', 'ehlo'],
  ['STARTTLS', 'tls'],
  ['AUTH', 'auth'],
  ['MAIL FROM', 'mail'],
  ['RCPT TO', 'rcpt'],
  ['DATA', 'data'],
];

/** Returns the stage at which a conversation ended before the body. */
export const stageOf = ({ command = '' }: MailError, reply: Reply | null): Stage => {
  const known = STAGE_OF_COMMAND.find(([prefix]) => command.startsWith(prefix));
  if (known) return known[1];
  return reply ? 'greeting' : 'connect';
};

const CERTIFICATE_CODES = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|^ERR_SSL|^ERR_TLS|HOSTNAME_MISMATCH/;
const CERTIFICATE_TEXT = /certificate|self[- ]signed|altname|wrong version number|ssl routines|tlsv1 alert/i;
const LOST_IN_HANDSHAKE = /ECONNRESET|EPIPE|ETIMEDOUT|closed unexpectedly|socket disconnected|Greeting never received/i;

/** Classifies an error without a reply; certificate problems arrive as socket errors. */
export const troubleOf = ({ code, originalCode, message, command }: MailError): Trouble => {
  if (code === 'EHOSTNOTALLOWED') return 'host-not-allowed';
  if (code === 'EDNS') return 'host-unknown';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'EMESSAGE') return 'too-large';
  if (code === 'EAUTH') return 'auth-not-offered';
  if (CERTIFICATE_CODES.test(`${originalCode ?? ''} ${code ?? ''}`) || CERTIFICATE_TEXT.test(message))
    return 'certificate';
  if (code === 'ETLS' && command !== 'CONN' && !LOST_IN_HANDSHAKE.test(`${originalCode ?? ''} ${message}`))
    return 'certificate';
  return 'connection';
};
