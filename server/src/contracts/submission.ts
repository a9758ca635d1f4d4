import * as yup from 'yup';
import { parseAddrSpec } from '../domain/address';
import type { IdentityId } from '../domain/identity';
import { IDENTITY_ID } from '../domain/identity-id';
import { distinctRecipients, type Recipient } from '../domain/message';
import { headerProblem, normalise, recipientNameProblem, subjectProblem } from '../domain/text';
import { isZone } from '../domain/zone';
import { parseInstant } from './instant';
import { accept, adminId, integer, isPlainObject, parse, reject, tenantRef, text, version, type Parsed } from './parse';

export const identityId = () => yup.string<IdentityId>().strict().matches(IDENTITY_ID, 'is not an identity id');

export const identityCheckSchema = yup.object({
  tenant: tenantRef(),
  from: identityId().required(),
  replyTo: identityId(),
});

/** Whose signature? */
export const signatureSchema = yup.object({ from: identityId().required() });

type RawAddress = string | { email: string; name?: string };

const ADDRESS_KEYS = ['email', 'name'];
/** The lists whose items are read one by one, with the keys that an item may have. */
export const ADDRESS_ITEMS = { to: ADDRESS_KEYS, cc: ADDRESS_KEYS, bcc: ADDRESS_KEYS };
export const ATTACHMENT_KEYS = ['file', 'name', 'cid'];
const MAX_ATTACHMENTS = 100;
const MAX_HEADERS = 50;
const MAX_UNDO_SECONDS = 120;
/** Clocks differ, and a page that was just filled in means "now". */
const MAX_PAST_MS = 5 * 60_000;
const MAX_AHEAD_MS = 366 * 24 * 3_600_000;

export const isRawAddress = (item: unknown): item is RawAddress => {
  if (typeof item === 'string') return true;
  if (!isPlainObject(item) || typeof item.email !== 'string') return false;
  return item.name === undefined || typeof item.name === 'string';
};

/** One plain loop for the whole list: a library call per item would let a big body block the event loop. */
const addressList = () =>
  yup
    .mixed<RawAddress[]>()
    .test(
      'addresses',
      'is not a list of addresses',
      (list) => list === undefined || (Array.isArray(list) && list.every(isRawAddress))
    );

