/** Unchecked, as typed. */
export type DraftAddress = string | { email: string; name?: string };

/** Unfinished input of a submission, valid or not: submitting it validates it. */
export interface DraftContent {
  from?: string;
  replyTo?: string;
  to?: DraftAddress[];
  cc?: DraftAddress[];
  bcc?: DraftAddress[];
  subject?: string;
  text?: string;
  html?: string;
  attachments?: { file: number; name?: string; cid?: string }[];
  headers?: Record<string, string>;
  sendAt?: string;
  sendZone?: string;
  undoSeconds?: number;
  idempotencyKey?: string;
}

/** Changes the given keys; null removes one. */
export type DraftChange = { [K in keyof DraftContent]: DraftContent[K] | null };

export const changedDraft = (before: DraftContent, change: DraftChange): DraftContent => {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null));
};

export const recipientCount = ({ to = [], cc = [], bcc = [] }: DraftContent): number =>
  to.length + cc.length + bcc.length;

/** RFC 5322 §2.1.1: longest subject that can be sent. */
const SUBJECT_UNITS = 998;

/** Returns the start of the subject for a list. No text column can hold NUL. */
export const subjectStart = ({ subject = '' }: DraftContent): string =>
  subject.replaceAll('\0', '').slice(0, SUBJECT_UNITS);
