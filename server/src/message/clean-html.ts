import { setImmediate } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import sanitizeHtml from 'sanitize-html';
import { cleanStyle } from './css-declarations';
import { withoutHidden } from './hidden-elements';
import { applied, rulesOf } from './inline-css';

/*
 * HTML as it may leave: what is written in an editor, pasted, or handed in by code or over an API (security 9). It can
 * neither run nor load anything but pictures over TLS, and its styles stand on the elements that they are for.
 */

/** How long CSS inlining may block the event loop; cost of sibling selectors is unpredictable. */
const STYLE_LIMIT_MS = 150;
/** Style sheets that make the HTML longer than this are not applied. */
const MOST_STYLED_UNITS = 1_000_000;
/** Deeper nesting makes the parsers quadratic. Real mail never nests this deep; unclosed elements do. */
const MOST_DEPTH = 200;
const MOST_ELEMENTS = 30_000;
/** Depth times elements: each line of a quotation in a quotation is marked as often as it is deep. */
const MOST_MARKS = 1_000_000;
/** Runs of text between tags, references and signs that are written as such: each costs the cleaner as much as an attribute. */
const MOST_TEXTS = 150_000;
const MOST_ATTRIBUTES = 80_000;
const MOST_ATTRIBUTES_OF_ONE = 200;
/** What reading different styles may cost: units, and so many for each of them. Others are dropped. */
const MOST_STYLES_UNITS = 250_000;
const UNITS_OF_STYLE = 30;
/** Other requests get a turn between the steps of longer messages. */
const SHORT_UNITS = 20_000;

const CELL = ['align', 'valign', 'bgcolor', 'width', 'height', 'colspan', 'rowspan'];

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  '*': ['style', 'align', 'dir', 'lang', 'title'],
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
 * A relative link means nothing in a mail, and would mean the admin panel in a preview: also `https:x`, which a browser
 * reads as relative to a page over https. `www.` is what people write for `https://www.`.
 */
const link = (href: string): string | null => {
  const target = href.trim();
  if (/^www\.[^\s.]/i.test(target)) return `https://${target}`;
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(target) ? target : null;
};

/** A picture that does not come with the message would be a broken one. */
const picture = (src: string, cids: ReadonlySet<string>): string | null => {
  const source = src.trim();
  const [, cid] = /^cid:(.*)$/i.exec(source) ?? [];
  if (cid === undefined) return /^https:\/\//i.test(source) ? source : null;
  return cids.has(cid) ? `cid:${cid}` : null;
};

/** Numbers that a list may begin with; nobody reads others, and Roman letters do not write them. */
const isStart = (start: string): boolean => /^[1-9]\d{0,3}$/.test(start) && Number(start) < 4000;

