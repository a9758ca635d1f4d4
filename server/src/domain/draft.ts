/** As it was typed: nobody has checked it. */
export type DraftAddress = string | { email: string; name?: string };

/**
 * Unfinished input of a submission: whatever a person has typed or chosen, valid or not. It is judged when it is
 * submitted.
 */
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

/** Only the given keys change; null takes one away. */
export type DraftChange = { [K in keyof DraftContent]: DraftContent[K] | null };

export const changedDraft = (before: DraftContent, change: DraftChange): DraftContent => {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null));
};

export const recipientCount = ({ to = [], cc = [], bcc = [] }: DraftContent): number =>
  to.length + cc.length + bcc.length;

/** RFC 5322 §2.1.1: no subject that can be sent is longer. */
const SUBJECT_UNITS = 998;

/** What a list shows of the subject, however long it is. No database column of text holds NUL. */
export const subjectStart = ({ subject = '' }: DraftContent): string =>
  subject.replaceAll('\0', '').slice(0, SUBJECT_UNITS);