const FILE_NAME = /^(?!\.{1,2}$)[^/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+$/u;
const NOT_IN_FILE_NAMES = /[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const FILE_NAME_MAX = 255;
const EXTENSION_MAX = 20;

/** A file name for a header: one line, no folder. */
export const isFileName = (name: string): boolean => name.length <= FILE_NAME_MAX && FILE_NAME.test(name);

/** Cuts at a character's end. */
const cut = (name: string, length: number): string => name.slice(0, length).replace(/[\ud800-\udbff]$/, '');

/** A file name from one that nobody checked: what `isFileName` refuses is replaced, sign by sign, and a long one cut. */
export const asFileName = (name: string): string => {
  const clean = name.replace(NOT_IN_FILE_NAMES, '_');
  if (clean === '') return 'attachment';
  if (/^\.{1,2}$/.test(clean)) return '_'.repeat(clean.length);
  const dot = clean.lastIndexOf('.');
  const extension = dot > 0 && clean.length - dot <= EXTENSION_MAX ? clean.slice(dot) : '';
  return clean.length <= FILE_NAME_MAX ? clean : cut(clean, FILE_NAME_MAX - extension.length) + extension;
};

/** The left side of a Content-ID, which needs no quoting there nor in a URL (RFC 2392). */
const CID = /^[A-Za-z0-9._-]{1,64}$/;

const fileName = () => text(FILE_NAME_MAX).min(1).matches(FILE_NAME, 'is not a file name');

const instant = () =>
  yup
    .string()
    .strict()
    .test('instant', 'is not ISO 8601 with a zone', (value) => value === undefined || parseInstant(value) !== null);

/** No name of the IANA time zone database is longer. */
const ZONE_MAX = 64;

const zone = () =>
  yup
    .string()
    .strict()
    .test(
      'zone',
      'is not the name of a zone',
      (value) => value === undefined || (value.length <= ZONE_MAX && isZone(value))
    );

const idempotencyKey = () =>
  yup
    .string()
    .strict()
    .matches(/^[\x20-\x7e]{1,255}$/, 'is not 1 to 255 printable ASCII characters');

export const submitSchema = yup.object({
  tenant: tenantRef(),
  from: identityId().required(),
  replyTo: identityId(),
  to: addressList(),
  cc: addressList(),
  bcc: addressList(),
  subject: yup.string().strict().defined(),
  text: yup.string().strict(),
  html: yup.string().strict(),
  attachments: yup
    .array()
    .strict()
    .max(MAX_ATTACHMENTS)
    .of(
      yup
        .object({
          file: adminId().required(),
          name: fileName(),
          cid: yup.string().strict().matches(CID, 'is not 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-"'),
        })
        .required()
    ),
  headers: yup
    .mixed<Record<string, unknown>>()
    .test('headers', 'is not an object', (value) => value === undefined || isPlainObject(value)),
  sendAt: instant(),
  sendZone: zone(),
  undoSeconds: integer(0, MAX_UNDO_SECONDS),
  idempotencyKey: idempotencyKey(),
  draft: text(64).min(1),
  draftVersion: version(),
});

/** What a person knows of a submission that nobody else could know about. */
export const settleSchema = yup.object({
  as: yup
    .string()
    .strict()
    .oneOf(['submitted', 'failed'] as const)
    .required(),
});

export const resendSchema = yup.object({
  to: addressList(),
  idempotencyKey: idempotencyKey(),
});

export const rescheduleSchema = yup.object({ sendAt: instant().required(), sendZone: zone() });

/** A submission's input as read: everything that could be judged without the database was. */
export interface SubmitRequest {
  tenant: string | undefined;
  from: IdentityId;
  replyTo: IdentityId | null;
  /** In the order of the fields, one per address. */
  recipients: Recipient[];
  subject: string;
  text: string | null;
  html: string | null;
  /** `cid`: the HTML may show it by that. */
  attachments: { file: number; name: string | null; cid: string | null }[];
  headers: Record<string, string>;
  /** Milliseconds since the epoch; null: at once. */
  sendAt: number | null;
  /** IANA name of the zone that `sendAt` was chosen in; null: none was named. */
  sendZone: string | null;
  /** Null: as configured. */
  undoSeconds: number | null;
  idempotencyKey: string | null;
  /** The author's draft that it is made of. */
  draft: string | null;
  /** The version of it that the message is; null: whichever. */
  draftVersion: number | null;
}

export interface SubmitLimits {
  recipients: number;
  /** Encoded size of the whole message. */
  messageBytes: number;
}

/**
 * A request's submission. Who asks is told by the session or token: an `actor` is a field like any other unknown one,
 * and so is an uploaded file.
 */
export const readRequest = (body: unknown, files?: unknown): Parsed<Record<string, unknown>> => {
  if (!isPlainObject(body)) return reject('INVALID_INPUT', { path: '' });
  if (Object.hasOwn(body, 'actor')) return reject('UNKNOWN_FIELD', { path: 'actor' });
  const [file] = isPlainObject(files) ? Object.keys(files) : [];
  return file === undefined ? accept(body) : reject('UNKNOWN_FIELD', { path: file.slice(0, 200) });
};

/**
 * Puts the keys of the header `Idempotency-Key` to that of the body. Where they differ the field holds all of them,
 * which is no key (rules §9 keeps its order).
 */
export const withIdempotencyKey = (
  input: Record<string, unknown>,
  header: readonly string[] = []
): Record<string, unknown> => {
  if (header.length === 0) return input;
  const keys = new Set([...header, ...(Object.hasOwn(input, 'idempotencyKey') ? [input.idempotencyKey] : [])]);
  const [key] = keys;
  return { ...input, idempotencyKey: keys.size === 1 ? key : [...keys] };
};

/** The first key of an item that its list does not know, as a path; null: none. */
export const unknownItemKey = (
  input: Record<string, unknown>,
  lists: Record<string, readonly string[]>
): string | null => {
  for (const [field, keys] of Object.entries(lists)) {
    const list = input[field];
    if (!Array.isArray(list)) continue;
    for (const [index, item] of list.entries()) {
      const key = isPlainObject(item) ? Object.keys(item).find((known) => !keys.includes(known)) : undefined;
      if (key !== undefined) return `${field}[${index}].${key}`.slice(0, 200);
    }
  }
  return null;
};

const readRecipients = (
  fields: Record<'to' | 'cc' | 'bcc', RawAddress[] | undefined>,
  limit: number,
  unfinished: boolean
): Parsed<Recipient[]> => {
  const count = (fields.to?.length ?? 0) + (fields.cc?.length ?? 0) + (fields.bcc?.length ?? 0);
  if (count === 0) return unfinished ? accept([]) : reject('NO_RECIPIENTS');
  // Far beyond what repetitions could explain: not worth reading.
  if (count > Math.max(10 * limit, 1000)) return reject('TOO_MANY_RECIPIENTS', { limit, count });
  const entries = (['to', 'cc', 'bcc'] as const).flatMap((field) =>
    (fields[field] ?? []).map((item, index) => ({
      field,
      index,
      item: typeof item === 'string' ? { email: item } : item,
    }))
  );

  const recipients: Recipient[] = [];
  const offenders: { field: string; index: number; value: string; reason: string }[] = [];
  for (const { field, index, item } of entries) {
    const address = parseAddrSpec(item.email);
    const name = item.name === undefined || item.name === '' ? null : normalise(item.name);
    const reason = address.ok ? (name !== null && recipientNameProblem(name) ? 'name' : null) : address.reason;
    if (reason !== null) offenders.push({ field, index, value: item.email.slice(0, 320), reason });
    else if (address.ok) recipients.push({ email: address.email, key: address.key, name, field });
  }
  if (offenders.length > 0) return reject('INVALID_RECIPIENTS', { recipients: offenders.slice(0, 100) });
  const distinct = distinctRecipients(recipients);
  return distinct.length > limit ? reject('TOO_MANY_RECIPIENTS', { limit, count: distinct.length }) : accept(distinct);
};

const readHeaders = (raw: Record<string, unknown>): Parsed<Record<string, string>> => {
  const names = Object.keys(raw);
  if (names.length > MAX_HEADERS) return reject('INVALID_HEADER', { reason: 'too many' });
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = raw[name];
    const problem = headerProblem(name, value);
    if (problem !== null) return reject('INVALID_HEADER', { header: name.slice(0, 100), reason: problem });
    headers[name] = normalise(value as string);
  }
  return accept(headers);
};

/** A picture is shown by the HTML, and by one name. @returns null: nothing is wrong */
const cidProblem = (
  attachments: readonly { cid?: string | undefined }[],
  html: string | undefined
): { path: string; reason: string } | null => {
  const seen = new Set<string>();
  for (const [index, { cid }] of attachments.entries()) {
    if (cid === undefined) continue;
    const path = `attachments[${index}].cid`;
    if (html === undefined) return { path, reason: 'html is needed' };
    if (seen.has(cid)) return { path, reason: 'is there twice' };
    seen.add(cid);
  }
  return null;
};

const byteLength = (value: string | undefined): number =>
  value === undefined ? 0 : new TextEncoder().encode(value).length;

const sendAtRefusal = (sendAt: number, now: number) =>
  sendAt < now - MAX_PAST_MS || sendAt > now + MAX_AHEAD_MS
    ? reject('INVALID_INPUT', {
        path: 'sendAt',
        reason: sendAt < now ? 'is more than 5 minutes ago' : 'is more than 366 days ahead',
      })
    : null;

/**
 * Reads when a submission shall be sent instead.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch, and the zone (null: none is named); `UNKNOWN_FIELD`, `INVALID_INPUT`
 */
export const parseReschedule = (input: unknown, now: number): Parsed<{ sendAt: number; sendZone: string | null }> => {
  const parsed = parse(rescheduleSchema, input);
  if (!parsed.ok) return parsed;
  const sendAt = parseInstant(parsed.value.sendAt);
  if (sendAt === null) return reject('INVALID_INPUT', { path: 'sendAt' });
  return sendAtRefusal(sendAt, now) ?? accept({ sendAt, sendZone: parsed.value.sendZone ?? null });
};

/** Reads to whom a submission shall be sent again. @returns the refusals of SubmitInput's `to` */
export const parseResend = (
  input: unknown,
  limits: SubmitLimits
): Parsed<Pick<SubmitRequest, 'recipients' | 'idempotencyKey'>> => {
  const unknownKey = isPlainObject(input) ? unknownItemKey(input, { to: ADDRESS_KEYS }) : null;
  const parsed = parse(resendSchema, input);
  if (!parsed.ok && parsed.refusal.code === 'UNKNOWN_FIELD') return parsed;
  if (unknownKey !== null) return reject('UNKNOWN_FIELD', { path: unknownKey });
  if (!parsed.ok) return parsed;
  const { to, idempotencyKey: key = null } = parsed.value;
  const recipients = readRecipients({ to, cc: undefined, bcc: undefined }, limits.recipients, false);
  return recipients.ok ? accept({ recipients: recipients.value, idempotencyKey: key }) : recipients;
};

/**
 * Reads SubmitInput (without its actor) in the order of rules §9.
 *
 * @param now milliseconds since the epoch
 * @param hasDrafts may the actor have drafts? Nobody writes for a system actor
 * @returns `UNKNOWN_FIELD`, `INVALID_INPUT`, then the other refusals in the order of the input's keys
 */
export const parseSubmit = (
  input: unknown,
  limits: SubmitLimits,
  now: number,
  hasDrafts = false
): Parsed<SubmitRequest> => parseMessage(input, limits, now, { unfinished: false, hasDrafts });

/** As `parseSubmit`, of what may still lack recipients, subject and text. */
export const parsePreview = (input: unknown, limits: SubmitLimits, now: number): Parsed<SubmitRequest> => {
  const how = { unfinished: true, hasDrafts: true };
  if (!isPlainObject(input)) return parseMessage(input, limits, now, how);
  const text = input.html === undefined ? { text: '' } : {};
  return parseMessage({ subject: '', ...text, ...input }, limits, now, how);
};

const parseMessage = (
  input: unknown,
  limits: SubmitLimits,
  now: number,
  { unfinished, hasDrafts }: { unfinished: boolean; hasDrafts: boolean }
): Parsed<SubmitRequest> => {
  const unknownKey = isPlainObject(input) ? unknownItemKey(input, ADDRESS_ITEMS) : null;
  const parsed = parse(submitSchema, input);
  if (!parsed.ok && parsed.refusal.code === 'UNKNOWN_FIELD') return parsed;
  if (unknownKey !== null) return reject('UNKNOWN_FIELD', { path: unknownKey });
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (value.text === undefined && value.html === undefined)
    return reject('INVALID_INPUT', { path: 'text', reason: 'text or html is needed' });
  const wrongCid = cidProblem(value.attachments ?? [], value.html);
  if (wrongCid !== null) return reject('INVALID_INPUT', wrongCid);
  if (value.draft !== undefined && !hasDrafts)
    return reject('INVALID_INPUT', { path: 'draft', reason: 'a system actor has none' });
  if (value.draftVersion !== undefined && value.draft === undefined)
    return reject('INVALID_INPUT', { path: 'draftVersion', reason: 'draft is needed' });
  if (value.sendZone !== undefined && value.sendAt === undefined)
    return reject('INVALID_INPUT', { path: 'sendZone', reason: 'sendAt is needed' });
  const sendAt = value.sendAt === undefined ? null : parseInstant(value.sendAt);
  const refused = sendAt === null ? null : sendAtRefusal(sendAt, now);
  if (refused) return refused;

  const recipients = readRecipients({ to: value.to, cc: value.cc, bcc: value.bcc }, limits.recipients, unfinished);
  if (!recipients.ok) return recipients;
  const subject = normalise(value.subject);
  const problem = subjectProblem(subject);
  if (problem !== null) return reject('INVALID_SUBJECT', { reason: problem });
  if (byteLength(value.text) + byteLength(value.html) > limits.messageBytes)
    return reject('TOO_LARGE', { limit: limits.messageBytes });
  const headers = readHeaders(value.headers ?? {});
  if (!headers.ok) return headers;

  return accept({
    tenant: value.tenant,
    from: value.from,
    replyTo: value.replyTo ?? null,
    recipients: recipients.value,
    subject,
    text: value.text ?? null,
    html: value.html ?? null,
    attachments: (value.attachments ?? []).map(({ file, name, cid }) => ({
      file,
      name: name ?? null,
      cid: cid ?? null,
    })),
    headers: headers.value,
    sendAt,
    sendZone: value.sendZone ?? null,
    undoSeconds: value.undoSeconds ?? null,
    idempotencyKey: value.idempotencyKey ?? null,
    draft: value.draft ?? null,
    draftVersion: value.draftVersion ?? null,
  });
};
