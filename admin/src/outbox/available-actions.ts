import type { Submission } from '../../../server/src/contracts/answers';

const isRefused = (state: Submission['recipients'][number]['state']): boolean =>
  state === 'rejected' || state === 'expired';

/** Whom a server would not take, or not in all the time there was. */
export const refusedAddresses = ({ recipients }: Pick<Submission, 'recipients'>): string[] =>
  recipients.filter(({ state }) => isRefused(state)).map(({ email }) => email);

export interface Actions {
  cancel: boolean;
  retry: boolean;
  settle: boolean;
  reschedule: boolean;
  /** To another address, as another message of the same author. */
  resend: boolean;
  /** What was written came back. */
  edit: boolean;
}

/** What a person may ask for now; whether it comes in time, the server says. */
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
