import { headerAddress } from '../domain/address';
import { envelopeOf } from '../domain/envelope';
import type { Identity } from '../domain/identity';
import type { FilePart, MessageParts, Recipient } from '../domain/message';
import type { RecipientField } from '../domain/submission';
import type { SubmitRequest } from '../contracts/submission';
import { cleanHtml, turnsOf } from './clean-html';
import { contentIdOf, shownCids, withContentIds } from './content-ids';
import { textOf } from './plain-text';

export interface Assembled<File extends FilePart> {
  parts: MessageParts<File> & { text: string };
  /** The HTML of `parts`, with the ids of pictures as they were given. */
  html: string | null;
}

/** Local part as typed, domain as A-label (rules §4). */
export const onWire = (email: string): string => headerAddress(email) ?? email;

const inField = (recipients: readonly Recipient[], field: RecipientField) =>
  recipients
    .filter((recipient) => recipient.field === field)
    .map(({ name, email }) => ({ name, email: onWire(email) }));

const senderOf = (from: Identity): string | null => {
  const { sender } = envelopeOf(from);
  return sender === null ? null : onWire(sender);
};

/** A person has an identity with it; the operator's default Reply-To is none's. */
export type ReplyAddress = Pick<Identity, 'name' | 'email'> & { id: Identity['id'] | null };

/** RFC 3834 §5.1: keeps vacation notices and other automatic answers from answering a machine. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated' } as const;

/**
 * Everything that a message is built from. HTML is cleaned, and has a twin for who reads none: what is shown and what is
 * read belong together. A picture that the HTML does not show stands beside it, as any other file.
 *
 * @param attachments with the ids that they were given
 * @param messageId with angle brackets
 * @param date milliseconds since the epoch
 * @param automatic no person wrote it
 */
export const assemble = async <File extends FilePart>(
  { from, replyTo }: { from: Identity; replyTo: ReplyAddress | null },
  request: Pick<SubmitRequest, 'recipients' | 'subject' | 'text' | 'html' | 'headers'>,
  attachments: readonly File[],
  { messageId, date, automatic }: { messageId: string; date: number; automatic: boolean }
): Promise<Assembled<File>> => {
  const cids = new Set(attachments.flatMap(({ cid }) => cid ?? []));
  const html = request.html === null ? null : await cleanHtml(request.html, cids);
  const text = request.text ?? textOf(html ?? '');
  await turnsOf(html ?? '')();
  const shown = shownCids(html ?? '');
  return {
    html,
    parts: {
      from: { name: from.name, email: onWire(from.email) },
      sender: senderOf(from),
      replyTo: replyTo ? { name: replyTo.name, email: onWire(replyTo.email) } : null,
      to: inField(request.recipients, 'to'),
      cc: inField(request.recipients, 'cc'),
      subject: request.subject,
      text,
      html: html === null ? null : withContentIds(html, messageId),
      headers: { ...request.headers, ...(automatic ? AUTOMATIC : {}) },
      attachments: attachments.map((attachment) => {
        const { cid } = attachment;
        return { ...attachment, cid: cid !== null && shown.has(cid) ? contentIdOf(cid, messageId) : null };
      }),
      messageId,
      date,
    },
  };
};
