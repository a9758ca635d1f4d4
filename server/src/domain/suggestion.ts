import { normalise } from './text';

/** One address that an author wrote to, under one name. */
export interface Use {
  email: string;
  /** Compared form (rules §7). */
  key: string;
  name: string | null;
  /** Number of messages */
  count: number;
  /** Milliseconds since the epoch */
  lastAt: number;
}

export interface Suggestion {
  email: string;
  name: string | null;
}

export const MOST_SUGGESTIONS = 10;
/** Age at which a use counts half: recent recipients come before frequent ones of long ago. */
const HALF_LIFE_MS = 30 * 24 * 3_600_000;

const folded = (text: string): string => normalise(text).toLowerCase();

/** Merges the uses of each address: latest spelling, latest name. */
const byAddress = (uses: readonly Use[]): Use[] => {
  const found = new Map<string, Use>();
  for (const use of [...uses].sort((a, b) => b.lastAt - a.lastAt)) {
    const known = found.get(use.key);
    found.set(use.key, known ? { ...known, name: known.name ?? use.name, count: known.count + use.count } : use);
  }
  return [...found.values()];
};

/** @returns 0: a word begins with the text; 1: the text is inside a word; null: no match */
const rankOf = ({ email, name }: Suggestion, wanted: string): 0 | 1 | null => {
  const texts = [email, name ?? ''].map(folded);
  if (texts.some((text) => text.startsWith(wanted) || text.includes(` ${wanted}`))) return 0;
  return texts.some((text) => text.includes(wanted)) ? 1 : null;
};

/**
 * Returns at most 10 suggestions: matches at the start of a word first, then by frequency and age.
 *
 * @param q typed text; blank: the latest recipients
 */
export const suggest = (uses: readonly Use[], q: string): Suggestion[] => {
  const latestFirst = byAddress(uses);
  const wanted = folded(q).trim();
  const newest = latestFirst[0]?.lastAt ?? 0;
  const weight = ({ count, lastAt }: Use): number => count * 0.5 ** ((newest - lastAt) / HALF_LIFE_MS);
  const found =
    wanted === ''
      ? latestFirst
      : latestFirst
          .flatMap((use) => {
            const rank = rankOf(use, wanted);
            return rank === null ? [] : [{ use, rank }];
          })
          .sort((a, b) => a.rank - b.rank || weight(b.use) - weight(a.use))
          .map(({ use }) => use);
  return found.slice(0, MOST_SUGGESTIONS).map(({ email, name }) => ({ email, name }));
};
