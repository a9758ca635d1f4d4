import * as base64 from 'nodemailer/lib/base64';
import type MimeNode from 'nodemailer/lib/mime-node';
import * as qp from 'nodemailer/lib/qp';

/** Longer content is left to the library, which encodes it in steps: one step of this length takes a millisecond. */
const AT_ONCE_CHARACTERS = 16 * 1024;

/**
 * Returns the bytes of a compiled message (RFC 5322, RFC 2045). Streams of the library take most of the time that a small
 * message costs: content that is a short string goes through its encoders without them. Only soft line breaks can differ.
 */
export const serialize = async (message: MimeNode): Promise<Buffer> =>
  contentsOf(message).every(isShort) ? Buffer.from(inCrLf(partOf(message)), 'utf8') : message.build();

const contentsOf = (node: MimeNode): MimeNode['content'][] => [node.content, ...node.childNodes.flatMap(contentsOf)];

const isShort = (content: MimeNode['content']): boolean =>
  content === undefined || (typeof content === 'string' && content.length <= AT_ONCE_CHARACTERS);

const partOf = (node: MimeNode): string => {
  // Sets the transfer encoding and, for a multipart, its boundary.
  const header = node.buildHeaders();
  return `${header}\r\n\r\n${bodyOf(node)}${node.multipart ? childrenOf(node) : ''}`;
};

const bodyOf = (node: MimeNode): string => {
  const content = typeof node.content === 'string' ? node.content : '';
  const encoding = node.getTransferEncoding();
  if (encoding === 'quoted-printable') return qp.wrap(qp.encode(content));
  return encoding === 'base64' ? base64.wrap(base64.encode(content)) : content;
};

/** RFC 2046 §5.1.1 */
const childrenOf = ({ boundary, childNodes }: MimeNode): string =>
  `${childNodes.map((child) => `--${boundary}\r\n${partOf(child)}`).join('\r\n')}\r\n--${boundary}--\r\n`;

/** Lines end with CRLF, the last one too (RFC 5322 §2.3). */
const inCrLf = (text: string): string => {
  const ended = text.endsWith('\n') ? text : `${text}${text.endsWith('\r') ? '\n' : '\r\n'}`;
  return ended.replace(/(?<!\r)\n/g, '\r\n');
};
