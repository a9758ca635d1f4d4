import type { Identity, IdentityId, IdentityList } from '../../../../server/src/contracts/answers';
import { isBlank } from '../../editor/html';
import { withAdded } from '../../recipients/chips';
import { recipientsIn, type RawRecipient } from '../../recipients/parse';
import { filesOf, type Attached } from '../attached';

/** A point in time as the fields of the form hold it: `2026-03-29`, `14:30`, `Europe/Berlin`. */
export interface Later {
  date: string;
  time: string;
  /** IANA name. */
  zone: string;
}

/** One field of recipients: what became a chip, and what is being typed. */
export interface Recipients {
  value: RawRecipient[];
  pending: string;
}

export type RecipientField = 'to' | 'cc' | 'bcc';
export const RECIPIENT_FIELDS: readonly RecipientField[] = ['to', 'cc', 'bcc'];

/** Everything that an editor has typed or chosen. */
export interface Draft {
  /** Made once per composed message: a double click or a repeated request gives one submission. */
  key: string;
  /** documentId; undefined: the first one of the switch */
  tenant: string | undefined;
  /** undefined: what the server preselects */
  from: IdentityId | undefined;
  /** null: none; undefined: what the server preselects */
  replyTo: IdentityId | null | undefined;
  to: Recipients;
  cc: Recipients;
  bcc: Recipients;
  subject: string;
  /** As the editor writes it; pictures of the message are `cid:`. */
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
  /** The stored draft that this becomes, and its version. */
  draft?: string;
  draftVersion?: number;
}

const NOBODY: Recipients = { value: [], pending: '' };

export const emptyDraft = (key: string): Draft => ({
  key,
  tenant: undefined,
  from: undefined,
  replyTo: undefined,
  to: NOBODY,
  cc: NOBODY,
  bcc: NOBODY,
  subject: '',
  html: '',
  attachments: [],
  later: null,
});

/** Chips, and what is typed behind them. */
export const recipientsOf = ({ value, pending }: Recipients): RawRecipient[] =>
  pending.trim() === '' ? value : withAdded(value, recipientsIn(pending)).value;

/** Has nobody typed anything? Which identities are chosen, and a signature, are no text. */
export const isUnwritten = (draft: Draft): boolean =>
  draft.subject.trim() === '' &&
  isBlank(draft.html) &&
  draft.attachments.length === 0 &&
  draft.later === null &&
  RECIPIENT_FIELDS.every((field) => recipientsOf(draft[field]).length === 0);

/** An entry that is chosen, none, or one that was chosen and is not offered any more: that is never replaced silently. */
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

/** What is sent to the server. `sendAt`: ISO 8601 with offset, or null for now. */
export const bodyOf = (
  draft: Draft,
  {
    tenant,
    from,
    replyTo,
    sendAt = null,
    stored = null,
  }: {
    tenant: string;
    from: IdentityId;
    replyTo: IdentityId | null;
    sendAt?: string | null;
    stored?: { id: string; version: number } | null;
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
});
