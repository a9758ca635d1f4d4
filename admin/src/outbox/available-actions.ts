import type { Submission } from '../../../server/src/contracts/answers';

const isRefused = (state: Submission['recipients'][number]['state']): boolean =>
  state === 'rejected' || state === 'expired';

/** Addresses of the rejected and expired recipients. */
export const refusedAddresses = ({ recipients }: Pick<Submission, 'recipients'>): string[] =>
  recipients.filter(({ state }) => isRefused(state)).map(({ email }) => email);

export interface Actions {
  cancel: boolean;
  retry: boolean;
  settle: boolean;
  reschedule: boolean;
  /** Send to another address, as a new submission of the same author. */
  resend: boolean;
  /** Open the draft that cancelling restored. */
  edit: boolean;
}

/** Returns the actions to offer in this state; the server decides when one is requested. */
export const actionsOf = (submission: Submission, isAuthor = false): Actions => {
  const { state, sendAt, draft } = submission;
  return {
    cancel: state === 'held' || state === 'queued' || state === 'submitting',
    retry:
      state === 'failed' || state === 'uncertain' || (state === 'submitted' && refusedAddresses(submission).length > 0),
    settle: state === 'uncertain',
    reschedule: state === 'held' && sendAt !== null,
    resend: isAuthor && (state === 'submitted' || state === 'failed' || state === 'uncertain'),
    edit: state === 'canceled' && draft !== null,
  };
};
