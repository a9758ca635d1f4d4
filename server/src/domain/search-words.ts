/** Length of a stored word in characters; a longer one is found by its beginning. */
export const WORD_LENGTH = 64;
/** Words of one text. */
const MOST_WORDS = 100;

/** Scripts without spaces between words: each character begins one. */
const SPACELESS = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
const INNER = '\\p{L}\\p{N}\\p{M}\\p{So}';
/** A letter, digit or emoji that follows none. */
const BEGINNING = new RegExp(`[${SPACELESS}]|(?<=^|[^${INNER}]|[${SPACELESS}])[\\p{L}\\p{N}\\p{So}]`, 'gu');
const MARKS = /[\u0300-\u036f]/g;

/** Returns text without case and accents. */
const fold = (text: string): string => text.normalize('NFKD').toLowerCase().replace(MARKS, '');

const shorten = (word: string): string =>
  word.length <= WORD_LENGTH
    ? word
    : Array.from(word.slice(0, 2 * WORD_LENGTH))
        .slice(0, WORD_LENGTH)
        .join('');

const partsOf = (text: string): string[] => fold(text).split(/\s+/u).filter(Boolean);

/** Returns the text from the beginning of each of its words to the next space. */
const wordsOf = (text: string): string[] => {
  const words: string[] = [];
  for (const part of partsOf(text))
    for (const { index } of part.matchAll(BEGINNING)) {
      if (words.length === MOST_WORDS) return words;
      words.push(shorten(part.slice(index)));
    }
  return words;
};

/** Returns the words of an address without its top-level domain, which many addresses have. */
const wordsOfAddress = (email: string): string[] => {
  const dot = email.lastIndexOf('.');
  const topLevel = dot === -1 ? '' : fold(email.slice(dot + 1));
  return wordsOf(email).filter((word) => word !== topLevel);
};

export interface Searched {
  subject: string;
  recipients: readonly { email: string; name: string | null }[];
}

/** Returns the words by which a submission is found, without those that another one begins with. */
export const searchWords = ({ subject, recipients }: Searched): string[] => {
  const all = [
    ...wordsOf(subject),
    ...recipients.flatMap(({ email, name }) => [...wordsOfAddress(email), ...wordsOf(name ?? '')]),
  ];
  const sorted = [...new Set(all)].sort();
  return sorted.filter((word, index) => !sorted[index + 1]?.startsWith(word));
};

/** Returns the beginnings of words that a search demands; signs in front of a word are ignored. */
export const searchTerms = (q: string): string[] => {
  const terms = partsOf(q).flatMap((part) => {
    const [first] = part.matchAll(BEGINNING);
    return first ? [shorten(part.slice(first.index))] : [];
  });
  return [...new Set(terms)];
};

const LAST_BEFORE_SURROGATES = 0xd7ff;
const FIRST_AFTER_SURROGATES = 0xe000;
const LAST_CHARACTER = 0x10ffff;

/** Returns the smallest text, by code points, that is greater than each text with this beginning. */
export const afterBeginning = (beginning: string): string => {
  const points = Array.from(beginning, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CHARACTER) points.pop();
  const last = points.pop() ?? 0;
  return String.fromCodePoint(...points, last === LAST_BEFORE_SURROGATES ? FIRST_AFTER_SURROGATES : last + 1);
};
