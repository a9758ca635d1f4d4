import { addressKey, parseAddrSpec, recipientNameProblem } from '../../../server/src/contracts/address';
import type { RawRecipient } from './parse';

/*
 * The chips of a recipients' field, without React. A chip is kept as it was written, wrong ones too: only its author
 * knows what was meant.
 */

export type ChipProblem = 'address' | 'name';

export const emailOf = (recipient: RawRecipient): string =>
  typeof recipient === 'string' ? recipient : recipient.email;

export const nameOf = (recipient: RawRecipient): string => (typeof recipient === 'string' ? '' : recipient.name);

/** What makes two chips one recipient (rules §7). */
export const keyOf = (recipient: RawRecipient): string => addressKey(emailOf(recipient));

const PLAIN_NAME = /^[^"(),:;<>@[\\\]\t]+$/;

/** As it is shown, copied and edited; `recipientsIn` reads the same recipient from it. */
export const textOf = (recipient: RawRecipient): string => {
  const name = nameOf(recipient);
  if (name === '') return emailOf(recipient);
  return `${PLAIN_NAME.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${emailOf(recipient)}>`;
};

/** By the server's own rule, so that nothing is marked that it would take. */
export const problemIn = (recipient: RawRecipient): ChipProblem | null => {
  if (!parseAddrSpec(emailOf(recipient)).ok) return 'address';
  return recipientNameProblem(nameOf(recipient).normalize('NFC')) === null ? null : 'name';
};

export interface Added {
  value: RawRecipient[];
  /** How many chips are new, how many of these are wrong, and how many were there already. */
  added: number;
  wrong: number;
  doubles: number;
}

/**
 * Puts recipients to those that are there. One that is there already stays in its place, and learns its name.
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

/** Recipients of a field that are in another one, too, with that one's name; a message goes to each address once. */
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

/** Chips of a field that are shown when there are too many for a page. */
const FEW = 30;
const FIRST = 12;
const LAST = 3;
const WRONG = 20;
/** How many more are shown to who asks: thousands at once would keep the page busy for seconds. */
const MORE = 200;

/** Keys for React: an element stays that of its recipient when others come before it, or go. */
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
 * The chips to show: all, or of many the first and the last ones, and those that have to be mended.
 *
 * @param asked how often somebody asked for more
 * @param isWrong by position
 */
export const shownOf = (
  value: readonly RawRecipient[],
  { asked, isWrong }: { asked: number; isWrong: (index: number) => boolean }
): { shown: ShownChip[]; hidden: number } => {
  const chips = value.map((recipient, index) => ({ recipient, index }));
  if (!areMany(value)) return { shown: chips, hidden: 0 };
  const first = FIRST + asked * MORE;
  let wrong = 0;
  const shown = chips.filter(({ index }) => {
    if (index < first || index >= chips.length - LAST) return true;
    if (wrong >= WRONG || !isWrong(index)) return false;
    wrong += 1;
    return true;
  });
  return { shown, hidden: chips.length - shown.length };
};

/** Is there anything to hide? */
export const areMany = (value: readonly RawRecipient[]): boolean => value.length > FEW;
