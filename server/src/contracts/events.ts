import type { OutcomeCode } from '../domain/outcome';
import type { SubmissionState } from '../domain/submission';

/**
 * Events on `strapi.eventHub` and Strapi's webhooks (contract "Events"): after commit, at most once. A payload holds ids,
 * states and codes, never bodies, addresses or secrets; what more there is to know, the API says to those who may ask.
 */
export interface SubmissionEvent {
  /** The submission's */
  id: string;
  /** documentId */
  tenant: string;
  state: SubmissionState;
  /** Of `Submission.error`; null: none */
  code: OutcomeCode | null;
}

export interface GrantEvent {
  /** The grant's */
  id: string;
  /** documentId; null: it is gone */
  mailbox: string | null;
  /** Both null: whom it named is gone */
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

/** Every event, with what its payload looks like. */
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
