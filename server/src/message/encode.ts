import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import MailComposer from 'nodemailer/lib/mail-composer';
import { base64Bytes, isEncoded, type Attachment, type MeasuredFile, type MessageParts } from '../domain/message';
import { serialize } from './serialize';

type Address = { name: string; address: string };

const address = ({ name, email }: { name: string | null; email: string }): Address => ({
  name: name ?? '',
  address: email,
});

/** RFC 5322 §2.1.1: 998 octets, minus the space that begins a folded line. */
const WORD_MAX_OCTETS = 997;
/** RFC 2047 §2: an encoded-word has at most 75 characters; 45 octets become 60 of base64. */
const ENCODED_OCTETS = 45;

/** Encodes ASCII words that exceed a line: headers are folded between words only, and encoded words can be split. */
const encodeLongWords = (text: string): string => {
  if (/[^\x00-\x7f]/.test(text) || text.split(' ').every((word) => word.length <= WORD_MAX_OCTETS)) return text;
  const words = text.match(new RegExp(`.{1,${ENCODED_OCTETS}}`, 'g')) ?? [];
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`).join(' ');
};

/** A multiple of three that takes a few milliseconds: the library encodes each chunk synchronously. */
const PIECE_BYTES = 192 * 1024;

/** Yields to other requests between two pieces. */
async function* piecesOf(content: Uint8Array): AsyncGenerator<Buffer> {
  for (let start = 0; start < content.length; start += PIECE_BYTES) {
    yield viewOf(content.subarray(start, start + PIECE_BYTES));
    await turn();
  }
}

/** Shares the memory instead of copying it. */
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

const contentOf = (contentType: string, content: Uint8Array): Buffer | Readable =>
  content.length > PIECE_BYTES && isEncoded(contentType)
    ? Readable.from(piecesOf(content), { objectMode: false })
    : viewOf(content);

const LINE_MAX_OCTETS = 998;
const [LF, CR] = [0x0a, 0x0d];

/** Returns true for ASCII without NUL in CRLF lines of permitted length, which need no encoding. */
const isSevenBit = (content: Uint8Array): boolean => {
  let length = 0;
  for (let at = 0; at < content.length; at += 1) {
    const octet = content[at] ?? 0;
    length += 1;
    if (octet === CR && content[at + 1] === LF) {
      at += 1;
      length = 0;
    } else if (octet === 0 || octet === LF || octet === CR || octet > 127 || length > LINE_MAX_OCTETS) return false;
  }
  return true;
};

/** RFC 2046 §5.1, §5.2.1: these types are never encoded, so content that needs an encoding gets a generic type. */
const typeOf = (contentType: string, content: Uint8Array): string => {
  const isUsable = /^\s*message\/rfc822\s*(?:;|$)/i.test(contentType) && isSevenBit(content);
  return /^\s*(?:message|multipart)\//i.test(contentType) && !isUsable ? 'application/octet-stream' : contentType;
};

const composerAttachment = ({ filename, contentType, content, cid }: Attachment) => {
  const type = typeOf(contentType, content);
  return {
    filename,
    contentType: type,
    content: contentOf(type, content),
    // With a Content-ID it becomes a part of multipart/related (RFC 2387).
    ...(cid === null ? { contentDisposition: 'attachment' as const } : { contentDisposition: 'inline' as const, cid }),
  };
};

/**
 * Builds the bytes that every attempt sends (RFC 5322, RFC 2045). The library gets a closed set of fields, each a plain
 * string or buffer; Bcc is not among them.
 */
export const buildMessage = async (parts: MessageParts): Promise<Buffer> => {
  const composer = new MailComposer({
    from: address(parts.from),
    ...(parts.sender === null ? {} : { sender: address({ name: null, email: parts.sender }) }),
    ...(parts.replyTo === null ? {} : { replyTo: address(parts.replyTo) }),
    to: parts.to.map(address),
    cc: parts.cc.map(address),
    subject: encodeLongWords(parts.subject),
    ...(parts.text === null ? {} : { text: parts.text }),
    ...(parts.html === null ? {} : { html: parts.html }),
    headers: Object.entries(parts.headers).map(([key, value]) => ({ key, value })),
    attachments: parts.attachments.map(composerAttachment),
    messageId: parts.messageId,
    date: new Date(parts.date),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return serialize(composer.compile());
};

const withoutContent = (file: Attachment | MeasuredFile): Attachment =>
  'content' in file ? file : { ...file, content: new Uint8Array(0) };

/** Returns the length of `buildMessage`'s result without holding the files in memory. */
export const messageSize = async (parts: MessageParts<Attachment | MeasuredFile>): Promise<number> => {
  const built = await buildMessage({ ...parts, attachments: parts.attachments.map(withoutContent) });
  return parts.attachments.reduce((sum, file) => sum + ('bytes' in file ? base64Bytes(file.bytes) : 0), built.length);
};
