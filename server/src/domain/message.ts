import type { RecipientField } from './submission';

/** A recipient as parsed: one addr-spec, an optional display name. */
export interface Recipient {
  email: string;
  /** Compared form (rules §7): one RCPT per key. */
  key: string;
  name: string | null;
  field: RecipientField;
}

/** A file of a message, without what is in it. */
export interface FilePart {
  filename: string;
  contentType: string;
  /** The id by which the HTML shows it (RFC 2392), without angle brackets; null: it stands beside the text. */
  cid: string | null;
}

export interface Attachment extends FilePart {
  content: Uint8Array;
}

/** A file that goes as base64, of which only the size is known: enough to know that of the message. */
export interface MeasuredFile extends FilePart {
  bytes: number;
}

/** RFC 2046 §5.2.1: a message in a message has no encoding, so its size depends on what is in it. */
export const isEncoded = (contentType: string): boolean => !/^message\//i.test(contentType);

/** RFC 2045 §6.8: so many bytes as base64, in lines of 76 characters. */
export const base64Bytes = (bytes: number): number => {
  const characters = Math.ceil(bytes / 3) * 4;
  return characters + 2 * Math.max(0, Math.ceil(characters / 76) - 1);
};

/** What mail programs show inside of a text. Not SVG: it is a document, and can run and load things. */
const SHOWN_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
export const isShown = (contentType: string): boolean => SHOWN_TYPES.includes(contentType);

/** Everything a message is built from: a closed set of fields, nothing else reaches the mail library. */
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

/** One RCPT per address: the first field that names it (to, cc, bcc) wins. */
export const distinctRecipients = (recipients: readonly Recipient[]): Recipient[] => {
  const seen = new Set<string>();
  return recipients.filter(({ key }) => !seen.has(key) && seen.add(key));
};
