import { setImmediate } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import sanitizeHtml from 'sanitize-html';
import { cleanStyle } from './css-declarations';
import { removeHidden } from './hidden-elements';
import { applyRules, readRules } from './inline-css';
import { SIGNATURE, splitSignature } from './split-signature';

/*
 * Cleans the HTML of messages, whether written in the editor, pasted, or submitted over an API (security 9). Clean HTML
 * runs no code, loads nothing but images over TLS, and has its styles inlined.
 */

/** How long CSS inlining may block the event loop; cost of sibling selectors is unpredictable. */
const STYLE_LIMIT_MS = 150;
/** Style sheets that make the HTML longer than this are not applied. */
const MAX_STYLED_UNITS = 1_000_000;
/** Deeper nesting makes the parsers quadratic. Real mail never nests this deep; unclosed elements do. */
const MAX_DEPTH = 200;
const MAX_ELEMENTS = 30_000;
/** Depth × elements: the text part marks each line of nested quotations once per level. */
const MAX_MARKS = 1_000_000;
/** Runs of text, character references and escaped characters: each costs the cleaner as much as an attribute. */
const MAX_TEXTS = 150_000;
const MAX_ATTRIBUTES = 80_000;
const MAX_ATTRIBUTES_PER_ELEMENT = 200;
/** Cost limit of parsing distinct styles: their length plus a constant for each. Later ones are dropped. */
const MAX_STYLE_COST = 250_000;
const COST_PER_STYLE = 30;
/** Longer HTML yields to other requests between the steps. */
const SHORT_UNITS = 20_000;

const CELL = ['align', 'valign', 'bgcolor', 'width', 'height', 'colspan', 'rowspan'];

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  '*': ['style', 'align', 'dir', 'lang', 'title', SIGNATURE],
  a: ['href', 'name'],
  img: ['src', 'alt', 'width', 'height', 'border'],
  font: ['color', 'face', 'size'],
  ol: ['start', 'type'],
  table: ['width', 'border', 'cellpadding', 'cellspacing', 'bgcolor'],
  tr: ['valign', 'bgcolor'],
  td: CELL,
  th: CELL,
};

const allowedOf = (tag: string): ReadonlySet<string> =>
  new Set([...(ATTRIBUTES['*'] ?? []), ...(ATTRIBUTES[tag] ?? [])]);
const ALLOWED_ATTRIBUTES = new Map(Object.keys(ATTRIBUTES).map((tag) => [tag, allowedOf(tag)]));
const ALLOWED_ANYWHERE = allowedOf('*');

type Attributes = Record<string, string>;

/**
 * Returns an absolute link, or null. Relative links have no base in mail, and would lead to the admin panel in a preview;
 * browsers treat `https:x` as relative, too. `www.` gets the missing `https://`.
 */
const absoluteLink = (href: string): string | null => {
  const target = href.trim();
  if (/^www\.[^\s.]/i.test(target)) return `https://${target}`;
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(target) ? target : null;
};

/** Returns the source of an image that the message contains or loads over TLS, or null. */
const imageSource = (src: string, cids: ReadonlySet<string>): string | null => {
  const source = src.trim();
  const [, cid] = /^cid:(.*)$/i.exec(source) ?? [];
  if (cid === undefined) return /^https:\/\//i.test(source) ? source : null;
  return cids.has(cid) ? `cid:${cid}` : null;
};

/** Start numbers that Roman numerals can represent. */
const isStart = (start: string): boolean => /^[1-9]\d{0,3}$/.test(start) && Number(start) < 4000;

const COLOUR = /^(?:#[\da-f]{3,8}|[a-z]{3,30})$/i;

const PAGE = new Set(['dir', 'lang', 'style']);

/** Converts attributes of `html` and `body` to those of a `div`, as mail programs do. */
const pageAttributes = (attributes: Attributes): Attributes => {
  const colours = [
    ['background-color', attributes.bgcolor],
    ['color', attributes.text],
  ].flatMap(([name, colour]) => (colour && COLOUR.test(colour) ? [`${name}:${colour};`] : []));
  const style = colours.join('') + (attributes.style ?? '');
  const { dir, lang } = attributes;
  return { ...(dir ? { dir } : {}), ...(lang ? { lang } : {}), ...(style ? { style } : {}) };
};

/** Elements that are replaced by a `div`, to keep their content on lines of its own. */
const AS_BLOCKS = new Set(['details', 'fieldset', 'form', 'legend', 'summary']);

/** @returns null for an attribute to remove */
const cleanValue = (name: string, value: string, cids: ReadonlySet<string>): string | null => {
  if (name === 'href') return absoluteLink(value);
  if (name === 'src') return imageSource(value, cids);
  if (name === 'start') return isStart(value) ? value : null;
  return value;
};

/** Returns a transformer that cleans single elements before the library applies its own rules. */
const elementCleaner = (cids: ReadonlySet<string>): sanitizeHtml.Transformer => {
  /** Tables repeat their styles, so each distinct style is parsed once. */
  const styles = new Map<string, string>();
  let units = 0;
  const cleanCached = (style: string): string => {
    const known = styles.get(style);
    if (known !== undefined) return known;
    units += style.length + COST_PER_STYLE;
    const cleaned = units > MAX_STYLE_COST ? '' : cleanStyle(style);
    styles.set(style, cleaned);
    return cleaned;
  };
  return (tagName, attributes: Attributes) => {
    const isOfPage = tagName === 'html' || tagName === 'body';
    const allowed = isOfPage ? PAGE : (ALLOWED_ATTRIBUTES.get(tagName) ?? ALLOWED_ANYWHERE);
    const attribs: Attributes = {};
    for (const [name, value] of Object.entries(isOfPage ? pageAttributes(attributes) : attributes)) {
      const cleaned = allowed.has(name) ? cleanValue(name, value, cids) : null;
      if (cleaned !== null) attribs[name] = cleaned;
    }
    if (attribs.style !== undefined) {
      attribs.style = cleanCached(attribs.style);
      if (attribs.style === '') delete attribs.style;
    }
    const isBlock = AS_BLOCKS.has(tagName) || (isOfPage && Object.keys(attribs).length > 0);
    return { tagName: isBlock ? 'div' : tagName, attribs };
  };
};

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img', 'center', 'font', 'del', 'ins', 'strike'],
  allowedAttributes: Object.fromEntries(Object.entries(ATTRIBUTES).map(([tag, names]) => [tag, [...names]])),
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https', 'cid'] },
  allowProtocolRelative: false,
  // `cleanStyle` parses styles that the library's parser rejects.
  parseStyleAttributes: false,
  nonTextTags: [
    ...['head', 'iframe', 'math', 'noscript', 'option', 'script', 'style', 'svg', 'template', 'textarea', 'title'],
    'xmp',
  ],
  nestingLimit: MAX_DEPTH,
};

