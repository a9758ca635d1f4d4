import type { Emit } from '../contracts/events';
import type { SubmissionEnd } from '../outbox/repository';

export type EmitSubmission = (
  event: 'accepted' | 'submitted' | 'failed' | 'canceled' | 'uncertain',
  submission: SubmissionEnd
) => void;

/** Returns an emitter of `mailboxes.submission.*`. */
export const createSubmissionEvents =
  (emit: Emit): EmitSubmission =>
  (event, { id, tenant, state, error }) =>
    emit(`mailboxes.submission.${event}`, { id, tenant, state, code: error?.code ?? null });
