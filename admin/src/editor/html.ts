/* HTML of a draft as a string, on its way into the editor and out of it. Needs neither a browser nor the editor. */

const DIV = /<div\b[^<>]*>/gi;
const SIGNATURE = /\sdata-signature\b/i;
const VISIBLE = /<(?:img|hr)\b/i;
/** White space and invisible characters, also as entities. */
const INVISIBLE = /&nbsp;|&#160;|[\s\u00a0\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** The signature contains no other `div`, so it ends at the next end tag. */
const withoutSignature = (html: string): string =>
  html
    .split(/<\/div>/i)
    .map((part, index, { length }) => {
      const signature = index + 1 < length ? [...part.matchAll(DIV)].find(([tag]) => SIGNATURE.test(tag)) : undefined;
      return signature ? part.slice(0, signature.index) : part;
    })
    .join(' ');

/** Is the HTML without visible content, a signature aside? */
export const isBlank = (html: string): boolean => {
  const own = withoutSignature(html);
  return !VISIBLE.test(own) && own.replace(/<[^>]*(?:>|$)/g, '').replace(INVISIBLE, '') === '';
};

const EMPTY_PARAGRAPH = /<p>\s*<\/p>/g;
const BROKEN_PARAGRAPH = /(<p\b[^<>]*>)\s*<br\s*\/?>\s*<\/p>/gi;

const withoutEmptyEnd = (html: string): string => {
  let end = html.length;
  for (;;) {
    const close = end - '</p>'.length;
    const open = html.endsWith('</p>', end) ? html.lastIndexOf('<p>', close) : -1;
    if (open < 0 || html.slice(open + '<p>'.length, close).trim() !== '') return html.slice(0, end);
    end = open;
  }
};

/** Converts the editor's HTML for storing and sending: empty lines keep their height in mail, an empty editor gives ''. */
export const outgoing = (html: string): string => {
  const text = withoutEmptyEnd(html);
  return isBlank(text) && !text.includes('data-signature') ? '' : text.replace(EMPTY_PARAGRAPH, '<p><br></p>');
};

const OTHER_HEADING = /<(\/?)h([1456])\b/gi;

/** Converts stored or pasted HTML for the editor: two levels of headings, and no `br` in empty lines, which would add one. */
export const incoming = (html: string): string =>
  html
    .replace(BROKEN_PARAGRAPH, '$1</p>')
    .replace(OTHER_HEADING, (_, end: string, rank: string) => `<${end}h${rank === '1' ? 2 : 3}`);

const SCHEME = /^(?:https?|mailto|tel):/i;
const ANY_SCHEME = /^[a-z][a-z0-9+.-]*:(?!\d)/i;
const MAIL = /^[^\s@/:]+@(?=[^\s@/:]+\.[^\s@/:])[^\s@/:]+$/;
const HOST = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[:/?#].*)?$/u;
const PHONE = /^tel:\+?[\d\s().-]{2,}$/i;
const HIDDEN = /[\p{C}\s]/u;

/**
 * Normalizes a typed link target: a URL with `https:`, `http:`, `mailto:` or `tel:`, or a host or an e-mail address.
 *
 * @returns null if it is invalid or has another scheme
 */
export const checkedLink = (typed: string): string | null => {
  const text = typed.trim();
  if (PHONE.test(text)) return text.replace(/[\s().-]/g, '');
  if (HIDDEN.test(text)) return null;
  if (MAIL.test(text)) return `mailto:${text}`;
  if (!SCHEME.test(text)) return !ANY_SCHEME.test(text) && HOST.test(text) ? checkedLink(`https://${text}`) : null;
  if (/^mailto:/i.test(text)) return MAIL.test(text.slice('mailto:'.length).split('?')[0] ?? '') ? text : null;
  try {
    const { protocol, hostname } = new URL(text);
    return /^https?:$/.test(protocol) && hostname !== '' ? text : null;
  } catch {
    return null;
  }
};

/** Has the target a scheme that the server allows in links? */
export const isLink = (target: string | undefined): boolean => target !== undefined && SCHEME.test(target.trim());
