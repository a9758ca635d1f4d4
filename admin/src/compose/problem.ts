import { subjectProblem } from '../../../server/src/contracts/checks';
import type { AuthorLimits } from '../../../server/src/contracts/answers';
import { refusalOf } from '../shared/refusals/refusal';
import { refusalText } from '../shared/refusals/refusal-text';
import type { TextKey } from '../shared/i18n/use-text';
import { keyOf, problemIn } from '../recipients/chips';
import { pruned, sizeOf } from './attached';
import { RECIPIENT_FIELDS, recipientsOf, type Choice, type Draft } from './draft/draft';
import type { SendAt } from './send-later';

export const FIELDS = [
  'from',
  'replyTo',
  'to',
  'cc',
  'bcc',
  'subject',
  'text',
  'attachments',
  'date',
  'time',
  'zone',
] as const;
export type FieldName = (typeof FIELDS)[number];

/** A translated sentence: its key and values. */
export interface Sentence {
  key: TextKey;
  values?: Record<string, string | number>;
}

/** Reasons why a message cannot be accepted, by field, and those of no field. */
export interface Problem {
  fields: Partial<Record<FieldName, Sentence[]>>;
  general: Sentence[];
}

const FIELD_OF: Partial<Record<string, FieldName>> = {
  NO_RECIPIENTS: 'to',
  TOO_MANY_RECIPIENTS: 'to',
  INVALID_SUBJECT: 'subject',
  TOO_LARGE: 'text',
  ATTACHMENT_NOT_FOUND: 'attachments',
  FORBIDDEN_FROM: 'from',
  MAILBOX_DISABLED: 'from',
  OWN_ADDRESS_UNCONFIRMED: 'from',
  TRANSPORT_CANNOT_CARRY: 'from',
  SYSTEM_NOT_CONFIGURED: 'from',
  FORBIDDEN_REPLY_TO: 'replyTo',
};

const MEGABYTE = 1024 * 1024;
/** Limits the list of invalid recipients in one sentence. */
const MAX_LISTED = 5;

const numberIn = (details: Record<string, unknown> | undefined, key: string): number | null => {
  const value = details?.[key];
  return typeof value === 'number' ? value : null;
};

const isField = (name: unknown): name is FieldName => (FIELDS as readonly unknown[]).includes(name);

/** Lists the invalid recipients by field. */
const wrongRecipients = (raw: unknown): Problem => {
  const wrong: Partial<Record<FieldName, string[]>> = {};
  for (const item of Array.isArray(raw) ? (raw as { field?: unknown; value?: unknown }[]) : [])
    if (isField(item.field) && typeof item.value === 'string') (wrong[item.field] ??= []).push(item.value);
  const fields: Problem['fields'] = {};
  for (const [field, values = []] of Object.entries(wrong)) {
    const list = values.slice(0, MAX_LISTED).join(', ');
    const more = values.length - MAX_LISTED;
    fields[field as FieldName] = [
      more > 0
        ? { key: 'problem.recipients.more', values: { list, more } }
        : { key: 'problem.recipients', values: { list, count: values.length } },
    ];
  }
  return Object.keys(fields).length > 0
    ? { fields, general: [] }
    : { fields: { to: [{ key: 'refusal.INVALID_RECIPIENTS' }] }, general: [] };
};

/** Rounds up to one decimal; at least 0.1. */
const megabytes = (bytes: number): number => Math.max(0.1, Math.ceil((bytes / MEGABYTE) * 10) / 10);
/** Rounds down to one decimal. */
const megabytesLeft = (bytes: number): number => Math.floor((Math.max(0, bytes) / MEGABYTE) * 10) / 10;

/** Says when a rate limit ends, if the server has sent the time. */
export const rateLimited = (details: Record<string, unknown> | undefined): Sentence => {
  const seconds = numberIn(details, 'retryAfterSeconds');
  if (seconds === null) return { key: 'refusal.RATE_LIMITED' };
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const [remaining, size] = [numberIn(details, 'remainingBytes'), numberIn(details, 'size')];
  return remaining === null || size === null
    ? { key: 'problem.rate-limited', values: { minutes } }
    : {
        key: 'problem.rate-limited.bytes',
        values: { minutes, remaining: megabytesLeft(remaining), size: megabytes(size) },
      };
};

/** Returns the text for a refused draft over the limits of number or size; null: another refusal. */
export const draftsFull = (error: unknown): Sentence | null => {
  const { details } = refusalOf(error);
  const limit = numberIn(details, 'limit');
  if (limit === null) return null;
  if (details?.code === 'INVALID_INPUT' && details.reason === 'too many drafts')
    return { key: 'problem.too-many-drafts', values: { limit } };
  const [remaining, size] = [numberIn(details, 'remainingBytes'), numberIn(details, 'size')];
  return details?.code === 'TOO_LARGE' &&
    details.reason === 'all drafts together' &&
    remaining !== null &&
    size !== null
    ? {
        key: 'problem.drafts-too-large',
        values: { limit: megabytesLeft(limit), remaining: megabytesLeft(remaining), size: megabytes(size) },
      }
    : null;
};

