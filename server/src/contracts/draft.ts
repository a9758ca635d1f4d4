import * as yup from 'yup';
import type { DraftAddress, DraftChange } from '../domain/draft';
import { accept, isPlainObject, parse, reject, tenantRef, version, type Parsed } from './parse';
import { ADDRESS_ITEMS, ATTACHMENT_KEYS, isRawAddress, unknownItemKey } from './submission';

const ITEMS = { ...ADDRESS_ITEMS, attachments: ATTACHMENT_KEYS };

const typed = () => yup.string().strict().nullable();

/** Checks the whole list in one loop, as `submitSchema` does. */
const listOf = <T>(what: string, isItem: (item: unknown) => boolean) =>
  yup
    .mixed<T[]>()
    .nullable()
    .test(
      'list',
      `is not a list of ${what}`,
      (list) => list === undefined || list === null || (Array.isArray(list) && list.every(isItem))
    );

const addresses = () => listOf<DraftAddress>('addresses', isRawAddress);

const isAttachment = (item: unknown): boolean =>
  isPlainObject(item) &&
  Number.isSafeInteger(item.file) &&
  [item.name, item.cid].every((typed) => typed === undefined || typeof typed === 'string');

const isTextByName = (value: unknown): boolean =>
  isPlainObject(value) && Object.values(value).every((text) => typeof text === 'string');

/** The keys of a message in `submitSchema` with their types only: a draft may contain invalid values. */
export const draftSchema = yup.object({
  version: version(),
  tenant: tenantRef(),
  from: typed(),
  replyTo: typed(),
  to: addresses(),
  cc: addresses(),
  bcc: addresses(),
  subject: typed(),
  text: typed(),
  html: typed(),
  attachments: listOf<{ file: number; name?: string; cid?: string }>('files', isAttachment),
  headers: yup
    .mixed<Record<string, string>>()
    .nullable()
    .test('headers', 'is not texts by name', (value) => value === undefined || value === null || isTextByName(value)),
  sendAt: typed(),
  sendZone: typed(),
  // JSON writes greater numbers as null.
  undoSeconds: yup.number().strict().nullable().min(-Number.MAX_VALUE).max(Number.MAX_VALUE),
  idempotencyKey: typed(),
});

export interface DraftRequest {
  /** The version that the change is based on. */
  version: number | undefined;
  /** documentId or key */
  tenant: string | undefined;
  change: DraftChange;
}

/** @returns `UNKNOWN_FIELD`, `INVALID_INPUT` */
export const parseDraft = (input: unknown): Parsed<DraftRequest> => {
  const unknownKey = isPlainObject(input) ? unknownItemKey(input, ITEMS) : null;
  const parsed = parse(draftSchema, input);
  if (!parsed.ok && parsed.refusal.code === 'UNKNOWN_FIELD') return parsed;
  if (unknownKey !== null) return reject('UNKNOWN_FIELD', { path: unknownKey });
  if (!parsed.ok) return parsed;
  const { version: changed, tenant, ...change } = parsed.value;
  return accept({ version: changed, tenant, change });
};
