import * as yup from 'yup';
import type { IdentityId } from '../../domain/identity';
import type { Recipient } from '../../domain/message';
import { headerProblem, normalise, subjectProblem } from '../../domain/text';
import { parseInstant } from '../instant';
import {
  accept,
  adminId,
  integer,
  isPlainObject,
  parse,
  reject,
  tenantRef,
  text,
  version,
  type Parsed,
  type Problem,
} from '../parse';
import { idempotencyKey, instant, sendAtRefusal, zone } from './fields';
import { fileName } from './file-name';
import { ADDRESS_ITEMS, addressList, readRecipients, unknownItemKey } from './recipients';
import { identityId } from './sender';

export const ATTACHMENT_KEYS = ['file', 'name', 'cid'];
const MAX_ATTACHMENTS = 100;
const MAX_HEADERS = 50;
const MAX_UNDO_SECONDS = 120;
/** More than this version has, so that one client can serve several versions. */
const MAX_WARNING_CODES = 100;

/** The left side of a Content-ID, which needs no quoting in a header or a URL (RFC 2392). */
const CID = /^[A-Za-z0-9._-]{1,64}$/;

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
  acceptWarnings: yup.array().strict().max(MAX_WARNING_CODES).of(text(64).required()),
});

/** The input of a submission, validated as far as possible without the database. */
export interface SubmitRequest {
  tenant: string | undefined;
  from: IdentityId;
  replyTo: IdentityId | null;
  /** One per address, in the order of the fields. */
  recipients: Recipient[];
  subject: string;
  text: string | null;
  html: string | null;
  /** `cid`: Content-ID by which the HTML may refer to the file. */
  attachments: { file: number; name: string | null; cid: string | null }[];
  headers: Record<string, string>;
  /** Milliseconds since the epoch; null: at once. */
  sendAt: number | null;
  /** IANA name of the zone that `sendAt` was chosen in; null: not given. */
  sendZone: string | null;
  /** null: the configured default. */
  undoSeconds: number | null;
  idempotencyKey: string | null;
  /** Id of the author's draft that the submission is made of. */
  draft: string | null;
  /** Version of that draft; null: any. */
  draftVersion: number | null;
  /** Codes of the accepted warnings; null: all of them. */
  acceptWarnings: string[] | null;
}

export interface SubmitLimits {
  recipients: number;
  /** Encoded size of the whole message. */
  messageBytes: number;
}

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

/** Requires HTML for inline images, and unique Content-IDs. @returns null: valid */
const cidProblem = (attachments: readonly { cid?: string | undefined }[], html: string | undefined): Problem | null => {
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

/** Checks the fields that depend on each other. @returns null: valid */
const inconsistencyOf = (value: yup.InferType<typeof submitSchema>, hasDrafts: boolean): Problem | null => {
  if (value.text === undefined && value.html === undefined) return { path: 'text', reason: 'text or html is needed' };
  const wrongCid = cidProblem(value.attachments ?? [], value.html);
  if (wrongCid !== null) return wrongCid;
  if (value.draft !== undefined && !hasDrafts) return { path: 'draft', reason: 'a system actor has none' };
  if (value.draftVersion !== undefined && value.draft === undefined)
    return { path: 'draftVersion', reason: 'draft is needed' };
  if (value.sendZone !== undefined && value.sendAt === undefined)
    return { path: 'sendZone', reason: 'sendAt is needed' };
  return null;
};

const byteLength = (value: string | undefined): number =>
  value === undefined ? 0 : new TextEncoder().encode(value).length;

/**
 * Reads SubmitInput (without its actor) in the order of rules §9.
 *
 * @param now milliseconds since the epoch
 * @param hasDrafts false: a system actor, which has no drafts
 * @returns `UNKNOWN_FIELD`, `INVALID_INPUT`, then the other refusals in the order of the input's keys
 */
export const parseSubmit = (
  input: unknown,
  limits: SubmitLimits,
  now: number,
  hasDrafts = false
): Parsed<SubmitRequest> => parseMessage(input, limits, now, { unfinished: false, hasDrafts });

/** Reads an unfinished SubmitInput, which may lack recipients, subject and text. @returns as `parseSubmit` */
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
  const wrong = inconsistencyOf(value, hasDrafts);
  if (wrong !== null) return reject('INVALID_INPUT', { ...wrong });
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
    acceptWarnings: value.acceptWarnings ?? null,
  });
};
