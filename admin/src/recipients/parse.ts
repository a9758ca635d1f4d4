import { parseAddrSpec } from '../../../server/src/contracts/address';

export type RawRecipient = string | { email: string; name: string };

const MAILTO = /^mailto:/i;
/** White space, control and invisible characters, which other programs add to copied addresses. */
const EDGE = /[\s\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

const trimmed = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && EDGE.test(text.charAt(start))) start += 1;
  while (end > start && EDGE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
};

/** Returns the end of the quoted string that starts at a position (RFC 5322 §3.2.4); -1: it is not closed. */
const endOfQuote = (text: string, start: number): number => {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text.charAt(index) === '\\') index += 1;
    else if (text.charAt(index) === '"') return index;
  }
  return -1;
};

/** Splits a text at separators outside of quoted strings; an unclosed quote is an ordinary character. */
const split = (text: string, separators: string, keepsSeparator: boolean): string[] => {
  const parts: string[] = [];
  let start = 0;
  let mayQuote = true;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index);
    if (sign === '"' && mayQuote) {
      const end = endOfQuote(text, index);
      mayQuote = end >= 0;
      index = Math.max(index, end);
    } else if (separators.includes(sign)) {
      parts.push(text.slice(start, keepsSeparator ? index + 1 : index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
};

const nameOf = (raw: string): string => {
  const text = trimmed(raw);
  const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  return isQuoted ? trimmed(text.slice(1, -1).replace(/\\(.)/g, '$1')) : text;
};

const emailOf = (raw: string): string => trimmed(trimmed(raw).replace(MAILTO, ''));

/** Parses `Name <address>`, `Name (address)`, `Name [address]` and `address (Name)`; null: another form. */
const inBrackets = (text: string): { name: string; email: string } | null => {
  const end = text.charAt(text.length - 1);
  if (end === '>') {
    const open = text.lastIndexOf('<');
    return open < 0 ? null : { name: text.slice(0, open), email: text.slice(open + 1, -1) };
  }
  const open = end === ')' ? text.indexOf('(') : end === ']' ? text.lastIndexOf('[') : -1;
  if (open <= 0) return null;
  const [before, inside] = [trimmed(text.slice(0, open)), trimmed(text.slice(open + 1, -1))];
  if (inside.includes('@') && !before.includes('@') && !/\s/.test(inside)) return { name: before, email: inside };
  if (end === ')' && before.includes('@') && !/[\s<]/.test(before)) return { name: inside, email: before };
  return null;
};

const recipientsInItem = (item: string): RawRecipient[] => {
  const text = trimmed(item);
  const form = inBrackets(text);
  if (form) {
    const [name, email] = [nameOf(form.name), emailOf(form.email)];
    return [name === '' ? email : { email, name }];
  }
  // Text without an address is one invalid recipient, not one per word.
  return (text.includes('@') ? text.split(/\s+/) : [text]).map(emailOf).filter(Boolean);
};

/** Splits a segment at commas and after a closing `>`. */
const itemsIn = (segment: string): string[] =>
  split(segment, ',', false)
    .flatMap((part) => split(part, '>', true))
    .filter((item) => trimmed(item) !== '');

/** Is it `Last, First <address>`, whose commas belong to the name? */
const isOneName = (items: readonly string[], isList: boolean): boolean => {
  const names = items.slice(0, -1);
  if (names.length === 0 || (names.length > 1 && !isList) || names.some((name) => /[@<>]/.test(name))) return false;
  return /[>)\]]$/.test(trimmed(items[names.length] ?? '')) && inBrackets(trimmed(items[names.length] ?? '')) !== null;
};

const recipientsInSegment = (segment: string, isList: boolean): RawRecipient[] => {
  if (segment.includes('\t')) return recipientsInRow(segment, isList);
  const items = itemsIn(segment);
  if (isOneName(items, isList)) return recipientsInItem(items.map(trimmed).join(', '));
  return items.flatMap(recipientsInItem);
};

/** Parses a row of a table. With a single address, one or two cells before it, or else after it, are the name. */
const recipientsInRow = (row: string, isList: boolean): RawRecipient[] => {
  const cells = row
    .split('\t')
    .map(trimmed)
    .filter((cell) => cell !== '');
  const [email, ...others] = cells.filter((cell) => cell.includes('@'));
  if (email === undefined || others.length > 0 || /[\s<,]/.test(email))
    return cells.flatMap((cell) => recipientsInSegment(cell, isList));
  const place = cells.indexOf(email);
  const names = place > 0 ? cells.slice(0, place) : cells.slice(1);
  return names.length === 1 || names.length === 2 ? [{ email, name: names.join(' ') }] : [email];
};

/** Separators that occur in a name only within quotes. */
const ENDS = ';\r\n';

/**
 * Parses typed or pasted text: addresses separated by commas, semicolons, spaces or line breaks, `Name <address>`, or rows
 * of a table. Does not validate.
 */
export const recipientsIn = (text: string): RawRecipient[] => {
  const segments = split(text, ENDS, false);
  return segments.flatMap((segment) => recipientsInSegment(segment, segments.length > 1));
};

const SEPARATOR = /[,;\r\n]/;
/** A word followed by a space. */
const ENDED_WORD = /^\s*(\S+)\s/;

const separated = (text: string): { done: string; pending: string } => {
  let quoted = false;
  let end = 0;
  let segment = 0;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index);
    if (quoted && sign === '\\') index += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && SEPARATOR.test(sign)) {
      end = index + 1;
      if (sign !== ',') segment = end;
    }
  }
  // `Last, First <address>`, complete from the clipboard or a keyboard suggestion.
  if (end > segment && isOneName(itemsIn(text.slice(segment)), segment > 0)) end = segment;
  return { done: text.slice(0, end), pending: text.slice(end) };
};

/**
 * Splits typed text into complete recipients and the rest. A separator completes one, or a space after a valid address;
 * separators inside of an open quoted name do not.
 */
export const settled = (text: string): { done: RawRecipient[]; pending: string } => {
  const parts = separated(text);
  const done = recipientsIn(parts.done);
  let { pending } = parts;
  for (;;) {
    const [ended = '', word = ''] = ENDED_WORD.exec(pending) ?? [];
    const email = emailOf(word);
    if (!parseAddrSpec(email).ok) break;
    done.push(email);
    pending = pending.slice(ended.length);
  }
  return { done, pending: done.length > 0 ? pending.trimStart() : pending };
};
