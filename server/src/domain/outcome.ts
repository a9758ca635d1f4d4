import type { Pause, PauseCode } from './mailbox';
import type { RefusalCode } from './refusal';
import { isOpen, type RecipientState } from './submission';

/**
 * What the end of one attempt means (delivery §4). The SMTP reply is asked first and the I/O trouble
 * only where there is none, because a library's error code says too little about either.
 */

/** A reply as it may be shown: printable, one line. RFC 5321 §4.2. */
export interface Reply {
  code: number;
  text: string;
}

export interface RecipientReply {
  email: string;
  reply: Reply;
}

/** How far the conversation had come when it ended. */
export type Stage = 'connect' | 'greeting' | 'ehlo' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot';

/** What went wrong where no reply says it. */
export type Trouble =
  | 'connection'
  | 'timeout'
  | 'certificate'
  | 'host-unknown'
  | 'host-not-allowed'
  | 'auth-not-offered'
  | 'too-large'
  /** Bytes of the stored message are gone: a file of it, or part of the text. */
  | 'incomplete'
  | 'secret-required'
  | 'secret-unreadable';

export type Attempt =
  /** A 2yz to the end of data; `refused` are recipients that were refused before. Reply null: a provider that gives none. */
  | { kind: 'accepted'; reply: Reply | null; refused: readonly RecipientReply[] }
  /** End of data was out and no reply came: the server may have it. */
  | { kind: 'uncertain'; refused: readonly RecipientReply[] }
  /** Our own fence stopped it before the final dot: nothing left the machine, and the row is not ours any more. */
  | { kind: 'lost' }
  | { kind: 'failed'; stage: Stage; reply: Reply | null; trouble: Trouble | null; refused: readonly RecipientReply[] };

export type OutcomeCode =
  | RefusalCode
  | 'SENDER_REJECTED'
  | 'RECIPIENTS_REJECTED'
  | 'CONTENT_REJECTED'
  | 'EXPIRED'
  | 'UNCERTAIN'
  | 'ATTEMPT_FAILED';

export interface OutcomeError {
  code: OutcomeCode;
  message: string;
  details?: Record<string, unknown>;
}

/**
 * The server's words about the connection or the login, not about the message: they may name logins and internal hosts,
 * so they are kept with the attempt and shown to those who administer the mailbox.
 */
export interface TransportReply {
  code: PauseCode;
  reply: string;
}

export interface OpenRecipient {
  email: string;
  state: RecipientState;
}

export interface RecipientOutcome {
  email: string;
  state: RecipientState;
  reply: string | null;
}

/** What went wrong with the transport itself: so many in a row pause it. */
export type Streak = 'unreachable' | 'hostUnknown' | 'senderRejected';
/** What an attempt's end says of its transport: the server answered, took the sender, or one more of a streak. */
export type Mark = Streak | 'reached' | 'sender-accepted';

export interface Outcome {
  /** One per recipient that was open, in the same order. */
  recipients: RecipientOutcome[];
  error: OutcomeError | null;
  /** The transport must rest until a person acts. */
  pause: Pause | null;
  /** Worth another try: what to tell about it. Null where nothing is left to try. */
  again: string | null;
  /** The server was reached and answered for this submission: only then it counts as an attempt. */
  counts: boolean;
  /** Null: it says nothing. */
  mark: Mark | null;
  /** Null: the server said nothing, or spoke of the message. */
  transport: TransportReply | null;
}

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

/** Microsoft's answer to a password where only OAuth2 is allowed. */
const BASIC_AUTH_DISABLED = /^550 5\.7\.30\b/;

const SERVER_SAID = ' The server said: ';

export const pauseOf = (code: PauseCode, reply: Reply | null = null): Pause => {
  const hint =
    reply && BASIC_AUTH_DISABLED.test(reply.text) ? 'Microsoft no longer accepts passwords here.' : PAUSE_MESSAGE[code];
  return { code, message: reply ? `${hint}${SERVER_SAID}${reply.text}` : hint };
};

const sentenceOf = (message: string): string => message.split(SERVER_SAID, 1)[0] ?? '';

