import { addressKey } from './address';
import type { Identity, Transport } from './identity';
import { refusal, type Refusal } from './refusal';

/**
 * States of a submission (delivery §2):
 *
 *   held → queued → submitting (claimed → transmitting) → submitted | failed | uncertain
 *   held, queued, claimed → canceled
 *
 * `held`, `submitting` and a cancel are stored; every other state is derived from the recipients.
 */
export type SubmissionState = 'held' | 'queued' | 'submitting' | 'submitted' | 'failed' | 'canceled' | 'uncertain';
export type Phase = 'claimed' | 'transmitting';
export type RecipientState = 'pending' | 'accepted' | 'rejected' | 'deferred' | 'uncertain' | 'canceled' | 'expired';
export type RecipientField = 'to' | 'cc' | 'bcc';

export const SUBMISSION_STATES = [
  'held',
  'queued',
  'submitting',
  'submitted',
  'failed',
  'canceled',
  'uncertain',
] as const satisfies readonly SubmissionState[];

/** States in which a recipient may still be served, or a user must settle the submission (rules §7). */
export const UNFINISHED = ['held', 'queued', 'submitting', 'uncertain'] as const satisfies readonly SubmissionState[];

/** Tests for a state that only a user's action changes. */
export const isSettled = (state: SubmissionState): state is 'submitted' | 'failed' | 'canceled' | 'uncertain' =>
  state === 'submitted' || state === 'failed' || state === 'canceled' || state === 'uncertain';

/** Tests whether an attempt still has to serve the recipient. */
export const isOpen = (state: RecipientState): boolean => state === 'pending' || state === 'deferred';

/** Derives the state after an attempt, cancel, settle or expiry (delivery §2). */
export const deriveState = (
  recipients: readonly RecipientState[]
): 'uncertain' | 'queued' | 'submitted' | 'failed' | 'canceled' => {
  if (recipients.includes('uncertain')) return 'uncertain';
  if (recipients.some(isOpen)) return 'queued';
  if (recipients.includes('accepted')) return 'submitted';
  if (recipients.includes('rejected') || recipients.includes('expired')) return 'failed';
  return 'canceled';
};

/** The decision at accept, which the one at delivery must equal (rules §8). */
export interface Accepted {
  /** Compared form (rules §7). */
  fromKey: string;
  replyKey: string | null;
  transport: { kind: 'system' } | { kind: 'mailbox'; mailbox: string };
}

export const acceptedOf = (from: Identity, replyTo: Identity | null): Accepted => ({
  fromKey: addressKey(from.email),
  replyKey: replyTo ? addressKey(replyTo.email) : null,
  transport: withoutNames(from.transport),
});

const withoutNames = (transport: Transport): Accepted['transport'] =>
  transport.kind === 'system' ? { kind: 'system' } : { kind: 'mailbox', mailbox: transport.mailbox };

const transportId = (transport: Accepted['transport']): string =>
  transport.kind === 'system' ? 'system' : `mailbox:${transport.mailbox}`;

/**
 * Compares the decision at delivery with the one at accept (rules §8). Only names may differ.
 *
 * @returns null, or `SENDER_CHANGED` with the first difference and both values
 */
export const senderChange = (then: Accepted, now: Accepted): Refusal | null => {
  const differs = (which: string, before: string | null, after: string | null): Refusal | null =>
    before === after ? null : refusal('SENDER_CHANGED', { which, before, after });
  return (
    differs('from', then.fromKey, now.fromKey) ??
    differs('replyTo', then.replyKey, now.replyKey) ??
    differs('transport', transportId(then.transport), transportId(now.transport))
  );
};
