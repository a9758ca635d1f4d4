import { mailboxParts, parseAddrSpec, parseMailbox, unquoted } from '../domain/address';
import { readWish, type Wish } from '../domain/guard';
import type { Attachment } from '../domain/message';
import { accept, isPlainObject, reject, type Parsed } from '../contracts/parse';
import { isFileName, parseSubmit, type SubmitLimits, type SubmitRequest } from '../contracts/submission';

/** What Strapi's e-mail service is called with, as read: nothing else of it reaches a mail library. */
export interface GuardedMail {
  from: Wish;
  /** Null: none was named. */
  replyTo: Wish | null;
  /** Its identities are not chosen yet. */
  request: SubmitRequest;
  attachments: Attachment[];
}

const KEYS = ['from', 'to', 'cc', 'bcc', 'replyTo', 'subject', 'text', 'html', 'attachments', 'headers'];
const ATTACHMENT_KEYS = ['filename', 'content', 'contentType', 'encoding', 'contentDisposition'];
const MAX_ATTACHMENTS = 100;
/** RFC 6838 §4.2, without parameters. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;
const ENCODINGS = ['base64', 'hex', 'utf8', 'utf-8'] as const;

type Named = { email: string; name?: string };

/** No mailbox is longer, with a name of 255 characters of which each is escaped. */
const MAILBOX_MAX_UNITS = 2048;

/**
 * Splits at commas that stand outside of quoted strings: how callers write several recipients in one string. One pass,
 * and no more than `most` pieces and one: nobody can make it work for long.
 */
const splitList = (text: string, most: number): string[] => {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length && pieces.length <= most; at += 1) {
    const sign = text[at];
    if (quoted && sign === '\\') at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (sign === ',' && !quoted) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...pieces, text.slice(start)];
};

