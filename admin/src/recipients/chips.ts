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

/** Puts recipients to those that are there. One that is there already stays in its place, and learns its name. */
export const withAdded = (value: readonly RawRecipient[], more: readonly RawRecipient[]): Added => {
  const chips = new Map(value.map((recipient) => [keyOf(recipient), recipient]));
  let doubles = 0;
  let wrong = 0;
  for (const recipient of more) {
    const key = keyOf(recipient);
    const present = chips.get(key);
    if (present !== undefined) doubles += 1;
    else if (problemIn(recipient) !== null) wrong += 1;
    if (present === undefined || (nameOf(present) === '' && nameOf(recipient) !== '')) chips.set(key, recipient);
  }
  return { value: [...chips.values()], added: more.length - doubles, wrong, doubles };
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
