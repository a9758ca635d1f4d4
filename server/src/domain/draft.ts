/** Unchecked, as typed. */
export type DraftAddress = string | { email: string; name?: string };

/** Content of a message and how it is submitted, as in a request. */
export interface ContentInput {
  /** At least one of text and html. */
  text?: string;
  html?: string;
  /**
   * `file`: id in the media library; its content is copied when the submission is accepted. `cid`: 1 to 64 of
   * `[A-Za-z0-9._-]`, unique in the message; the HTML refers to the image by `<img src="cid:…">`
   */
  attachments?: { file: number; name?: string; cid?: string }[];
  /** Names begin with `X-`. */
  headers?: Record<string, string>;
  /** ISO 8601 with zone, not more than 5 minutes ago, at most 366 days ahead */
  sendAt?: string;
  /** IANA name of the zone in which the admin panel shows `sendAt`; only with `sendAt` */
  sendZone?: string;
  /** 0 to 120; default: as configured for a user, 0 for a system actor */
  undoSeconds?: number;
  /** 1 to 255 printable ASCII characters: the same key and the same input return the same submission */
  idempotencyKey?: string;
}

/** Unfinished input of a submission, valid or not: submitting it validates it. */
export interface DraftContent extends ContentInput {
  from?: string;
  replyTo?: string;
  to?: DraftAddress[];
  cc?: DraftAddress[];
  bcc?: DraftAddress[];
  subject?: string;
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