/** A pause as everybody may see it: the sentence without the server's words. */
export const withoutReply = <P extends Pause>(pause: P): P => ({ ...pause, message: sentenceOf(pause.message) });

const isTransient = ({ code }: Reply): boolean => code >= 400 && code < 500;

/** RFC 5321 §4.5.3.1.10: 552 at RCPT means "too many recipients, try the rest later". */
const isDeferral = (reply: Reply): boolean => isTransient(reply) || reply.code === 552;

const REPLY_ERROR = {
  mail: 'SENDER_REJECTED',
  data: 'CONTENT_REJECTED',
  body: 'CONTENT_REJECTED',
  dot: 'CONTENT_REJECTED',
} as const satisfies Partial<Record<Stage, OutcomeCode>>;

const PAUSING_TROUBLE: Partial<Record<Trouble, PauseCode>> = {
  certificate: 'TLS_FAILED',
  'host-not-allowed': 'HOST_NOT_ALLOWED',
  'auth-not-offered': 'AUTH_NOT_OFFERED',
  'secret-required': 'SECRET_REQUIRED',
  'secret-unreadable': 'SECRET_UNREADABLE',
};

/** A permanent reply that speaks of the transport and not of this submission pauses the mailbox. */
const pausingReply = (stage: Stage, reply: Reply): PauseCode | null => {
  // RFC 3207 §4: 454 means "not now", but which server that offers TLS says so for a minute? Nothing goes in clear.
  if (stage === 'tls' && reply.code !== 421) return 'TLS_FAILED';
  if (isTransient(reply)) return null;
  switch (stage) {
    case 'connect':
    case 'greeting':
    case 'ehlo':
      return 'SERVER_REFUSED';
    case 'auth':
      // RFC 4954 §6: neither the command nor any way to send a password is known (delivery tries two).
      return reply.code >= 500 && reply.code <= 504 ? 'AUTH_NOT_OFFERED' : 'AUTH_FAILED';
    case 'mail':
      return reply.code === 530 ? 'AUTH_FAILED' : null;
    case 'tls':
    case 'rcpt':
    case 'data':
    case 'body':
    case 'dot':
      return null;
  }
};

const ANSWERED: readonly Stage[] = ['mail', 'rcpt', 'data', 'body', 'dot'];

/** 421 closes the channel whatever it answers (RFC 5321 §3.8); at AUTH 432 and 454 mean "not now", too. */
const isThrottle = (stage: Stage, reply: Reply): boolean =>
  reply.code === 421 || (stage === 'auth' && isTransient(reply));

const markOf = (attempt: Attempt): Mark | null => {
  if (attempt.kind === 'lost') return null;
  if (attempt.kind !== 'failed') return 'sender-accepted';
  const { stage, reply, trouble } = attempt;
  if (trouble === 'host-unknown') return 'hostUnknown';
  if (trouble === 'connection' || trouble === 'timeout') return 'unreachable';
  if (trouble !== null) return null;
  if (reply && isThrottle(stage, reply)) return 'unreachable';
  if (stage === 'mail') return reply && !isTransient(reply) ? 'senderRejected' : 'reached';
  if (stage === 'greeting' || stage === 'connect' || stage === 'ehlo' || stage === 'tls') return 'unreachable';
  return stage === 'auth' ? 'reached' : 'sender-accepted';
};

/** Applies an attempt's end to the recipients that were open when it began. */
export const outcomeOf = (attempt: Attempt, open: readonly OpenRecipient[]): Outcome => {
  const end = endOf(attempt, open);
  return { ...end, mark: markOf(attempt), transport: transportReplyOf(attempt, end.pause) };
};

const transportReplyOf = (attempt: Attempt, pause: Pause | null): TransportReply | null => {
  if (attempt.kind !== 'failed' || !attempt.reply) return null;
  if (!pause && ANSWERED.includes(attempt.stage)) return null;
  return { code: pause?.code ?? 'UNREACHABLE', reply: attempt.reply.text };
};

type End = Omit<Outcome, 'mark' | 'transport'>;

