import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { cleanMessage } from './clean-html';

/*
 * The same HTML is cleaned once: a submission follows its preview, and a notification goes to each reader. A result depends
 * on the HTML and the ids of its images only, never on an actor or a right.
 */

const MAX_BYTES = 8 * 1024 * 1024;
const BYTES_PER_RESULT = 500;

type Cleaned = Awaited<ReturnType<typeof cleanMessage>>;

const results = new LRUCache<string, Cleaned>({
  maxSize: MAX_BYTES,
  sizeCalculation: ({ html, own }) => BYTES_PER_RESULT + 2 * (html.length + own.length),
});

/** UTF-16: in UTF-8, different lone surrogates would be the same character. */
const keyOf = (html: string, cids: ReadonlySet<string>): string =>
  createHash('sha256')
    .update(Buffer.from(`${JSON.stringify([...cids].sort())}${html}`, 'utf16le'))
    .digest('base64');

/** As `cleanMessage`; keeps recent results, up to 8 MB. */
export const cleanOnce = async (html: string, cids: ReadonlySet<string>): Promise<Cleaned> => {
  const key = keyOf(html, cids);
  const known = results.get(key);
  if (known) return known;
  const cleaned = await cleanMessage(html, cids);
  results.set(key, cleaned);
  return cleaned;
};
