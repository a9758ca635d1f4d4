import type { Identity, IdentityId, IdentityList } from '../../../server/src/contracts/answers';
import { recipientsIn, type RawRecipient } from '../recipients/parse';

/** A point in time as the two fields of the form hold it: `2026-03-29`, `14:30`. */
export interface Later {
  date: string;
  time: string;
}

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
  to: string;
  cc: string;
  bcc: string;
  subject: string;
  text: string;
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
  text: string;
  sendAt?: string;
  idempotencyKey: string;
}

export const emptyDraft = (key: string): Draft => ({
  key,
  tenant: undefined,
  from: undefined,
  replyTo: undefined,
  to: '',
  cc: '',
  bcc: '',
  subject: '',
  text: '',
  later: null,
});

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
    sendAt,
  }: { tenant: string; from: IdentityId; replyTo: IdentityId | null; sendAt: string | null }
): SubmitBody => ({
  tenant,
  from,
  ...(replyTo === null ? {} : { replyTo }),
  to: recipientsIn(draft.to),
  cc: recipientsIn(draft.cc),
  bcc: recipientsIn(draft.bcc),
  subject: draft.subject,
  text: draft.text,
  ...(sendAt === null ? {} : { sendAt }),
  idempotencyKey: draft.key,
});