/** Office writes its settings into an `xml` element; an unclosed one would drop the rest of the message. */
const nonTextTagsOf = (html: string): string[] => [
  ...(OPTIONS.nonTextTags ?? []),
  ...(/<\/xml\s*>/i.test(html) ? ['xml'] : []),
];

export type HtmlProblem = 'is nested too deeply' | 'has too many elements' | 'has too many attributes';

/** Counts characters that the cleaner escapes, in texts (`&<>`) or values (also `"`). */
const countEscaped = (text: string, escaped: string): number => {
  let count = 0;
  for (const character of text) if (escaped.includes(character)) count += 1;
  return count;
};

/**
 * Finds HTML that no message needs and that would cost the libraries seconds. One pass.
 *
 * @returns null for usable HTML
 */
export const htmlProblem = (html: string): HtmlProblem | null => {
  let depth = 0;
  let deepest = 0;
  let elements = 0;
  let texts = 0;
  let attributes = 0;
  let ofElement = 0;
  const problem = (): HtmlProblem | null => {
    if (deepest > MAX_DEPTH) return 'is nested too deeply';
    if (attributes > MAX_ATTRIBUTES || ofElement > MAX_ATTRIBUTES_PER_ELEMENT) return 'has too many attributes';
    const isTooMuch = elements > MAX_ELEMENTS || deepest * elements > MAX_MARKS || texts > MAX_TEXTS;
    return isTooMuch ? 'has too many elements' : null;
  };
  const stop = () => {
    if (problem() !== null) parser.pause();
  };
  const parser = new Parser({
    onopentagname: () => {
      ofElement = 0;
    },
    onattribute: (_name, value) => {
      attributes += 1;
      ofElement += 1;
      texts += countEscaped(value, '&<>"');
      stop();
    },
    onopentag: () => {
      elements += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
      stop();
    },
    ontext: (text) => {
      texts += Math.max(1, countEscaped(text, '&<>'));
      stop();
    },
    onclosetag: () => {
      depth -= 1;
    },
  });
  // `end` counts unclosed references and elements, too.
  parser.end(html);
  return problem();
};

/** Returns a function that yields to other requests: each step of a long message takes up to 150 ms. */
export const yielderFor = (html: string) => async (): Promise<void> => {
  if (html.length > SHORT_UNITS) await setImmediate();
};

/** Inlines the style sheets. The library's output must pass `htmlProblem`, too. */
const inlineStyles = async (html: string, limitMs: number): Promise<string> => {
  const rules = readRules(html);
  if (rules === null) return html;
  const turn = yielderFor(html);
  const styled = await applyRules(html, rules, { limitMs, turn });
  await turn();
  const isUsable =
    styled !== null && styled.length <= Math.max(MAX_STYLED_UNITS, html.length) && htmlProblem(styled) === null;
  return isUsable ? styled : html;
};

/**
 * Cleans HTML and separates its signature.
 *
 * @param html must have no `htmlProblem`
 * @param cids ids of the attached images
 * @param styleLimitMs how long CSS inlining may block the event loop; above it the style sheet is dropped
 * @returns `html`: the HTML that is stored and sent; `own`: the same without the signature that the editor inserted
 */
export const cleanMessage = async (
  html: string,
  cids: ReadonlySet<string>,
  styleLimitMs = STYLE_LIMIT_MS
): Promise<{ html: string; own: string }> => {
  const turn = yielderFor(html);
  const styled = await inlineStyles(html, styleLimitMs);
  await turn();
  const visible = removeHidden(styled);
  await turn();
  const cleaned = sanitizeHtml(visible, {
    ...OPTIONS,
    nonTextTags: nonTextTagsOf(visible),
    transformTags: { '*': elementCleaner(cids) },
  }).trim();
  await turn();
  const split = splitSignature(cleaned);
  await turn();
  return split;
};

/** Returns the HTML that is stored and sent. The arguments are those of `cleanMessage`. */
export const cleanHtml = async (...input: Parameters<typeof cleanMessage>): Promise<string> =>
  (await cleanMessage(...input)).html;