const endOf = (attempt: Attempt, open: readonly OpenRecipient[]): End => {
  const refusedBy = new Map(
    'refused' in attempt ? attempt.refused.map(({ email, reply }) => [email, reply] as const) : []
  );
  const each = (rest: { state: RecipientState; reply: string | null }): RecipientOutcome[] =>
    open.map(({ email }) => {
      const reply = refusedBy.get(email);
      if (!reply) return { email, ...rest };
      return { email, state: isDeferral(reply) ? 'deferred' : 'rejected', reply: reply.text };
    });
  const unchanged = (): RecipientOutcome[] => open.map(({ email, state }) => ({ email, state, reply: null }));
  const deferred = (reply: Reply | null, again: string, counts: boolean, pause: Pause | null = null): End => ({
    recipients: each({ state: 'deferred', reply: reply?.text ?? null }),
    error: null,
    pause,
    again,
    counts,
  });

  switch (attempt.kind) {
    case 'accepted': {
      const recipients = each({ state: 'accepted', reply: attempt.reply?.text ?? null });
      return {
        recipients,
        error: null,
        pause: null,
        again: recipients.some(({ state }) => isOpen(state)) ? 'transient' : null,
        counts: true,
      };
    }
    case 'uncertain':
      return {
        recipients: each({ state: 'uncertain', reply: null }),
        error: {
          code: 'UNCERTAIN',
          message: 'The connection broke after the whole message was out: the server may have it.',
        },
        pause: null,
        again: null,
        counts: true,
      };
    case 'lost':
      return { recipients: unchanged(), error: null, pause: null, again: null, counts: false };
    case 'failed': {
      const { stage, reply, trouble } = attempt;
      const counts = ANSWERED.includes(stage) && (reply !== null || attempt.refused.length > 0);
      const pause = reply ? pausingReply(stage, reply) : trouble ? (PAUSING_TROUBLE[trouble] ?? null) : null;
      if (pause) return { ...deferred(null, pause, false, pauseOf(pause, reply)), recipients: unchanged() };
      if (trouble === 'incomplete')
        return {
          recipients: each({ state: 'rejected', reply: null }),
          error: { code: 'ATTACHMENT_NOT_FOUND', message: 'A part of the stored message is gone.' },
          pause: null,
          again: null,
          counts: false,
        };
      if (trouble === 'too-large')
        return {
          recipients: each({ state: 'rejected', reply: null }),
          error: { code: 'TOO_LARGE', message: 'The mail server takes no message of this size.' },
          pause: null,
          again: null,
          counts: false,
        };
      if (stage === 'rcpt' && attempt.refused.length > 0) {
        const recipients = each({ state: 'deferred', reply: reply?.text ?? null });
        const error: OutcomeError | null = recipients.some(({ state }) => isOpen(state))
          ? null
          : { code: 'RECIPIENTS_REJECTED', message: 'The mail server accepted none of the recipients.' };
        return { recipients, error, pause: null, again: error ? null : 'transient', counts };
      }
      if (reply && !isTransient(reply) && stage in REPLY_ERROR)
        return {
          recipients: each({ state: 'rejected', reply: reply.text }),
          error: {
            code: REPLY_ERROR[stage as keyof typeof REPLY_ERROR],
            message: `The mail server said: ${reply.text}`,
          },
          pause: null,
          again: null,
          counts,
        };
      return deferred(
        ANSWERED.includes(stage) ? reply : null,
        trouble === 'host-unknown' ? 'HOST_UNKNOWN' : 'transient',
        counts
      );
    }
  }
};

/**
 * A submission that gets one attempt only: what would be tried again, or would wait, has failed.
 *
 * @returns the same outcome where nothing is left to try
 */
export const withoutRetry = (outcome: Outcome): Outcome => {
  if (outcome.again === null) return outcome;
  const recipients = outcome.recipients.map((recipient) =>
    isOpen(recipient.state) ? { ...recipient, state: 'rejected' as const } : recipient
  );
  return { ...outcome, recipients, error: attemptFailed(outcome.again, outcome.pause?.message), again: null };
};

export const attemptFailed = (because: string, message = 'The message could not be handed over.'): OutcomeError => ({
  code: 'ATTEMPT_FAILED',
  message: sentenceOf(message),
  details: { because },
});
