import type { Attempt, RecipientReply, Reply, Stage, Trouble } from './attempt';
import type { Pause, PauseCode } from './mailbox';
import { pauseOf, sentenceOf } from './pause';
import type { RefusalCode } from './refusal';
import { isOpen, type RecipientState } from './submission';

export type * from './attempt';
export { pauseOf, withoutReply } from './pause';

/*
 * Classifies the end of one attempt (delivery §4). The SMTP reply takes precedence; the I/O error decides only without
 * a reply, because the error code of a library is too vague.
 */

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
 * The server's words about the connection or the login, not about the message. They may name logins and internal hosts,
 * so only administrators of the mailbox see them.
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

/** Consecutive failures of the transport itself; `retry.ts` has the limits after which it is paused. */
export type Streak = 'unreachable' | 'hostUnknown' | 'senderRejected';
/** Result of an attempt for its transport: the server replied, accepted the sender, or a streak grows. */
export type Mark = Streak | 'reached' | 'sender-accepted';

export interface Outcome {
  /** One per recipient that was open, in the same order. */
  recipients: RecipientOutcome[];
  error: OutcomeError | null;
  /** Pauses the transport until an administrator resumes it. */
  pause: Pause | null;
  /** Reason of the retry; null: no recipient is open. */
  again: string | null;
  /** The server replied about this submission: only then the attempt counts. */
  counts: boolean;
  /** null: no result for the transport. */
  mark: Mark | null;
  /** null: no reply, or a reply about the message. */
  transport: TransportReply | null;
}

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

/** Returns the pause that a permanent reply about the transport (not about this submission) causes; null: none. */
const pausingReply = (stage: Stage, reply: Reply): PauseCode | null => {
  // RFC 3207 §4: 454 is temporary, but no server that offers TLS lacks it for a minute only. Nothing is sent in clear.
  if (stage === 'tls' && reply.code !== 421) return 'TLS_FAILED';
  if (isTransient(reply)) return null;
  switch (stage) {
    case 'connect':
    case 'greeting':
    case 'ehlo':
      return 'SERVER_REFUSED';
    case 'auth':
      // RFC 4954 §6: the server implements neither AUTH nor one of the two mechanisms that are tried.
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

/** Stages in which a reply is about this submission. */
const ANSWERED: readonly Stage[] = ['mail', 'rcpt', 'data', 'body', 'dot'];

/** 421 closes the channel after any command (RFC 5321 §3.8); at AUTH, 432 and 454 are temporary, too. */
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

/** Applies the end of an attempt to the recipients that were open when it began. */
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

const NO_EFFECT = { error: null, pause: null, again: null, counts: false } as const;

const unchanged = (open: readonly OpenRecipient[]): RecipientOutcome[] =>
  open.map(({ email, state }) => ({ email, state, reply: null }));

/** Sets refused recipients by their own reply and every other recipient to `rest`. */
const recipientsAfter = (
  open: readonly OpenRecipient[],
  refused: readonly RecipientReply[],
  rest: Omit<RecipientOutcome, 'email'>
): RecipientOutcome[] => {
  const replies = new Map(refused.map(({ email, reply }) => [email, reply]));
  return open.map(({ email }) => {
    const reply = replies.get(email);
    if (!reply) return { email, ...rest };
    return { email, state: isDeferral(reply) ? 'deferred' : 'rejected', reply: reply.text };
  });
};

const endOf = (attempt: Attempt, open: readonly OpenRecipient[]): End => {
  switch (attempt.kind) {
    case 'accepted': {
      const recipients = recipientsAfter(open, attempt.refused, {
        state: 'accepted',
        reply: attempt.reply?.text ?? null,
      });
      const again = recipients.some(({ state }) => isOpen(state)) ? 'transient' : null;
      return { ...NO_EFFECT, recipients, again, counts: true };
    }
    case 'uncertain':
      return {
        ...NO_EFFECT,
        recipients: recipientsAfter(open, attempt.refused, { state: 'uncertain', reply: null }),
        error: {
          code: 'UNCERTAIN',
          message: 'The connection broke after the whole message was out: the server may have it.',
        },
        counts: true,
      };
    case 'lost':
      return { ...NO_EFFECT, recipients: unchanged(open) };
    case 'failed':
      return failedEnd(attempt, open);
  }
};

/** Errors of the stored message: a retry would fail again. */
const MESSAGE_TROUBLE: Partial<Record<Trouble, OutcomeError>> = {
  incomplete: { code: 'ATTACHMENT_NOT_FOUND', message: 'A part of the stored message is gone.' },
  'too-large': { code: 'TOO_LARGE', message: 'The mail server takes no message of this size.' },
};

const failedEnd = (attempt: Extract<Attempt, { kind: 'failed' }>, open: readonly OpenRecipient[]): End => {
  const { stage, reply, trouble, refused } = attempt;
  const counts = ANSWERED.includes(stage) && (reply !== null || refused.length > 0);
  const pause = reply ? pausingReply(stage, reply) : trouble ? (PAUSING_TROUBLE[trouble] ?? null) : null;
  if (pause) return { ...NO_EFFECT, recipients: unchanged(open), pause: pauseOf(pause, reply), again: pause };

  const each = (state: RecipientState, said: Reply | null): RecipientOutcome[] =>
    recipientsAfter(open, refused, { state, reply: said?.text ?? null });
  const broken = trouble ? MESSAGE_TROUBLE[trouble] : undefined;
  if (broken) return { ...NO_EFFECT, recipients: each('rejected', null), error: broken };
  if (stage === 'rcpt' && refused.length > 0) {
    const recipients = each('deferred', reply);
    const error: OutcomeError | null = recipients.some(({ state }) => isOpen(state))
      ? null
      : { code: 'RECIPIENTS_REJECTED', message: 'The mail server accepted none of the recipients.' };
    return { ...NO_EFFECT, recipients, error, again: error ? null : 'transient', counts };
  }
  if (reply && !isTransient(reply) && stage in REPLY_ERROR) {
    const code = REPLY_ERROR[stage as keyof typeof REPLY_ERROR];
    const error = { code, message: `The mail server said: ${reply.text}` };
    return { ...NO_EFFECT, recipients: each('rejected', reply), error, counts };
  }
  return {
    ...NO_EFFECT,
    recipients: each('deferred', ANSWERED.includes(stage) ? reply : null),
    again: trouble === 'host-unknown' ? 'HOST_UNKNOWN' : 'transient',
    counts,
  };
};

/**
 * Returns the outcome of a submission that gets one attempt only: open recipients are rejected instead of retried.
 *
 * @returns the same outcome if there is nothing to retry
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
