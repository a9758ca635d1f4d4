import { setImmediate } from 'node:timers/promises';
import { Script, createContext } from 'node:vm';
import { Parser } from 'htmlparser2';
import { declarationsIn, styleOf } from './css-declarations';

/*
 * Style sheets of a message, put on the elements that they are for, because most mail programs read no others.
 */

/** Style sheets above this size are not applied. */
const MOST_SHEET_UNITS = 64 * 1024;
/** Selectors times elements: what matching costs. */
const MOST_MATCHES = 300_000;
/** Reading the tree of more elements blocks the event loop for longer than the rules may. */
const MOST_STYLED_ELEMENTS = 10_000;
const MOST_MEDIA_UNITS = 500;
const MOST_TRIES = 3;

/** Is a sheet for this medium shown on a screen of any size? */
const isForScreens = (media: string): boolean =>
  media === '' ||
  (media.length <= MOST_MEDIA_UNITS &&
    media
      .toLowerCase()
      .split(',')
      .some((query) => /^(?:only )?(?:all|screen)?$/.test(query.trim())));

/** Unclosed comments and strings end with the text or the line: each character is read once. */
const TOKEN =
  /\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[^])*["\n]?|'(?:[^'\\\n]|\\[^])*['\n]?|<!--|-->|[{};]|[^"'/<{};-]+|[^]/g;

/** A block of an at-rule for screens is unwrapped; others go, with what is in them. */
const MEDIA = /^\s*@media\b([^]*)$/i;

/**
 * Style rules of a sheet: without comments, with the last block closed, without at-rules but those for screens, and
 * without the marks that hid sheets from the browsers of 1995 (`<!--`, CSS Syntax 3 §4), which Word still writes.
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
      // The end of an unwrapped block, of an at-rule without one, or of nothing.
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

const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** The style rules of a message, and how many elements it has. One pass. */
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
      if (inSheet && sheet.length <= MOST_SHEET_UNITS) sheet += text;
    },
    onclosetag: () => {
      if (inSheet) sheet += '\n';
      inSheet = false;
    },
  });
  parser.end(html);
  return { sheet, elements };
};

/** @returns false: it takes longer, and was interrupted */
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

/** What is used of the two libraries. */
interface Inliner {
  load: (html: string, options: object) => Page;
  juice: { inlineDocument: (page: Page, rules: string, options: object) => unknown };
}

/** Loads what `applied` needs: a quarter of a second that should block no request. */
export const loadInliner = async (): Promise<Inliner> => {
  const [{ load }, { default: juice }] = await Promise.all([import('cheerio'), import('juice')]);
  return { load, juice } as unknown as Inliner;
};

const OPTIONS = {
  applyAttributesTableElements: true,
  applyHeightAttributes: true,
  applyWidthAttributes: true,
};

/** @returns the style rules of a message; null: there are none, or too many */
export const rulesOf = (html: string): string | null => {
  if (!/<style/i.test(html)) return null;
  const { sheet, elements } = sheetsOf(html);
  if (sheet.length > MOST_SHEET_UNITS || elements > MOST_STYLED_ELEMENTS) return null;
  const rules = rulesIn(sheet);
  return rules === '' || (count(rules, '{') + count(rules, ',')) * elements > MOST_MATCHES ? null : rules;
};

/** One style attribute that cannot be read would cost the whole sheet. */
const readStyles = (nodes: TreeNode[]): void => {
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

/** A document of our own: `juice(html)` would put template code blocks back wherever their placeholder stands. */
const documentOf = ({ load }: Inliner, html: string): Page => {
  const document = load(html, { xml: { xmlMode: false, decodeEntities: true, encodeEntities: 'utf8' } });
  readStyles(document.root().toArray());
  return document;
};

/**
 * Puts the rules on the elements. A busy machine may stop the clock of ordinary mail, too, so the work is tried again.
 *
 * @param limitMs how long one try may block the event loop
 * @param turn is awaited between steps
 * @returns null: not in time
 */
export const applied = async (
  html: string,
  rules: string,
  { limitMs, turn }: { limitMs: number; turn: () => Promise<void> }
): Promise<string | null> => {
  const inliner = await loadInliner();
  // Looking for variables costs the square of each value's length.
  const options = { ...OPTIONS, resolveCSSVariables: rules.includes('--') };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await turn();
    const document = documentOf(inliner, html);
    await turn();
    try {
      if (!isDoneWithin(limitMs, () => void inliner.juice.inlineDocument(document, rules, options))) {
        // Of a short message, too: its rules may be as slow.
        await setImmediate();
        continue;
      }
    } catch {
      // A sheet that no parser reads: the text is what counts.
      return null;
    }
    await turn();
    return document.html();
  }
  return null;
};
