import { setImmediate } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import sanitizeHtml from 'sanitize-html';
import { applied, rulesOf } from './style-sheets';

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
/** Runs of text between tags, references and lone `<`: each costs the cleaner as much as an attribute. */
const MOST_TEXTS = 150_000;
const MOST_ATTRIBUTES = 200_000;
const MOST_ATTRIBUTES_OF_ONE = 200;
/** Other requests get a turn between the steps of longer messages. */
const SHORT_UNITS = 20_000;

/** Nothing that loads, computes, or leaves its place. Backslashes and comments would hide such a thing. */
const STYLE_VALUE = [/^(?![^]*(?:url|expression|image|var|attr|src|import)\s*\(|[^]*\/\*)[^\\<>@{};]{1,200}$/i];

const STYLES = [
  'color',
  'background-color',
  'font',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'letter-spacing',
  'line-height',
  'text-align',
  'text-decoration',
  'text-indent',
  'text-transform',
  'vertical-align',
  'white-space',
  'list-style-type',
  'width',
  'max-width',
  'min-width',
  'height',
  'border-collapse',
  'border-spacing',
  'border-radius',
  ...['margin', 'padding'].flatMap((box) => [
    box,
    ...['top', 'right', 'bottom', 'left'].map((side) => `${box}-${side}`),
  ]),
  ...['', '-top', '-right', '-bottom', '-left'].flatMap((side) => [
    `border${side}`,
    ...['color', 'style', 'width'].map((what) => `border${side}-${what}`),
  ]),
];

const CELL = ['align', 'valign', 'bgcolor', 'width', 'height', 'colspan', 'rowspan'];

/**
 * What is relative means nothing in a mail, and would mean the admin panel in a preview: also `https:x`, which a browser
 * reads as relative to a page over https.
 */
const link: sanitizeHtml.Transformer = (tagName, { href, ...attribs }) => ({
  tagName,
  attribs: href !== undefined && /^(?:https?:\/\/|mailto:|tel:)/i.test(href.trim()) ? { href, ...attribs } : attribs,
});

/** @param isShown is there a picture of that id? One that is not there would be a broken one. */
const picture =
  (isShown: (cid: string) => boolean): sanitizeHtml.Transformer =>
  (tagName, { src = '', ...attribs }) => {
    const source = src.trim();
    const [, cid] = /^cid:(.*)$/i.exec(source) ?? [];
    const known = cid === undefined ? /^https:\/\//i.test(source) : isShown(cid);
    return { tagName, attribs: known ? { src: cid === undefined ? source : `cid:${cid}`, ...attribs } : attribs };
  };

const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img', 'center', 'font', 'del', 'ins', 'strike'],
  allowedAttributes: {
    '*': ['style', 'align', 'dir', 'lang', 'title'],
    a: ['href', 'name'],
    img: ['src', 'alt', 'width', 'height', 'border'],
    font: ['color', 'face', 'size'],
    ol: ['start', 'type'],
    table: ['width', 'border', 'cellpadding', 'cellspacing', 'bgcolor'],
    tr: ['align', 'valign', 'bgcolor'],
    td: CELL,
    th: CELL,
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https', 'cid'] },
  allowProtocolRelative: false,
  allowedStyles: { '*': Object.fromEntries(STYLES.map((name) => [name, STYLE_VALUE])) },
  nonTextTags: [
    'head',
    'iframe',
    'math',
    'noscript',
    'option',
    'script',
    'style',
    'svg',
    'template',
    'textarea',
    'title',
    'xmp',
  ],
  nestingLimit: MOST_DEPTH,
};

export type HtmlProblem = 'is nested too deeply' | 'has too many elements' | 'has too many attributes';

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
    onattribute: () => {
      attributes += 1;
      ofOne += 1;
      stop();
    },
    onopentag: () => {
      elements += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
      stop();
    },
    ontext: () => {
      texts += 1;
      stop();
    },
    onclosetag: () => {
      depth -= 1;
    },
  });
  parser.write(html);
  return problem();
};

/** Lets other requests have their turn: each step of a long message takes up to 150 ms. */
const turnsOf = (html: string) => async (): Promise<void> => {
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
  const cleaned = sanitizeHtml(styled, {
    ...ALLOWED,
    transformTags: { a: link, img: picture((cid) => cids.has(cid)) },
  }).trim();
  await turn();
  return cleaned;
};
