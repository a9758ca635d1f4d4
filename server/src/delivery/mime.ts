import MailComposer from 'nodemailer/lib/mail-composer';
import type { MessageParts } from '../domain/message';

type Address = { name: string; address: string };

const address = ({ name, email }: { name: string | null; email: string }): Address => ({
  name: name ?? '',
  address: email,
});

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
    subject: parts.subject,
    ...(parts.text === null ? {} : { text: parts.text }),
    ...(parts.html === null ? {} : { html: parts.html }),
    headers: Object.entries(parts.headers).map(([key, value]) => ({ key, value })),
    attachments: parts.attachments.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      content: Buffer.from(content),
      contentDisposition: 'attachment' as const,
    })),
    messageId: parts.messageId,
    date: new Date(parts.date),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
};
