import { addressKey, parseAddrSpec, recipientNameProblem } from '../../../server/src/contracts/address';
import type { RawRecipient } from './parse';

/*
 * Chips of a recipients field, without React. Invalid ones are kept as typed, so that the author can correct them.
 */

export type ChipProblem = 'address' | 'name';

export const emailOf = (recipient: RawRecipient): string =>
  typeof recipient === 'string' ? recipient : recipient.email;

export const nameOf = (recipient: RawRecipient): string => (typeof recipient === 'string' ? '' : recipient.name);

/** Chips with the same key are one recipient (rules §7). */
export const keyOf = (recipient: RawRecipient): string => addressKey(emailOf(recipient));

const PLAIN_NAME = /^[^"(),:;<>@[\\\]\t]+$/;

/** Formats a recipient for display and editing; `recipientsIn` parses it to the same recipient. */
export const textOf = (recipient: RawRecipient): string => {
  const name = nameOf(recipient);
  if (name === '') return emailOf(recipient);
  return `${PLAIN_NAME.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${emailOf(recipient)}>`;
};

/** Checks a recipient with the server's rules; null: valid. */
export const problemIn = (recipient: RawRecipient): ChipProblem | null => {
  if (!parseAddrSpec(emailOf(recipient)).ok) return 'address';
  return recipientNameProblem(nameOf(recipient).normalize('NFC')) === null ? null : 'name';
};

export interface Added {
  value: RawRecipient[];
  /** Number of new chips, invalid ones included. */
  added: number;
  /** Number of invalid chips among them. */
  wrong: number;
  /** Number of recipients that were present already. */
  doubles: number;
}

/**
 * Adds recipients. One that is present already keeps its position, and gets the name if it has none.
 *
 * @param at position of the first new chip
 */
export const withAdded = (
  value: readonly RawRecipient[],
  more: readonly RawRecipient[],
  at: number = value.length
): Added => {
  const chips = new Map(value.map((recipient) => [keyOf(recipient), recipient]));
  const fresh = new Map<string, RawRecipient>();
  let doubles = 0;
  let wrong = 0;
  for (const recipient of more) {
    const key = keyOf(recipient);
    const list = chips.has(key) ? chips : fresh;
    const present = list.get(key);
    if (present !== undefined) doubles += 1;
    else if (problemIn(recipient) !== null) wrong += 1;
    if (present === undefined || (nameOf(present) === '' && nameOf(recipient) !== '')) list.set(key, recipient);
  }
  const next = [...chips.values()];
  next.splice(at, 0, ...fresh.values());
  return { value: next, added: more.length - doubles, wrong, doubles };
};

/** Returns the recipients of a field that are in another one too, with the label of that field. */
export const repeatedIn = (
  value: readonly RawRecipient[],
  others: readonly { label: string; value: readonly RawRecipient[] }[]
): { recipient: RawRecipient; label: string }[] => {
  const labels = new Map<string, string>();
  for (const { label, value: list } of others)
    for (const recipient of list) if (!labels.has(keyOf(recipient))) labels.set(keyOf(recipient), label);
  return value.flatMap((recipient) => {
    const label = labels.get(keyOf(recipient));
    return label === undefined ? [] : [{ recipient, label }];
  });
};

export const without = (value: readonly RawRecipient[], index: number): RawRecipient[] =>
  value.filter((_, position) => position !== index);

/** Number of chips up to which all are shown. */
const FEW = 30;
/** Chips shown of a longer list: at its start, at its end, and invalid ones in between. */
const FIRST = 12;
const LAST = 3;
const WRONG = 20;
/** Step of "show more": thousands of chips at once block the page for seconds. */
const MORE = 200;

/** Returns React keys by recipient, so that elements survive changes of position. A repeated recipient gets a number. */
export const elementKeysOf = (chips: readonly ShownChip[]): string[] => {
  const count = new Map<string, number>();
  return chips.map(({ recipient }) => {
    const key = keyOf(recipient);
    count.set(key, (count.get(key) ?? 0) + 1);
    return `${key} ${count.get(key)}`;
  });
};

export interface ShownChip {
  recipient: RawRecipient;
  index: number;
}

/**
 * Returns the chips to show: all, or of a long list the first, the last and some of the invalid ones.
 *
 * @param expansions number of clicks on "show more"
 * @param isWrong by position
 */
export const shownOf = (
  value: readonly RawRecipient[],
  { expansions, isWrong }: { expansions: number; isWrong: (index: number) => boolean }
): { shown: ShownChip[]; hidden: number } => {
  const chips = value.map((recipient, index) => ({ recipient, index }));
  if (!areMany(value)) return { shown: chips, hidden: 0 };
  const first = FIRST + expansions * MORE;
  let wrong = 0;
  const shown = chips.filter(({ index }) => {
    if (index < first || index >= chips.length - LAST) return true;
    if (wrong >= WRONG || !isWrong(index)) return false;
    wrong += 1;
    return true;
  });
  return { shown, hidden: chips.length - shown.length };
};

/** Is the list too long to show all chips? */
export const areMany = (value: readonly RawRecipient[]): boolean => value.length > FEW;
