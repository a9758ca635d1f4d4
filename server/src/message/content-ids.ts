/* Pictures that the HTML shows by `cid:` (RFC 2392). All but `hasDataPictures` reads HTML that `cleanHtml` has written. */

const DATA = /<img\b[^<>]*?\bsrc\s*=\s*["']?\s*data:/i;

/** Does the HTML hold pictures as `data:` URLs? Mail programs do not show them, and they do not leave. */
export const hasDataPictures = (html: string): boolean => DATA.test(html);

/** There `<`, `>` and `"` stand in texts and values as references only, so this finds pictures and nothing else. */
const SHOWN = /(<img [^<>]*?\bsrc="cid:)([^"]*)(?=")/g;

const REMOTE = /<img [^<>]*?\bsrc="https:\/\//gi;

/** How many pictures the reader's program would load from elsewhere. */
export const remoteImagesIn = (cleaned: string): number => [...cleaned.matchAll(REMOTE)].length;

/** The ids that the HTML shows. */
export const shownCids = (cleaned: string): ReadonlySet<string> =>
  new Set([...cleaned.matchAll(SHOWN)].map(([, , cid]) => String(cid)));

/**
 * RFC 2045 §7: as unique in the world as a Message-ID. Else a mail program that shows two messages together, such as a
 * conversation or a quote, may show the picture of the other one.
 *
 * @param cid holds no `=`, which stands for the one `@` that it may hold: RFC 5322 §3.6.4 allows one only
 * @param messageId with angle brackets
 * @returns without
 */
export const contentIdOf = (cid: string, messageId: string): string =>
  `${cid.replaceAll('@', '=40')}.${messageId.slice(1, -1)}`;

/** The HTML as it leaves: its `cid:` URLs are the Content-IDs. */
export const withContentIds = (cleaned: string, messageId: string): string =>
  cleaned.replace(SHOWN, (_, before: string, cid: string) => before + contentIdOf(cid, messageId));
