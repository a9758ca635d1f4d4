import { deriveState, type Phase, type RecipientState, type SubmissionState } from './submission';

/* Actions of a user on a submission, by its state (delivery §2). */

/** Tests for a state before the transmission of the current attempt. */
export const isCancelable = (state: SubmissionState, phase: Phase | null): boolean =>
  state === 'held' || state === 'queued' || (state === 'submitting' && phase === 'claimed');

/** A cancel after a partial delivery ends as submitted. */
export const wasCanceled = (state: SubmissionState, recipients: readonly RecipientState[]): boolean =>
  state === 'canceled' || (state === 'submitted' && recipients.includes('canceled'));

/** Tests for a chosen `sendAt`; the undo window alone cannot be moved. */
export const isReschedulable = (state: SubmissionState, sendAt: number | null): boolean =>
  state === 'held' && sendAt !== null;

/** Other recipients get another message, so an uncertain submission can be resent, too. */
export const isResendable = (state: SubmissionState): boolean =>
  state === 'submitted' || state === 'failed' || state === 'uncertain';

/**
 * Returns the states of the recipients that a retry would serve.
 *
 * @returns empty: there is nothing to retry
 */
export const retriedStates = (state: SubmissionState, recipients: readonly RecipientState[]): RecipientState[] => {
  const among = (...wanted: RecipientState[]): RecipientState[] => wanted.filter((one) => recipients.includes(one));
  switch (state) {
    case 'failed':
    case 'submitted':
      return among('rejected', 'expired');
    case 'uncertain':
      return among('uncertain');
    case 'held':
    case 'queued':
    case 'submitting':
    case 'canceled':
      return [];
  }
};

export type SettledAs = 'submitted' | 'failed';

/** Returns the new state of uncertain recipients and of the submission after a user settled it. */
export const settledStates = (as: SettledAs, recipients: readonly RecipientState[]) => {
  const to: RecipientState = as === 'submitted' ? 'accepted' : 'rejected';
  return { to, state: deriveState(recipients.map((state) => (state === 'uncertain' ? to : state))) };
};
