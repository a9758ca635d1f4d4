/* Images that the HTML references by `cid:` (RFC 2392). All functions except `hasDataPictures` expect output of `cleanHtml`. */

const DATA = /<img\b[^<>]*?\bsrc\s*=\s*["']?\s*data:/i;

/** Finds images as `data:` URLs, which mail programs do not show and `cleanHtml` removes. */
export const hasDataPictures = (html: string): boolean => DATA.test(html);

/** Cleaned HTML escapes `<`, `>` and `"` in texts and values, so this matches images only. */
const SHOWN = /(<img [^<>]*?\bsrc="cid:)([^"]*)(?=")/g;

const REMOTE = /<img [^<>]*?\bsrc="https:\/\//gi;

/** Counts the images that a mail program would load from the web. */
export const remoteImagesIn = (cleaned: string): number => [...cleaned.matchAll(REMOTE)].length;

/** Returns the image ids that the HTML references. */
export const shownCids = (cleaned: string): ReadonlySet<string> =>
  new Set([...cleaned.matchAll(SHOWN)].map(([, , cid]) => String(cid)));

/**
 * Returns a Content-ID that is globally unique (RFC 2045 §7). Otherwise a mail program that displays several messages,
 * such as a conversation, may show another message's image.
 *
 * @param cid must not contain `=`, which replaces its `@`: RFC 5322 §3.6.4 allows a single `@`
 * @param messageId with angle brackets
 * @returns without angle brackets
 */
export const contentIdOf = (cid: string, messageId: string): string =>
  `${cid.replaceAll('@', '=40')}.${messageId.slice(1, -1)}`;

/** Replaces the image ids in `cid:` URLs with the Content-IDs of the message. */
export const withContentIds = (cleaned: string, messageId: string): string =>
  cleaned.replace(SHOWN, (_, before: string, cid: string) => before + contentIdOf(cid, messageId));
