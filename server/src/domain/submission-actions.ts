import { deriveState, type Phase, type RecipientState, type SubmissionState } from './submission';

/** What a person may still do to a submission (delivery §2). */

/** Before the point of no return: nothing of this attempt has left. */
export const isCancelable = (state: SubmissionState, phase: Phase | null): boolean =>
  state === 'held' || state === 'queued' || (state === 'submitting' && phase === 'claimed');

/** Part of it may have been accepted before: then it ended as submitted. */
export const wasCanceled = (state: SubmissionState, recipients: readonly RecipientState[]): boolean =>
  state === 'canceled' || (state === 'submitted' && recipients.includes('canceled'));

/** It waits for a day that somebody chose; an undo window is nobody's choice. */
export const isReschedulable = (state: SubmissionState, sendAt: number | null): boolean =>
  state === 'held' && sendAt !== null;

/** Nothing of it is on its way; another address gets another message, also where nobody knows about the first. */
export const isResendable = (state: SubmissionState): boolean =>
  state === 'submitted' || state === 'failed' || state === 'uncertain';

/**
 * Which recipients another try would serve.
 *
 * @returns their states; empty where there is nothing to try again
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

/** What a person's word makes of those whose fate nobody knew, and of the submission. */
export const settledStates = (as: SettledAs, recipients: readonly RecipientState[]) => {
  const to: RecipientState = as === 'submitted' ? 'accepted' : 'rejected';
  return { to, state: deriveState(recipients.map((state) => (state === 'uncertain' ? to : state))) };
};
