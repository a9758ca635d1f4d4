import type { OutcomeCode } from '../domain/outcome';
import type { SubmissionState } from '../domain/submission';

/**
 * Events on `strapi.eventHub` and Strapi's webhooks (contract "Events"): after commit, at most once. A payload contains
 * ids, states and codes, never bodies, addresses or secrets: the API has the rest, with permission checks.
 */
export interface SubmissionEvent {
  /** Id of the submission */
  id: string;
  /** documentId */
  tenant: string;
  state: SubmissionState;
  /** Code of `Submission.error`; null: none */
  code: OutcomeCode | null;
}

export interface GrantEvent {
  /** Id of the grant */
  id: string;
  /** documentId; null: deleted */
  mailbox: string | null;
  /** `user` and `role` null: deleted */
  user: number | null;
  role: number | null;
}

/** `id` of a mailbox: its documentId, or 'system'. */
export interface EventPayloads {
  'mailboxes.submission.accepted': SubmissionEvent;
  'mailboxes.submission.submitted': SubmissionEvent;
  'mailboxes.submission.failed': SubmissionEvent;
  'mailboxes.submission.uncertain': SubmissionEvent;
  'mailboxes.submission.canceled': SubmissionEvent;
  'mailboxes.mailbox.paused': { id: string; code: string };
  'mailboxes.mailbox.recovered': { id: string };
  'mailboxes.grant.created': GrantEvent;
  'mailboxes.grant.deleted': GrantEvent;
}

export type EventName = keyof EventPayloads;

const submission = (state: SubmissionState, code: OutcomeCode | null): SubmissionEvent => ({
  id: 'tz4a98xxat96iws9zmbrgj3a',
  tenant: 'pfh0haxfpzowht3oi213cqos',
  state,
  code,
});
const grant: GrantEvent = {
  id: 'rbvc9wxbs1l4x8n2d5kq7j0m',
  mailbox: 'bw4z6jkqjf3ycqsqcb3j1rv9',
  user: 7,
  role: null,
};
const mailbox = { id: 'bw4z6jkqjf3ycqsqcb3j1rv9' };

/** An example payload of every event. */
export const EVENT_EXAMPLES: EventPayloads = {
  'mailboxes.submission.accepted': submission('queued', null),
  'mailboxes.submission.submitted': submission('submitted', null),
  'mailboxes.submission.failed': submission('failed', 'RECIPIENTS_REJECTED'),
  'mailboxes.submission.uncertain': submission('uncertain', 'UNCERTAIN'),
  'mailboxes.submission.canceled': submission('canceled', null),
  'mailboxes.mailbox.paused': { ...mailbox, code: 'AUTH_FAILED' },
  'mailboxes.mailbox.recovered': mailbox,
  'mailboxes.grant.created': grant,
  'mailboxes.grant.deleted': grant,
};

export const EVENT_NAMES = Object.keys(EVENT_EXAMPLES) as EventName[];

export type Emit = <E extends EventName>(event: E, payload: EventPayloads[E]) => void;
