import * as yup from 'yup';
import { parseAddrSpec } from '../../domain/address';
import { distinctRecipients, type Recipient } from '../../domain/message';
import { normalise, recipientNameProblem } from '../../domain/text';
import { accept, isPlainObject, reject, type Parsed } from '../parse';

/** An address as a request has it. */
export type RawAddress = string | { email: string; name?: string };

export const ADDRESS_KEYS = ['email', 'name'];
/** The address lists, with the keys that an item may have. */
export const ADDRESS_ITEMS = { to: ADDRESS_KEYS, cc: ADDRESS_KEYS, bcc: ADDRESS_KEYS };

export const isRawAddress = (item: unknown): item is RawAddress => {
  if (typeof item === 'string') return true;
  if (!isPlainObject(item) || typeof item.email !== 'string') return false;
  return item.name === undefined || typeof item.name === 'string';
};

/** Checks the whole list in one loop: a yup call per item lets a large body block the event loop. */
export const addressList = () =>
  yup
    .mixed<RawAddress[]>()
    .test(
      'addresses',
      'is not a list of addresses',
      (list) => list === undefined || (Array.isArray(list) && list.every(isRawAddress))
    );

/** Returns the path of the first unknown key of a list's item; null: every key is known. */
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

/**
 * Reads the recipients of all fields.
 *
 * @param unfinished allows no recipients
 * @returns one recipient per address; `NO_RECIPIENTS`, `TOO_MANY_RECIPIENTS`, `INVALID_RECIPIENTS`
 */
export const readRecipients = (
  fields: Record<'to' | 'cc' | 'bcc', RawAddress[] | undefined>,
  limit: number,
  unfinished: boolean
): Parsed<Recipient[]> => {
  const count = (fields.to?.length ?? 0) + (fields.cc?.length ?? 0) + (fields.bcc?.length ?? 0);
  if (count === 0) return unfinished ? accept([]) : reject('NO_RECIPIENTS');
  // Duplicate addresses cannot explain that many: refused unread.
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
