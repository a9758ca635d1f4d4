import { addressKey } from '../domain/address';
import type { Attempt, RecipientReply, Stage, Trouble } from '../domain/outcome';
import { isClosed, readReply, refusalOf, stageOf, troubleOf, type MailError } from './errors';
import {
  supportedEnvelope,
  UTF8_NOT_OFFERED,
  type LibraryConnection,
  type LibraryEnvelope,
} from './nodemailer-internals';

/** A message to hand over, with its fences. */
export interface HandOver {
  envelope: { from: string; to: readonly string[] };
  messageId: string;
  /** An address in its header has letters before the @ that need SMTPUTF8. */
  utf8Header: boolean;
  sizeBytes: number;
  chunks: () => AsyncIterable<Uint8Array>;
  /** Called after the server's 354 and before the first byte; `false` stops the message (delivery §3.3). */
  beginTransmission: () => Promise<boolean>;
  /** Called before the last chunk; `false` when the lease was lost. */
  stillOurs: () => Promise<boolean>;
  /** Stops the attempt until the end of data is out; after that only the reply decides. */
  signal: AbortSignal;
}

export interface Timeouts {
  /** Limit for the connection, and again for the greeting and everything up to TLS. */
  connectMs: number;
  /** Limit without progress before the end of data: the message can still be retried safely. */
  stallMs: number;
  /** RFC 5321 §4.5.3.2.6: ten minutes for the reply to the final dot, even if it trickles in. */
  replyMs: number;
}

/** Hooks of one message for the stream plugin of the pool. */
export interface StreamHooks {
  /** @param reused the connection has taken messages before */
  mailboxesEnvelope: (envelope: LibraryEnvelope, connection: LibraryConnection, reused: boolean) => LibraryEnvelope;
  mailboxesBody: () => AsyncGenerator<Uint8Array>;
}

/** Progress of the body: not requested, stopped by a fence, stored bytes missing, under way, final dot out. */
type Progress = 'before' | 'fenced' | 'incomplete' | 'body' | 'end';

/** Thrown inside the body stream: the connection closes without the final dot, and nothing was submitted. */
class FenceError extends Error {}

/**
 * Tracks the hand-over of one message: streams its body past the fences, enforces the timeouts, and derives the attempt
 * from the reply or the library's error.
 *
 * @param secrets never shown, should a server repeat them
 */
