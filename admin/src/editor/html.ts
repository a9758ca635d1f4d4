/*
 * The HTML of a draft, as text: what goes into the editor and comes out of it. Nothing here needs a browser, or loads
 * the editor.
 */

const DIV = /<div\b[^<>]*>/gi;
const SIGNATURE = /\sdata-signature\b/i;
const SEEN = /<(?:img|hr)\b/i;
/** Spaces, and characters that draw nothing, also as an editor's entities. */
const NOTHING = /&nbsp;|&#160;|[\s\u00a0\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** The editor's signature holds no other `div`, so the next end of one is its end. */
const withoutSignature = (html: string): string =>
  html
    .split(/<\/div>/i)
    .map((part, index, { length }) => {
      const signature = index + 1 < length ? [...part.matchAll(DIV)].find(([tag]) => SIGNATURE.test(tag)) : undefined;
      return signature ? part.slice(0, signature.index) : part;
    })
    .join(' ');

/** Is there nothing to read or see? A signature alone is nothing that somebody wrote. */
export const isBlank = (html: string): boolean => {
  const own = withoutSignature(html);
  return !SEEN.test(own) && own.replace(/<[^>]*(?:>|$)/g, '').replace(NOTHING, '') === '';
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

/**
 * The editor's HTML as it is stored and sent. An empty line keeps its height in a mail, and an empty editor is ''.
 */
export const outgoing = (html: string): string => {
  const text = withoutEmptyEnd(html);
  return isBlank(text) && !text.includes('data-signature') ? '' : text.replace(EMPTY_PARAGRAPH, '<p><br></p>');
};

const OTHER_HEADING = /<(\/?)h([1456])\b/gi;

/**
 * What is stored or pasted, as the editor reads it: it knows two ranks of headings, and would show the break of an empty
 * line as a line more.
 */
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
 * The target of a link as it was typed: `https:`, `http:`, `mailto:` and `tel:`, or a host or an address without.
 *
 * @returns null for what is none, or leads elsewhere
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

/** May the target stand in a link of the message? As the server keeps them. */
export const isLink = (target: string | undefined): boolean => target !== undefined && SCHEME.test(target.trim());
