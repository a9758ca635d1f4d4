import type { Identity, IdentityId, IdentityList } from '../../../../server/src/contracts/answers';
import { isBlank } from '../../editor/html';
import { withAdded } from '../../recipients/chips';
import { recipientsIn, type RawRecipient } from '../../recipients/parse';
import { filesOf, type Attached } from '../attached';

/** A scheduled time as in the form's fields: `2026-03-29`, `14:30`, `Europe/Berlin`. */
export interface Later {
  date: string;
  time: string;
  /** IANA name. */
  zone: string;
}

/** Recipients of one field: chips, and the text typed after them. */
export interface Recipients {
  value: RawRecipient[];
  pending: string;
}

export type RecipientField = 'to' | 'cc' | 'bcc';
export const RECIPIENT_FIELDS: readonly RecipientField[] = ['to', 'cc', 'bcc'];

/** Content of the form. */
export interface Draft {
  /** Idempotency key: a double click or a repeated request makes one submission. */
  key: string;
  /** documentId; undefined: the first tenant of the user */
  tenant: string | undefined;
  /** undefined: preselected by the server */
  from: IdentityId | undefined;
  /** null: none; undefined: preselected by the server */
  replyTo: IdentityId | null | undefined;
  to: Recipients;
  cc: Recipients;
  bcc: Recipients;
  subject: string;
  /** HTML of the editor, with `cid:` sources for pictures. */
  html: string;
  attachments: readonly Attached[];
  later: Later | null;
}

export interface SubmitBody {
  tenant?: string;
  from: IdentityId;
  replyTo?: IdentityId;
  to: RawRecipient[];
  cc: RawRecipient[];
  bcc: RawRecipient[];
  subject: string;
  html: string;
  attachments: { file: number; name: string; cid?: string }[];
  sendAt?: string;
  sendZone?: string;
  idempotencyKey: string;
  /** Id of the stored draft that is sent. */
  draft?: string;
  draftVersion?: number;
  /** Codes; the server answers with the other warnings instead of accepting the submission. */
  acceptWarnings?: readonly string[];
}

const NO_RECIPIENTS: Recipients = { value: [], pending: '' };

export const emptyDraft = (key: string): Draft => ({
  key,
  tenant: undefined,
  from: undefined,
  replyTo: undefined,
  to: NO_RECIPIENTS,
  cc: NO_RECIPIENTS,
  bcc: NO_RECIPIENTS,
  subject: '',
  html: '',
  attachments: [],
  later: null,
});

/** Returns the chips and the recipients in the typed text. */
export const recipientsOf = ({ value, pending }: Recipients): RawRecipient[] =>
  pending.trim() === '' ? value : withAdded(value, recipientsIn(pending)).value;

/** Is there nothing to send or to store? Chosen identities and a signature do not count. */
export const isUnwritten = (draft: Draft): boolean =>
  draft.subject.trim() === '' &&
  isBlank(draft.html) &&
  draft.attachments.length === 0 &&
  draft.later === null &&
  RECIPIENT_FIELDS.every((field) => recipientsOf(draft[field]).length === 0);

/** Chosen identity, or null. `gone`: the chosen identity is not offered any more; it is never replaced silently. */
export type Choice = { identity: Identity | null; gone: boolean };

const choiceOf = (
  offered: readonly Identity[],
  chosen: IdentityId | null | undefined,
  preselected: IdentityId | null
): Choice => {
  const wanted = chosen === undefined ? preselected : chosen;
  const identity = offered.find(({ id }) => id === wanted) ?? null;
  return { identity, gone: wanted !== null && identity === null };
};

export const chosenFrom = (draft: Draft, list: IdentityList): Choice =>
  choiceOf(list.from, draft.from, list.preselected.from);

export const chosenReplyTo = (draft: Draft, list: IdentityList): Choice =>
  choiceOf(list.replyTo, draft.replyTo, list.preselected.replyTo);

/**
 * Builds the body of a submission.
 *
 * @param sendAt ISO 8601 with offset; null: now
 * @param stored the stored draft that is sent
 * @param acceptWarnings codes of the warnings that do not prevent it; absent: all
 */
export const bodyOf = (
  draft: Draft,
  {
    tenant,
    from,
    replyTo,
    sendAt = null,
    stored = null,
    acceptWarnings,
  }: {
    tenant: string;
    from: IdentityId;
    replyTo: IdentityId | null;
    sendAt?: string | null;
    stored?: { id: string; version: number } | null;
    acceptWarnings?: readonly string[];
  }
): SubmitBody => ({
  tenant,
  from,
  ...(replyTo === null ? {} : { replyTo }),
  to: recipientsOf(draft.to),
  cc: recipientsOf(draft.cc),
  bcc: recipientsOf(draft.bcc),
  subject: draft.subject,
  html: draft.html,
  attachments: filesOf(draft),
  ...(sendAt === null ? {} : { sendAt, ...(draft.later && { sendZone: draft.later.zone }) }),
  idempotencyKey: draft.key,
  ...(stored === null ? {} : { draft: stored.id, draftVersion: stored.version }),
  ...(acceptWarnings && { acceptWarnings }),
});
