import type { Reply } from './attempt';
import type { Pause, PauseCode } from './mailbox';

const PAUSE_MESSAGE: Record<PauseCode, string> = {
  AUTH_FAILED: 'The mail server refused the login. Check login name and password.',
  AUTH_NOT_OFFERED: 'The mail server offers no login with a password.',
  TLS_FAILED: 'No trusted encrypted connection to the mail server could be made.',
  HOST_UNKNOWN: 'The name of the mail server is not known.',
  HOST_NOT_ALLOWED: 'The address of the mail server is in a network that is not allowed.',
  SERVER_REFUSED: 'The mail server refuses to talk to this site.',
  SENDER_REJECTED: 'The mail server refuses this sender address.',
  SECRET_REQUIRED: 'The password of this mailbox is needed.',
  SECRET_UNREADABLE: 'The stored password cannot be read with the keys of this site. Enter it again.',
  UNREACHABLE: 'The mail server cannot be reached.',
};

/** Microsoft's reply to a password if only OAuth2 is allowed. */
const BASIC_AUTH_DISABLED = /^550 5\.7\.30\b/;

const SERVER_SAID = ' The server said: ';

export const pauseOf = (code: PauseCode, reply: Reply | null = null): Pause => {
  const hint =
    reply && BASIC_AUTH_DISABLED.test(reply.text) ? 'Microsoft no longer accepts passwords here.' : PAUSE_MESSAGE[code];
  return { code, message: reply ? `${hint}${SERVER_SAID}${reply.text}` : hint };
};

/** Removes the server's words from a pause's message. */
export const sentenceOf = (message: string): string => message.split(SERVER_SAID, 1)[0] ?? '';

/** Returns the pause without the server's words, as every user may see it. */
export const withoutReply = <P extends Pause>(pause: P): P => ({ ...pause, message: sentenceOf(pause.message) });
