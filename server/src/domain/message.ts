import type { RecipientField } from './submission';

/** A recipient as parsed: one addr-spec, an optional display name. */
export interface Recipient {
  email: string;
  /** Compared form (rules §7): one RCPT per key. */
  key: string;
  name: string | null;
  field: RecipientField;
}

export interface Attachment {
  filename: string;
  contentType: string;
  content: Uint8Array;
  /** The id by which the HTML shows it (RFC 2392), without angle brackets; null: it stands beside the text. */
  cid: string | null;
}

/** What mail programs show inside of a text. Not SVG: it is a document, and can run and load things. */
const SHOWN_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
export const isShown = (contentType: string): boolean => SHOWN_TYPES.includes(contentType);

/** Everything a message is built from: a closed set of fields, nothing else reaches the mail library. */
export interface MessageParts {
  from: { name: string | null; email: string };
  sender: string | null;
  replyTo: { name: string | null; email: string } | null;
  to: { name: string | null; email: string }[];
  cc: { name: string | null; email: string }[];
  subject: string;
  text: string | null;
  html: string | null;
  headers: Record<string, string>;
  attachments: Attachment[];
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