/** Returns the sentences of a refusal and its next step; the text of either may be missing. */
export const refusalSentences = (error: unknown): Sentence[] => {
  const { details, status } = refusalOf(error);
  const code = details?.code;
  // No answer of this plugin: the server may have processed the request.
  if (code === undefined)
    return [
      { key: status === 403 ? 'problem.forbidden' : status === undefined ? 'problem.network' : 'problem.server' },
    ];
  if (code === 'RATE_LIMITED') return [rateLimited(details)];
  const drafts = draftsFull(error);
  if (drafts !== null) return [drafts];
  const limit = numberIn(details, 'limit');
  if (code === 'TOO_MANY_RECIPIENTS' && limit !== null)
    return [{ key: 'problem.too-many', values: { limit, count: numberIn(details, 'count') ?? limit } }];
  if (code === 'TOO_LARGE' && limit !== null)
    return [{ key: 'problem.too-large', values: { limit: Math.floor(limit / MEGABYTE) } }];
  const { message, next } = refusalText(code);
  return [{ key: message }, { key: next }];
};

/** Codes that may concern From or Reply-To. */
const OF_EITHER_IDENTITY = [
  'MAILBOX_DISABLED',
  'OWN_ADDRESS_UNCONFIRMED',
  'TRANSPORT_CANNOT_CARRY',
  'SYSTEM_NOT_CONFIGURED',
];

/**
 * Maps the server's refusal of a message to fields.
 *
 * @param fromIsOffered From is in the list reloaded after the refusal: the refusal concerns Reply-To
 */
export const problemOf = (error: unknown, fromIsOffered = false): Problem => {
  const { details } = refusalOf(error);
  if (fromIsOffered && OF_EITHER_IDENTITY.includes(details?.code ?? ''))
    return { fields: { replyTo: refusalSentences(error) }, general: [] };
  if (details?.code === 'INVALID_RECIPIENTS') return wrongRecipients(details.recipients);
  if (details?.code === 'INVALID_INPUT' && details.path === 'sendAt')
    return { fields: { time: [{ key: 'later.problem.server' }] }, general: [] };
  if (details?.code === 'INVALID_INPUT' && details.path === 'sendZone')
    return { fields: { zone: [{ key: 'later.problem.unknown' }] }, general: [] };
  const named = details?.code === 'INVALID_INPUT' ? /^\w+/.exec(details.path ?? '')?.[0] : undefined;
  const place = named === 'html' ? 'text' : named;
  const field = FIELD_OF[details?.code ?? ''] ?? (isField(place) ? place : undefined);
  const sentences = refusalSentences(error);
  return field === undefined ? { fields: {}, general: sentences } : { fields: { [field]: sentences }, general: [] };
};

const TOO_LARGE: readonly TextKey[] = ['problem.too-large', 'refusal.TOO_LARGE'];

/** Moves TOO_LARGE of a message with attachments from the text to the attachments, the likelier cause. */
export const blameAttachments = (problem: Problem): Problem => {
  const { text, ...fields } = problem.fields;
  return text?.some(({ key }) => TOO_LARGE.includes(key))
    ? { ...problem, fields: { ...fields, attachments: text } }
    : problem;
};

/** Checks a subject with the server's rule; empty: valid. */
export const subjectSentences = (subject: string): Sentence[] => {
  const problem = subjectProblem(subject.normalize('NFC'));
  return problem === null ? [] : [{ key: `problem.subject.${problem}` }];
};

/** Checks recipients. Invalid ones are marked in their field, so they are not listed. */
const recipientSentences = (draft: Pick<Draft, 'to' | 'cc' | 'bcc'>, limit: number): Problem['fields'] => {
  const fields: Problem['fields'] = {};
  const all = RECIPIENT_FIELDS.map((field) => ({ field, recipients: recipientsOf(draft[field]) }));
  for (const { field, recipients } of all)
    if (recipients.some((recipient) => problemIn(recipient) !== null))
      fields[field] = [{ key: 'problem.recipients.marked' }];
  const count = new Set(all.flatMap(({ recipients }) => recipients.map(keyOf))).size;
  if (count === 0) fields.to = [{ key: 'refusal.NO_RECIPIENTS' }, { key: 'next.NO_RECIPIENTS' }];
  if (count > limit) fields.to = [{ key: 'problem.too-many', values: { limit, count } }, ...(fields.to ?? [])];
  return fields;
};

/** Checks a draft before it is sent; null: valid. An empty list stands for a problem that the field shows itself. */
export const missingIn = (
  draft: Pick<Draft, 'to' | 'cc' | 'bcc' | 'subject' | 'html' | 'attachments'>,
  {
    from,
    replyTo,
    later,
    limits,
  }: { from: Choice; replyTo: Choice; later: SendAt | null; limits: Pick<AuthorLimits, 'recipients' | 'messageBytes'> }
): Problem | null => {
  const fields = recipientSentences(draft, limits.recipients);
  if (from.identity === null) fields.from = [{ key: from.gone ? 'identity.gone' : 'problem.no-from' }];
  if (replyTo.gone) fields.replyTo = [{ key: 'identity.gone' }];
  const subject = subjectSentences(draft.subject);
  if (subject.length > 0) fields.subject = subject;
  if (sizeOf(draft, limits.messageBytes).over || pruned(draft).some(({ missing }) => missing)) fields.attachments = [];
  if (later && !later.ok) fields[later.field] = [{ key: `later.problem.${later.reason}` }];
  return Object.keys(fields).length > 0 ? { fields, general: [] } : null;
};

/** Returns the first field with a problem, in the order of the form. */
export const firstField = ({ fields }: Problem): FieldName | null => FIELDS.find((name) => name in fields) ?? null;
