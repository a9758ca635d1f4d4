import { parseAddrSpec } from '../../../server/src/contracts/address';
import { checkedLink } from './html';

/** Text with an optional link target, or the break between two lines. */
export type Piece = { text: string; href?: string } | 'break';

/** Longer words are not checked for a link. */
const LONGEST_LINK_UNITS = 2000;
const LONGEST_MAIL_UNITS = 320;
const OPENING = '([{<"\'„“‚‘«»';
const CLOSING = ')]}>"\'“”‘’«».,;:!?…';

const linkOf = (word: string): string | null => {
  if (word.length > LONGEST_LINK_UNITS) return null;
  if (/^(?:https?:\/\/|www\.)/i.test(word)) return checkedLink(word);
  return word.length <= LONGEST_MAIL_UNITS && parseAddrSpec(word).ok ? checkedLink(word) : null;
};

/** Returns start and end of a word without the punctuation around it. */
const boundsOf = (word: string): [number, number] => {
  let start = 0;
  while (start < word.length && OPENING.includes(word.charAt(start))) start += 1;
  // In `(…/Club_(sport))` the first closing bracket belongs to the URL.
  let unopened = word.slice(start).split(')').length - word.slice(start).split('(').length;
  let end = word.length;
  while (end > start && CLOSING.includes(word.charAt(end - 1))) {
    if (word.charAt(end - 1) === ')') unopened -= 1;
    if (unopened < 0) break;
    end -= 1;
  }
  return [start, end];
};

/** Splits a line into text and links. */
export const piecesOf = (line: string): { text: string; href?: string }[] => {
  const pieces: { text: string; href?: string }[] = [];
  let plain = '';
  for (const word of line.split(/(\s+)/)) {
    const [start, end] = boundsOf(word);
    const href = /[@.]/.test(word) ? linkOf(word.slice(start, end)) : null;
    if (href === null) {
      plain += word;
      continue;
    }
    plain += word.slice(0, start);
    if (plain !== '') pieces.push({ text: plain });
    pieces.push({ text: word.slice(start, end), href });
    plain = word.slice(end);
  }
  return plain === '' ? pieces : [...pieces, { text: plain }];
};

/**
 * Splits plain text into paragraphs. An empty line ends a paragraph, each further one is an empty paragraph; other line
 * breaks are kept. URLs and e-mail addresses become links.
 */
export const paragraphsIn = (text: string): Piece[][] => {
  const lines = text.split(/\r\n?|\n/);
  // A line break at the end of the text starts no line.
  if (lines.length > 1 && lines[lines.length - 1] === '') lines.pop();
  const paragraphs: Piece[][] = [];
  let open: Piece[] | null = null;
  for (const line of lines) {
    if (line.trim() === '' && lines.length > 1) {
      if (open === null) paragraphs.push([]);
      open = null;
    } else if (open === null) paragraphs.push((open = piecesOf(line)));
    else open.push('break', ...piecesOf(line));
  }
  return paragraphs;
};
