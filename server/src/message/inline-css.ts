import { setImmediate } from 'node:timers/promises';
import { Script, createContext } from 'node:vm';
import { Parser } from 'htmlparser2';
import { declarationsIn, styleOf } from './css-declarations';

/* Inlines the style sheets of a message, because most mail programs ignore style elements. */

/** Style sheets above this size are not applied. */
const MAX_SHEET_UNITS = 64 * 1024;
/** Selectors × elements, the cost of matching. */
const MAX_MATCHES = 300_000;
/** Parsing more elements blocks the event loop longer than applying the rules may. */
const MAX_STYLED_ELEMENTS = 10_000;
const MAX_MEDIA_UNITS = 500;
const MAX_TRIES = 3;

/** Returns true for a media query that matches screens of every size. */
const isForScreens = (media: string): boolean =>
  media === '' ||
  (media.length <= MAX_MEDIA_UNITS &&
    media
      .toLowerCase()
      .split(',')
      .some((query) => /^(?:only )?(?:all|screen)?$/.test(query.trim())));

/** Unclosed comments and strings end with the text or the line: each character is read once. */
const TOKEN =
  /\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[^])*["\n]?|'(?:[^'\\\n]|\\[^])*['\n]?|<!--|-->|[{};]|[^"'/<{};-]+|[^]/g;

/** The block of an at-rule for screens is unwrapped; others are dropped with their content. */
const MEDIA = /^\s*@media\b([^]*)$/i;

/**
 * Returns the style rules of a sheet: without comments, with the last block closed, without at-rules except those for
 * screens, and without `<!--` (CSS Syntax 3 §4), which Word still writes.
 */
export const rulesIn = (sheet: string): string => {
  let rules = '';
  let prelude = '';
  let depth = 0;
  let isDropped = false;
  const open = (): void => {
    const media = MEDIA.exec(prelude)?.[1];
    if (media === undefined || !isForScreens(media)) {
      isDropped = /^(?:@|$)/.test(prelude.trim());
      depth = 1;
      if (!isDropped) rules += `${prelude}{`;
    }
    prelude = '';
  };
  for (const [token] of sheet.matchAll(TOKEN)) {
    if (token.startsWith('/*') || token === '<!--' || token === '-->') continue;
    if (depth === 0) {
      if (token === '{') open();
      // The end of an unwrapped block, of an at-rule without a block, or a stray token.
      else if (token === '}' || token === ';') prelude = '';
      else prelude += token;
    } else {
      if (token === '{') depth += 1;
      if (token === '}') depth -= 1;
      if (!isDropped) rules += token;
    }
  }
  return isDropped ? rules : rules + '}'.repeat(depth);
};

const count = (text: string, character: string): number => text.split(character).length - 1;

/** Returns the style sheets of a message and the number of its elements. One pass. */
const sheetsOf = (html: string): { sheet: string; elements: number } => {
  let inSheet = false;
  let sheet = '';
  let elements = 0;
  const parser = new Parser({
    onopentag: (name, { media = '' }) => {
      elements += 1;
      inSheet = name === 'style' && isForScreens(media);
    },
    ontext: (text) => {
      if (inSheet && sheet.length <= MAX_SHEET_UNITS) sheet += text;
    },
    onclosetag: () => {
      if (inSheet) sheet += '\n';
      inSheet = false;
    },
  });
  parser.end(html);
  return { sheet, elements };
};

/** @returns false if the work exceeded the time and was interrupted */
const isDoneWithin = (ms: number, work: () => void): boolean => {
  try {
    new Script('work()').runInContext(createContext({ work }), { timeout: ms });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
};

interface TreeNode {
  attribs?: Record<string, string>;
  children?: TreeNode[];
}

interface Page {
  root: () => { toArray: () => TreeNode[] };
  html: () => string;
}

/** The used part of the two libraries. */
interface Inliner {
  load: (html: string, options: object) => Page;
  juice: { inlineDocument: (page: Page, rules: string, options: object) => unknown };
}

/** Loads the libraries of `applyRules`, which takes a quarter of a second: call it before the first request. */
export const loadInliner = async (): Promise<Inliner> => {
  const [{ load }, { default: juice }] = await Promise.all([import('cheerio'), import('juice')]);
  return { load, juice } as unknown as Inliner;
};

const OPTIONS = {
  applyAttributesTableElements: true,
  applyHeightAttributes: true,
  applyWidthAttributes: true,
};

/** @returns the style rules of a message; null without rules, or above the limits */
export const readRules = (html: string): string | null => {
  if (!/<style/i.test(html)) return null;
  const { sheet, elements } = sheetsOf(html);
  if (sheet.length > MAX_SHEET_UNITS || elements > MAX_STYLED_ELEMENTS) return null;
  const rules = rulesIn(sheet);
  return rules === '' || (count(rules, '{') + count(rules, ',')) * elements > MAX_MATCHES ? null : rules;
};

/** Drops invalid style attributes: a single one would make the library fail for the whole sheet. */
const repairStyles = (nodes: TreeNode[]): void => {
  const open = [nodes];
  for (let level = open.pop(); level !== undefined; level = open.pop())
    for (const { attribs, children } of level) {
      if (children) open.push(children);
      if (attribs?.style === undefined) continue;
      const style = styleOf(declarationsIn(attribs.style).filter(({ value }) => !/[{}]/.test(value)));
      if (style === '') delete attribs.style;
      else attribs.style = style;
    }
};

/** Parses a document for `inlineDocument`: `juice(html)` would restore template code blocks wherever their placeholder occurs. */
const parseDocument = ({ load }: Inliner, html: string): Page => {
  const document = load(html, { xml: { xmlMode: false, decodeEntities: true, encodeEntities: 'utf8' } });
  repairStyles(document.root().toArray());
  return document;
};

/**
 * Inlines the rules. Ordinary mail may exceed the limit on a busy machine, so the work is retried.
 *
 * @param limitMs upper bound on how long one try may block the event loop
 * @param turn is awaited between steps
 * @returns null above the time limit, or for a sheet that the library cannot parse
 */
export const applyRules = async (
  html: string,
  rules: string,
  { limitMs, turn }: { limitMs: number; turn: () => Promise<void> }
): Promise<string | null> => {
  const inliner = await loadInliner();
  // Resolving variables is quadratic in each value's length.
  const options = { ...OPTIONS, resolveCSSVariables: rules.includes('--') };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    await turn();
    const document = parseDocument(inliner, html);
    await turn();
    try {
      if (!isDoneWithin(limitMs, () => void inliner.juice.inlineDocument(document, rules, options))) {
        // Also for a short message, whose rules may be as slow.
        await setImmediate();
        continue;
      }
    } catch {
      // An invalid sheet must not reject the message.
      return null;
    }
    await turn();
    return document.html();
  }
  return null;
};
