import { Script, createContext } from 'node:vm';
import { Parser } from 'htmlparser2';
import sanitizeHtml from 'sanitize-html';

/*
 * HTML as it may leave: what is written in an editor, pasted, or handed in by code or over an API (security 9). It can
 * neither run nor load anything but pictures over TLS, and its styles stand on the elements that they are for.
 */

/** How much style sheet is worked through: it costs selectors times elements. What is beyond goes without it. */
const MOST_STYLE_UNITS = 64 * 1024;
const MOST_MATCHES = 300_000;
/** So long everything else waits at the most: what selectors cost that look for neighbours, nobody can foresee. */
const STYLE_LIMIT_MS = 500;
/** Beyond, the libraries' time grows with the square. Nobody writes so; elements that are never closed look like it. */
const MOST_DEPTH = 200;
const MOST_ELEMENTS = 40_000;
/** Depth times elements: each line of a quotation in a quotation is marked as often as it is deep. */
const MOST_MARKS = 1_000_000;

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

/** What no message needs, and would cost the libraries seconds. One pass. @returns null: nothing */
export const htmlProblem = (html: string): 'is nested too deeply' | 'has too many elements' | null => {
  let depth = 0;
  let deepest = 0;
  let elements = 0;
  const problem = () => {
    if (deepest > MOST_DEPTH) return 'is nested too deeply';
    return elements > MOST_ELEMENTS || deepest * elements > MOST_MARKS ? 'has too many elements' : null;
  };
  const parser = new Parser({
    onopentag: () => {
      elements += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
      if (problem() !== null) parser.pause();
    },
    onclosetag: () => {
      depth -= 1;
    },
  });
  parser.write(html);
  return problem();
};

const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** What stands in the message's style sheets, and how many elements there are. One pass. */
const sheetOf = (html: string): { sheet: string; elements: number } => {
  let inSheet = false;
  let sheet = '';
  let elements = 0;
  const parser = new Parser({
    onopentagname: (name) => {
      elements += 1;
      inSheet = name === 'style';
    },
    ontext: (text) => {
      if (inSheet) sheet += text;
    },
    onclosetag: () => {
      inSheet = false;
    },
  });
  parser.end(html);
  return { sheet, elements };
};

/** @throws when it takes longer */
const within = <T>(ms: number, work: () => T): T =>
  new Script('work()').runInContext(createContext({ work }), { timeout: ms }) as T;

/** Style sheets of the message on the elements that they are for, because most mail programs read no others. */
const inlined = async (html: string, limitMs: number): Promise<string> => {
  if (!/<style/i.test(html)) return html;
  const { sheet, elements } = sheetOf(html);
  if (sheet === '' || sheet.length > MOST_STYLE_UNITS) return html;
  if ((count(sheet, '{') + count(sheet, ',')) * elements > MOST_MATCHES) return html;
  // Most messages have none, and it is the slowest of the libraries to load.
  const { default: juice } = await import('juice');
  try {
    return within(limitMs, () =>
      juice(html, { preserveMediaQueries: false, preserveFontFaces: false, xmlMode: false })
    );
  } catch {
    // A sheet that no parser reads, or none in time: the text is what counts.
    return html;
  }
};

/**
 * The HTML that is stored and sent.
 *
 * @param cids the pictures that come with it
 * @param styleLimitMs how long CSS inlining may block the event loop; above it the style sheet is dropped
 */
export const cleanHtml = async (
  html: string,
  cids: ReadonlySet<string>,
  styleLimitMs = STYLE_LIMIT_MS
): Promise<string> =>
  sanitizeHtml(await inlined(html, styleLimitMs), {
    ...ALLOWED,
    transformTags: { a: link, img: picture((cid) => cids.has(cid)) },
  }).trim();