const COLOUR = /^(?:#[\da-f]{3,8}|[a-z]{3,30})$/i;

const PAGE = new Set(['dir', 'lang', 'style']);

/** Attributes of `html` and `body` as those of a `div`, which is what a mail program makes of them. */
const pageAttributes = (given: Attributes): Attributes => {
  const colours = [
    ['background-color', given.bgcolor],
    ['color', given.text],
  ].flatMap(([name, colour]) => (colour && COLOUR.test(colour) ? [`${name}:${colour};`] : []));
  const style = colours.join('') + (given.style ?? '');
  const { dir, lang } = given;
  return { ...(dir ? { dir } : {}), ...(lang ? { lang } : {}), ...(style ? { style } : {}) };
};

/** Elements that are no part of a message, but whose content is not to stand beside what is around it. */
const AS_BLOCKS = new Set(['details', 'fieldset', 'form', 'legend', 'summary']);

/** @returns null: the attribute does not leave */
const valueOf = (name: string, value: string, cids: ReadonlySet<string>): string | null => {
  if (name === 'href') return link(value);
  if (name === 'src') return picture(value, cids);
  if (name === 'start') return isStart(value) ? value : null;
  return value;
};

/** An element as it may leave, before the library decides about it once more. */
const elementReader = (cids: ReadonlySet<string>): sanitizeHtml.Transformer => {
  /** Tables repeat their styles: each is read once. */
  const styles = new Map<string, string>();
  let units = 0;
  const cleaned = (style: string): string => {
    const known = styles.get(style);
    if (known !== undefined) return known;
    units += style.length + UNITS_OF_STYLE;
    const read = units > MOST_STYLES_UNITS ? '' : cleanStyle(style);
    styles.set(style, read);
    return read;
  };
  return (tagName, given: Attributes) => {
    const isOfPage = tagName === 'html' || tagName === 'body';
    const allowed = isOfPage ? PAGE : (ALLOWED_ATTRIBUTES.get(tagName) ?? ALLOWED_ANYWHERE);
    const attribs: Attributes = {};
    for (const [name, value] of Object.entries(isOfPage ? pageAttributes(given) : given)) {
      const read = allowed.has(name) ? valueOf(name, value, cids) : null;
      if (read !== null) attribs[name] = read;
    }
    if (attribs.style !== undefined) {
      attribs.style = cleaned(attribs.style);
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
  // Styles come from `cleanStyle`, which reads what the library's parser gives up on.
  parseStyleAttributes: false,
  nonTextTags: [
    ...['head', 'iframe', 'math', 'noscript', 'option', 'script', 'style', 'svg', 'template', 'textarea', 'title'],
    'xmp',
  ],
  nestingLimit: MOST_DEPTH,
};

/** Settings of Office stand in an island of XML; one that is never closed holds the message. */
const nonTextTagsOf = (html: string): string[] => [
  ...(OPTIONS.nonTextTags ?? []),
  ...(/<\/xml\s*>/i.test(html) ? ['xml'] : []),
];

export type HtmlProblem = 'is nested too deeply' | 'has too many elements' | 'has too many attributes';

/** @returns how many signs the cleaner writes as references, in texts (`&<>`) or values (also `"`) */
const signsIn = (text: string, signs: string): number => {
  let found = 0;
  for (const sign of text) if (signs.includes(sign)) found += 1;
  return found;
};

/** Rejects HTML that no message needs and that would cost the libraries seconds. One pass. @returns null: nothing */
export const htmlProblem = (html: string): HtmlProblem | null => {
  let depth = 0;
  let deepest = 0;
  let elements = 0;
  let texts = 0;
  let attributes = 0;
  let ofOne = 0;
  const problem = (): HtmlProblem | null => {
    if (deepest > MOST_DEPTH) return 'is nested too deeply';
    if (attributes > MOST_ATTRIBUTES || ofOne > MOST_ATTRIBUTES_OF_ONE) return 'has too many attributes';
    const isTooMuch = elements > MOST_ELEMENTS || deepest * elements > MOST_MARKS || texts > MOST_TEXTS;
    return isTooMuch ? 'has too many elements' : null;
  };
  const stop = () => {
    if (problem() !== null) parser.pause();
  };
  const parser = new Parser({
    onopentagname: () => {
      ofOne = 0;
    },
    onattribute: (_name, value) => {
      attributes += 1;
      ofOne += 1;
      texts += signsIn(value, '&<>"');
      stop();
    },
    onopentag: () => {
      elements += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
      stop();
    },
    ontext: (text) => {
      texts += Math.max(1, signsIn(text, '&<>'));
      stop();
    },
    onclosetag: () => {
      depth -= 1;
    },
  });
  // A reference, or an element, that is not closed counts as well.
  parser.end(html);
  return problem();
};

/** Lets other requests have their turn: each step of a long message takes up to 150 ms. */
export const turnsOf = (html: string) => async (): Promise<void> => {
  if (html.length > SHORT_UNITS) await setImmediate();
};

/** HTML with its style sheets on the elements; what the library hands back is checked as what came in was. */
const styledOf = async (html: string, limitMs: number): Promise<string> => {
  const rules = rulesOf(html);
  if (rules === null) return html;
  const turn = turnsOf(html);
  const styled = await applied(html, rules, { limitMs, turn });
  await turn();
  const isUsable =
    styled !== null && styled.length <= Math.max(MOST_STYLED_UNITS, html.length) && htmlProblem(styled) === null;
  return isUsable ? styled : html;
};

/**
 * The HTML that is stored and sent.
 *
 * @param html of which `htmlProblem` says nothing
 * @param cids the pictures that come with it
 * @param styleLimitMs how long CSS inlining may block the event loop; above it the style sheet is dropped
 */
export const cleanHtml = async (
  html: string,
  cids: ReadonlySet<string>,
  styleLimitMs = STYLE_LIMIT_MS
): Promise<string> => {
  const turn = turnsOf(html);
  const styled = await styledOf(html, styleLimitMs);
  await turn();
  const seen = withoutHidden(styled);
  await turn();
  const cleaned = sanitizeHtml(seen, {
    ...OPTIONS,
    nonTextTags: nonTextTagsOf(seen),
    transformTags: { '*': elementReader(cids) },
  }).trim();
  await turn();
  return cleaned;
};
