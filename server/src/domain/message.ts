import type { RecipientField } from './submission';

/** A recipient as parsed: one addr-spec, an optional display name. */
export interface Recipient {
  email: string;
  /** Compared form (rules §7): one RCPT per key. */
  key: string;
  name: string | null;
  field: RecipientField;
}

/** A file of a message, without its content. */
export interface FilePart {
  filename: string;
  contentType: string;
  /** Content-ID by which the HTML refers to it (RFC 2392), without angle brackets; null: not inline. */
  cid: string | null;
}

export interface Attachment extends FilePart {
  content: Uint8Array;
}

/** A file of which only the size is known, to compute the size of the message. */
export interface MeasuredFile extends FilePart {
  bytes: number;
}

/** RFC 2046 §5.2.1: an attached message has no encoding, so its size depends on its content. */
export const isEncoded = (contentType: string): boolean => !/^message\//i.test(contentType);

/** Returns the size of `bytes` as base64 in lines of 76 characters (RFC 2045 §6.8). */
export const base64Bytes = (bytes: number): number => {
  const characters = Math.ceil(bytes / 3) * 4;
  return characters + 2 * Math.max(0, Math.ceil(characters / 76) - 1);
};

/** Images that mail programs show inline. Not SVG: it can run scripts and load other files. */
const SHOWN_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
export const isShown = (contentType: string): boolean => SHOWN_TYPES.includes(contentType);

/** Every field of a message. The mail library gets no other: some of its options read files or URLs. */
export interface MessageParts<File extends FilePart = Attachment> {
  from: { name: string | null; email: string };
  sender: string | null;
  replyTo: { name: string | null; email: string } | null;
  to: { name: string | null; email: string }[];
  cc: { name: string | null; email: string }[];
  subject: string;
  text: string | null;
  html: string | null;
  headers: Record<string, string>;
  attachments: File[];
  /** With angle brackets, as in the header. */
  messageId: string;
  /** Milliseconds since the epoch. */
  date: number;
}

/** Returns one recipient per address: the first field (to, cc, bcc) wins. */
export const distinctRecipients = (recipients: readonly Recipient[]): Recipient[] => {
  const seen = new Set<string>();
  return recipients.filter(({ key }) => !seen.has(key) && seen.add(key));
};