export const createTransmission = (
  message: HandOver,
  secrets: readonly string[],
  { stallMs, replyMs }: Pick<Timeouts, 'stallMs' | 'replyMs'>
) => {
  const abort = new AbortController();
  let progress: Progress = 'before';
  /** Recipients left out of the envelope because the server does not offer SMTPUTF8. */
  let unsupported: RecipientReply[] = [];
  let sentEnvelope: LibraryEnvelope | undefined;
  /** The connection has taken messages before, and the body of this one has not been requested. */
  let onReusedConnection = false;
  let over = false;
  message.signal.addEventListener('abort', abortBeforeEnd, { once: true });
  let timer = setTimeout(abortBeforeEnd, stallMs);

  return {
    hooks: { mailboxesEnvelope: restrictEnvelope, mailboxesBody: body } satisfies StreamHooks,
    signal: abort.signal,
    startConnection,
    needsNewConnection,
    isBodyOut: (): boolean => progress === 'end',
    attemptOfReply,
    attemptOfError,
    end,
  };

  function startConnection(): void {
    onReusedConnection = false;
  }

  /** Returns whether a server closed a used connection before the body (RFC 5321 §3.8, §4.5.3.2): nothing is out. */
  function needsNewConnection(error: unknown): boolean {
    return onReusedConnection && !abort.signal.aborted && isClosed(error as MailError);
  }

  function attemptOfReply(response: string | undefined): Attempt {
    const reply = readReply(response, secrets);
    const refused = refusedRecipients();
    if (progress === 'end') return reply ? { kind: 'accepted', reply, refused } : { kind: 'uncertain', refused };
    return { kind: 'failed', stage: 'body', reply: null, trouble: 'connection', refused };
  }

  function attemptOfError(error: MailError): Attempt {
    const reply = refusalOf(error, secrets);
    const refused = refusedRecipients();
    const failed = (stage: Stage, trouble: Trouble | null): Attempt => ({
      kind: 'failed',
      stage,
      reply,
      trouble,
      refused,
    });
    if (progress === 'fenced' || (message.signal.aborted && progress !== 'end')) return { kind: 'lost' };
    if (progress === 'incomplete') return failed('body', 'incomplete');
    if (progress === 'end') return reply ? failed('dot', null) : { kind: 'uncertain', refused };
    if (unsupported.length > 0 && refused.length === message.envelope.to.length) return failed('rcpt', null);
    return failed(progress === 'body' ? 'body' : stageOf(error, reply), reply ? null : troubleOf(error));
  }

  function end(): void {
    over = true;
    clearTimeout(timer);
    message.signal.removeEventListener('abort', abortBeforeEnd);
  }

  function restrictEnvelope(
    envelope: LibraryEnvelope,
    connection: LibraryConnection,
    reused: boolean
  ): LibraryEnvelope {
    onReusedConnection = reused;
    sentEnvelope = supportedEnvelope(envelope, connection, message.utf8Header);
    const supported = new Set(sentEnvelope.to.map(addressKey));
    unsupported = message.envelope.to
      .filter((email) => !supported.has(addressKey(email)))
      .map((email) => ({ email, reply: UTF8_NOT_OFFERED }));
    return sentEnvelope;
  }

  /** Runs when the library pipes the body, which is after the server's 354. */
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* content();
    } catch (error) {
      // An error of ours, such as a lost database: not the server's fault, and nothing was submitted.
      if (!(error instanceof FenceError) && progress !== 'end') progress = 'fenced';
      throw error;
    }
  }

  async function* content(): AsyncGenerator<Uint8Array> {
    onReusedConnection = false;
    restartStallTimer();
    if (!(await message.beginTransmission())) throw stopAt('fenced', 'stopped at the point of no return');
    progress = 'body';
    let last: Uint8Array | null = null;
    let size = 0;
    for await (const chunk of message.chunks()) {
      restartStallTimer();
      if (last) yield last;
      last = chunk;
      size += chunk.length;
    }
    if (size !== message.sizeBytes) throw stopAt('incomplete', 'the stored message is not complete');
    if (!(await message.stillOurs())) throw stopAt('fenced', 'the lease was lost');
    restartStallTimer();
    if (last) yield last;
    startReplyTimer();
    progress = 'end';
  }

  function stopAt(reached: 'fenced' | 'incomplete', why: string): FenceError {
    progress = reached;
    return new FenceError(why);
  }

  function refusedRecipients(): RecipientReply[] {
    // RFC 2920 §3.1: after a refused MAIL FROM, the replies to RCPT TO say nothing about the recipients.
    const errors = sentEnvelope?.mailError ? [] : (sentEnvelope?.rejectedErrors ?? []);
    const byServer = errors.flatMap((error) => {
      const reply = refusalOf(error, secrets);
      const email = message.envelope.to.find((to) => addressKey(to) === addressKey(error.recipient ?? ''));
      return reply && email !== undefined ? [{ email, reply }] : [];
    });
    return [...unsupported, ...byServer];
  }

  function abortBeforeEnd(): void {
    if (progress !== 'end') abort.abort();
  }

  function restartStallTimer(): void {
    if (over) throw new FenceError('the conversation is over');
    clearTimeout(timer);
    timer = setTimeout(abortBeforeEnd, stallMs);
  }

  function startReplyTimer(): void {
    restartStallTimer();
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), replyMs);
  }
};

export type Transmission = ReturnType<typeof createTransmission>;
