import { headerAddress } from '../domain/address';
import { envelopeOf } from '../domain/envelope';
import type { Identity } from '../domain/identity';
import type { FilePart, MessageParts, Recipient } from '../domain/message';
import type { RecipientField } from '../domain/submission';
import type { SubmitRequest } from '../contracts/submission';
import { yielderFor } from './clean-html';
import { cleanOnce } from './clean-once';
import { contentIdOf, shownCids, withContentIds } from './content-ids';
import { textOf } from './plain-text';

export interface Assembled<File extends FilePart> {
  parts: MessageParts<File> & { text: string };
  /** The HTML of `parts`, with the image ids of the request. */
  html: string | null;
  /** `html` without the signature that the editor inserted */
  own: string | null;
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

/** `id` is null for the operator's default Reply-To, which is no identity. */
export type ReplyAddress = Pick<Identity, 'name' | 'email'> & { id: Identity['id'] | null };

/** RFC 3834 §5.1: prevents vacation notices and other automatic replies. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated' } as const;

/**
 * Assembles the parts of a message: cleans the HTML and adds a text part made from it. Images that the HTML does not
 * reference become ordinary attachments.
 *
 * @param attachments with the image ids of the request
 * @param messageId with angle brackets
 * @param date milliseconds since the epoch
 * @param automatic true for mail of system actors
 */
export const assemble = async <File extends FilePart>(
  { from, replyTo }: { from: Identity; replyTo: ReplyAddress | null },
  request: Pick<SubmitRequest, 'recipients' | 'subject' | 'text' | 'html' | 'headers'>,
  attachments: readonly File[],
  { messageId, date, automatic }: { messageId: string; date: number; automatic: boolean }
): Promise<Assembled<File>> => {
  const cids = new Set(attachments.flatMap(({ cid }) => cid ?? []));
  const { html, own } = request.html === null ? { html: null, own: null } : await cleanOnce(request.html, cids);
  const text = request.text ?? textOf(html ?? '');
  await yielderFor(html ?? '')();
  const shown = shownCids(html ?? '');
  return {
    html,
    own,
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