/** One recipient as text; what cannot be told apart stays whole, to be refused as an address. */
const readOne = (text: string): Named => {
  if (text.length > MAILBOX_MAX_UNITS) return { email: text };
  const mailbox = parseMailbox(text);
  if (mailbox) return { email: mailbox.email, ...(mailbox.name === null ? {} : { name: mailbox.name }) };
  // A recipient's name may hold "@" (rules §3); a sender's, which `parseMailbox` reads, may not.
  const parts = mailboxParts(text);
  if (!parts || !parseAddrSpec(parts.spec).ok) return { email: text };
  const quoted = unquoted(parts.phrase);
  if (quoted === null && /["<>]/.test(parts.phrase)) return { email: text };
  return { email: parts.spec, name: quoted ?? parts.phrase };
};

/** A string of one or more, or a list of strings and `{ name, address }`. Null: something else. */
const readRecipients = (value: unknown, most: number): Named[] | null => {
  if (typeof value === 'string') return splitList(value, most).map(readOne);
  const items = Array.isArray(value) ? (value as unknown[]).slice(0, most + 1) : [value];
  const read = items.map((item): Named[] | null => {
    if (typeof item === 'string') return splitList(item, most).map(readOne);
    if (!isPlainObject(item) || typeof item.address !== 'string') return null;
    if (Object.keys(item).some((key) => key !== 'name' && key !== 'address')) return null;
    if (item.name !== undefined && typeof item.name !== 'string') return null;
    return [{ email: item.address, ...(item.name === undefined ? {} : { name: item.name }) }];
  });
  return read.every((list) => list !== null) ? read.flat() : null;
};

const isEncoding = (value: unknown): value is (typeof ENCODINGS)[number] =>
  (ENCODINGS as readonly unknown[]).includes(value);

/** The content itself, never where it could be fetched: `path`, `href` and `raw` read files and URLs (security 5). */
const readAttachment = (item: unknown, at: string): Parsed<Attachment> => {
  const invalid = (path: string, reason: string) => reject('INVALID_INPUT', { path, reason });
  if (!isPlainObject(item)) return invalid(at, 'is not an object');
  const unknown = Object.keys(item).find((key) => item[key] !== undefined && !ATTACHMENT_KEYS.includes(key));
  if (unknown !== undefined) return reject('UNKNOWN_FIELD', { path: `${at}.${unknown}`.slice(0, 200) });
  const { filename, content, contentType = 'application/octet-stream', encoding = 'utf8' } = item;
  if (typeof filename !== 'string' || !isFileName(filename)) return invalid(`${at}.filename`, 'is not a file name');
  if (typeof contentType !== 'string' || !MEDIA_TYPE.test(contentType))
    return invalid(`${at}.contentType`, 'is not a media type');
  if (!isEncoding(encoding)) return invalid(`${at}.encoding`, 'is not known');
  if (content instanceof Uint8Array) return accept({ filename, contentType, content, cid: null });
  if (typeof content !== 'string') return invalid(`${at}.content`, 'is neither text nor bytes');
  return accept({ filename, contentType, content: Buffer.from(content, encoding), cid: null });
};

/** RFC 2045 §6.8: base64 in lines of 76 characters. */
const encodedBytes = (bytes: number): number => Math.ceil((Math.ceil(bytes / 3) * 4 * 78) / 76);

const readAttachments = (value: unknown, limits: SubmitLimits): Parsed<Attachment[]> => {
  if (value === undefined) return accept([]);
  if (!Array.isArray(value) || value.length > MAX_ATTACHMENTS)
    return reject('INVALID_INPUT', { path: 'attachments', reason: `is not a list of at most ${MAX_ATTACHMENTS}` });
  const attachments: Attachment[] = [];
  let size = 0;
  for (const [index, item] of (value as unknown[]).entries()) {
    const read = readAttachment(item, `attachments[${index}]`);
    if (!read.ok) return read;
    size += encodedBytes(read.value.content.length);
    if (size > limits.messageBytes) return reject('TOO_LARGE', { limit: limits.messageBytes });
    attachments.push(read.value);
  }
  return accept(attachments);
};

/**
 * Reads what Strapi's e-mail service was called with (`send`, and `sendTemplatedEmail` after its templates): the keys
 * of its own documentation and no others.
 *
 * @param now milliseconds since the epoch
 * @returns refusals in the order of rules §9; a From or Reply-To that is no single mailbox is a wish for nothing
 */
export const readGuardedMail = (options: unknown, limits: SubmitLimits, now: number): Parsed<GuardedMail> => {
  if (!isPlainObject(options)) return reject('INVALID_INPUT', { path: '' });
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null)
  );
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return reject('UNKNOWN_FIELD', { path: unknown.slice(0, 200) });

  const lists: Record<string, Named[]> = {};
  for (const field of ['to', 'cc', 'bcc']) {
    if (given[field] === undefined || given[field] === '') continue;
    // Far beyond what repetitions could explain: refused as too many.
    const list = readRecipients(given[field], Math.max(10 * limits.recipients, 1000));
    if (list === null) return reject('INVALID_INPUT', { path: field, reason: 'is not a list of addresses' });
    lists[field] = list;
  }
  const attachments = readAttachments(given.attachments, limits);
  const { text, html, subject = '', headers } = given;
  const request = parseSubmit(
    {
      from: 'system',
      ...lists,
      subject,
      ...(text === undefined ? {} : { text }),
      ...(html === undefined ? {} : { html }),
      ...(headers === undefined ? {} : { headers }),
    },
    limits,
    now
  );
  // Of two refusals the one that rules §9 names first: what is unknown, what is malformed, all others.
  if (!attachments.ok && (request.ok || attachments.refusal.code === 'UNKNOWN_FIELD')) return attachments;
  if (!request.ok) return request;
  if (!attachments.ok) return attachments;
  return accept({
    from: readWish(given.from),
    replyTo: given.replyTo === undefined || given.replyTo === '' ? null : readWish(given.replyTo),
    request: request.value,
    attachments: attachments.value,
  });
};
