import { normalise } from './text';

/** What an author wrote to, under one name. */
export interface Use {
  email: string;
  /** Compared form (rules §7). */
  key: string;
  name: string | null;
  /** How often */
  count: number;
  /** Milliseconds since the epoch */
  lastAt: number;
}

export interface Suggestion {
  email: string;
  name: string | null;
}

export const MOST_SUGGESTIONS = 10;
/** After that a use counts half: who was written to often long ago comes behind who is written to now. */
const HALF_LIFE_MS = 30 * 24 * 3_600_000;

const folded = (text: string): string => normalise(text).toLowerCase();

/** One for each address: with all of its uses, as it was written last, and with the last name that it had. */
const byAddress = (uses: readonly Use[]): Use[] => {
  const found = new Map<string, Use>();
  for (const use of [...uses].sort((a, b) => b.lastAt - a.lastAt)) {
    const known = found.get(use.key);
    found.set(use.key, known ? { ...known, name: known.name ?? use.name, count: known.count + use.count } : use);
  }
  return [...found.values()];
};

/** 0: a word of it begins so; 1: it is somewhere inside; null: nowhere */
const place = ({ email, name }: Suggestion, wanted: string): 0 | 1 | null => {
  const texts = [email, name ?? ''].map(folded);
  if (texts.some((text) => text.startsWith(wanted) || text.includes(` ${wanted}`))) return 0;
  return texts.some((text) => text.includes(wanted)) ? 1 : null;
};

/**
 * Whom an author may mean: at most 10. What begins with the text comes before what only holds it, then who was written to
 * most often and most recently.
 *
 * @param q what was typed; blank: the latest
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
            const rank = place(use, wanted);
            return rank === null ? [] : [{ use, rank }];
          })
          .sort((a, b) => a.rank - b.rank || weight(b.use) - weight(a.use))
          .map(({ use }) => use);
  return found.slice(0, MOST_SUGGESTIONS).map(({ email, name }) => ({ email, name }));
};
