import MailComposer from 'nodemailer/lib/mail-composer';
import type { MessageParts } from '../domain/message';

type Address = { name: string; address: string };

const address = ({ name, email }: { name: string | null; email: string }): Address => ({
  name: name ?? '',
  address: email,
});

/** RFC 5322 §2.1.1: 998 octets, one of which is the space that a folded line begins with. */
const WORD_MAX_OCTETS = 997;
/** RFC 2047 §2: an encoded-word has 75 characters at most; 45 octets are 60 of base64. */
const ENCODED_OCTETS = 45;

/** A line is folded between words: an ASCII word that is too long for a line is encoded, so that it can be folded, too. */
const foldable = (text: string): string => {
  if (/[^\x00-\x7f]/.test(text) || text.split(' ').every((word) => word.length <= WORD_MAX_OCTETS)) return text;
  const words = text.match(new RegExp(`.{1,${ENCODED_OCTETS}}`, 'g')) ?? [];
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`).join(' ');
};

/**
 * Builds the message's bytes, once: every attempt hands over the same (RFC 5322, RFC 2045). Only the closed set
 * of fields reaches the library, every value a plain string or buffer, and Bcc is not among them.
 */
export const buildMessage = async (parts: MessageParts): Promise<Buffer> => {
  const composer = new MailComposer({
    from: address(parts.from),
    ...(parts.sender === null ? {} : { sender: address({ name: null, email: parts.sender }) }),
    ...(parts.replyTo === null ? {} : { replyTo: address(parts.replyTo) }),
    to: parts.to.map(address),
    cc: parts.cc.map(address),
    subject: foldable(parts.subject),
    ...(parts.text === null ? {} : { text: parts.text }),
    ...(parts.html === null ? {} : { html: parts.html }),
    headers: Object.entries(parts.headers).map(([key, value]) => ({ key, value })),
    attachments: parts.attachments.map(({ filename, contentType, content, cid }) => ({
      filename,
      contentType,
      content: Buffer.from(content),
      // With an id it stands beside the HTML in multipart/related (RFC 2387).
      ...(cid === null
        ? { contentDisposition: 'attachment' as const }
        : { contentDisposition: 'inline' as const, cid }),
    })),
    messageId: parts.messageId,
    date: new Date(parts.date),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
};
