import type { NamedActor } from '../../domain/actor';
import type { Transport } from '../../domain/identity';
import type { OutcomeCode } from '../../domain/outcome';
import type { RecipientField, RecipientState, SubmissionState } from '../../domain/submission';

/** A submission with its recipients and their states. */
export interface Submission {
  id: string;
  state: SubmissionState;
  actor: NamedActor;
  /** Name of its author, if the reader is another user. */
  author?: string;
  /** documentId */
  tenant: string;
  from: { name: string | null; email: string };
  replyTo: { name: string | null; email: string } | null;
  transport: Transport;
  messageId: string;
  subject: string;
  createdAt: string;
  sendAt: string | null;
  /** IANA name of the zone that `sendAt` was chosen in; null: not given. */
  sendZone: string | null;
  settledAt: string | null;
  attempts: number;
  nextAttemptAt: string | null;
  error: { code: OutcomeCode; message: string; details?: object } | null;
  /** Its draft, if a cancel restored it and it still exists; only for its author. */
  draft: string | null;
  /** The submission that this one resends to other recipients. */
  resentFrom: string | null;
  recipients: { email: string; name?: string; field: RecipientField; state: RecipientState; reply: string | null }[];
}
