import { mailboxParts, parseAddrSpec, parseMailbox, unquoted } from '../domain/address';
import { readWish, type Wish } from '../domain/guard';
import { isShown, type Attachment } from '../domain/message';
import { accept, isPlainObject, reject, type Parsed } from '../contracts/parse';
import { isFileName, parseSubmit, type SubmitLimits, type SubmitRequest } from '../contracts/submission';

/** The parsed options of Strapi's e-mail service; nothing else of them reaches a mail library. */
export interface GuardedMail {
  from: Wish;
  /** Null without a Reply-To. */
  replyTo: Wish | null;
  /** Without its final identities. */
  request: SubmitRequest;
  attachments: Attachment[];
}

const KEYS = ['from', 'to', 'cc', 'bcc', 'replyTo', 'subject', 'text', 'html', 'attachments', 'headers'];
const ATTACHMENT_KEYS = ['filename', 'content', 'contentType', 'encoding', 'contentDisposition', 'cid'];
const MAX_ATTACHMENTS = 100;
/** RFC 6838 §4.2, without parameters. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;
/** Image id, such as `logo`, or `logo@club.example` as in the examples of mail libraries. */
const CID = /^[A-Za-z0-9._@-]{1,128}$/;
/** Default types of images by file extension. */
const PICTURES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
]);
const ENCODINGS = ['base64', 'hex', 'utf8', 'utf-8'] as const;

type Named = { email: string; name?: string };

/** Longest mailbox, with a name of 255 escaped characters. */
const MAILBOX_MAX_UNITS = 2048;

/**
 * Splits a string of several recipients at commas outside of quoted strings. Drops blanks, line breaks and empty items
 * that templates leave. One pass.
 *
 * @returns at most `limit` + 1 items
 */
const splitList = (text: string, limit: number): string[] => {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  const addPiece = (end: number): void => {
    const piece = text.slice(start, end).trim();
    if (piece !== '') pieces.push(piece);
  };
  for (let at = 0; at < text.length && pieces.length <= limit; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      addPiece(at);
      start = at + 1;
    }
  }
  addPiece(text.length);
  return pieces;
};

const isEmptyItem = (item: unknown): boolean =>
  item === null || item === undefined || (typeof item === 'string' && item.trim() === '');

/** Parses one recipient; text that cannot be split into name and address is rejected later as an invalid address. */
const readOne = (text: string): Named => {
  if (text.length > MAILBOX_MAX_UNITS) return { email: text };
  const mailbox = parseMailbox(text);
  if (mailbox) return { email: mailbox.email, ...(mailbox.name === null ? {} : { name: mailbox.name }) };
  // A recipient's name may contain "@" (rules §3); `parseMailbox` reads senders, whose names may not.
  const parts = mailboxParts(text);
  if (!parts || !parseAddrSpec(parts.spec).ok) return { email: text };
  const quoted = unquoted(parts.phrase);
  if (quoted === null && /["<>]/.test(parts.phrase)) return { email: text };
  return { email: parts.spec, name: quoted ?? parts.phrase };
};

/** Reads a string of one or more recipients, or a list of strings and `{ name, address }`; null for other values. */
const readRecipients = (value: unknown, limit: number): Named[] | null => {
  if (typeof value === 'string') return splitList(value, limit).map(readOne);
  const given = Array.isArray(value) ? (value as unknown[]) : [value];
  const items = given.filter((item) => !isEmptyItem(item)).slice(0, limit + 1);
  const read = items.map((item): Named[] | null => {
    if (typeof item === 'string') return splitList(item, limit).map(readOne);
    if (!isPlainObject(item) || typeof item.address !== 'string') return null;
    if (Object.keys(item).some((key) => key !== 'name' && key !== 'address')) return null;
    if (item.name !== undefined && typeof item.name !== 'string') return null;
    return [{ email: item.address.trim(), ...(item.name === undefined ? {} : { name: item.name }) }];
  });
  return read.every((list) => list !== null) ? read.flat() : null;
};

const isEncoding = (value: unknown): value is (typeof ENCODINGS)[number] =>
  (ENCODINGS as readonly unknown[]).includes(value);

const typeOfName = (filename: unknown): string =>
  PICTURES.get(String(filename).split('.').slice(1).at(-1)?.toLowerCase() ?? '') ?? 'application/octet-stream';

/** Accepts inline content only: `path`, `href` and `raw` would read files and URLs (security 5). */
const readAttachment = (item: unknown, at: string): Parsed<Attachment> => {
  const invalid = (path: string, reason: string) => reject('INVALID_INPUT', { path, reason });
  if (!isPlainObject(item)) return invalid(at, 'is not an object');
  const unknown = Object.keys(item).find((key) => item[key] !== undefined && !ATTACHMENT_KEYS.includes(key));
  if (unknown !== undefined) return reject('UNKNOWN_FIELD', { path: `${at}.${unknown}`.slice(0, 200) });
  const { filename, content, contentType = typeOfName(item.filename), encoding = 'utf8' } = item;
  if (typeof filename !== 'string' || !isFileName(filename)) return invalid(`${at}.filename`, 'is not a file name');
  if (typeof contentType !== 'string' || !MEDIA_TYPE.test(contentType))
    return invalid(`${at}.contentType`, 'is not a media type');
  if (!isEncoding(encoding)) return invalid(`${at}.encoding`, 'is not known');
  const cid = item.cid ?? null;
  if (cid !== null && (typeof cid !== 'string' || !CID.test(cid)))
    return invalid(`${at}.cid`, 'is not 1 to 128 of A-Z, a-z, 0-9, ".", "_", "@" and "-"');
  if (cid !== null && !isShown(contentType)) return invalid(`${at}.cid`, 'the file is no PNG, JPEG, GIF or WebP');
  if (content instanceof Uint8Array) return accept({ filename, contentType, content, cid });
  if (typeof content !== 'string') return invalid(`${at}.content`, 'is neither text nor bytes');
  return accept({ filename, contentType, content: Buffer.from(content, encoding), cid });
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
    const { cid } = read.value;
    if (cid !== null && attachments.some((other) => other.cid === cid))
      return reject('INVALID_INPUT', { path: `attachments[${index}].cid`, reason: 'is there twice' });
    attachments.push(read.value);
  }
  return accept(attachments);
};

/**
 * Parses the options of Strapi's e-mail service (`send`, and `sendTemplatedEmail` after its templates). Accepts only the
 * keys of its documentation.
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
    // Repeated recipients are merged later, so this bound is far above the limit.
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
  // Returns the first refusal by rules §9: unknown fields, malformed values, then all others.
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
