import type { Emit } from '../contracts/events';
import type { SubmissionRow } from '../outbox/repository';

export type EmitSubmission = (
  event: 'accepted' | 'submitted' | 'failed' | 'canceled' | 'uncertain',
  submission: Pick<SubmissionRow, 'id' | 'tenant' | 'state' | 'error'>
) => void;

/** Returns an emitter of `mailboxes.submission.*`. */
export const createSubmissionEvents =
  (emit: Emit): EmitSubmission =>
  (event, { id, tenant, state, error }) =>
    emit(`mailboxes.submission.${event}`, { id, tenant, state, code: error?.code ?? null });
