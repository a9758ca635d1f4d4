import { compile, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';
import { Parser } from 'htmlparser2';

/* Makes the text part of a message from HTML. All functions expect output of `cleanHtml`. */

const TEXT_COLUMNS = 78;
/** The depth limit of cleaned HTML. */
const MAX_DEPTH = 200;
/**
 * Cost limit of the conversion; one unit is about 30 ns. A line is marked once per level of quotation, and a line break in
 * `<pre>` costs as much as ten characters.
 */
const MAX_WORK = 3_000_000;
const WORK_OF_ELEMENT = 200;
const WORK_OF_TEXT = 20;
const WORK_OF_MARK = 10;

/** Largest Roman numeral. */
const LAST_ROMAN = 3999;

const BLOCKS = ['address', 'caption', 'center', 'dd', 'dt', 'figcaption', 'hgroup', 'li', 'tr'];
const SPACED_BLOCKS = ['dl', 'figure'];

const cell: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder);
  builder.addInline(' ');
};

const alt: FormatCallback = ({ attribs }: { attribs?: Record<string, string> }, _walk, builder) => {
  if (attribs?.alt) builder.addInline(`[${attribs.alt}]`);
};

interface ListElement {
  attribs?: Record<string, string>;
  children?: readonly { name?: string }[];
}

/** Numbers lists beyond Roman 3999 with Arabic numerals, because the library fails there. */
const numbered: FormatCallback = (element, walk, builder, options) => {
  const { attribs: { start = '1', type = '1' } = {}, children = [] } = element as ListElement;
  const items = children.filter(({ name }) => name === 'li').length;
  const isTooLong = /^i$/i.test(type) && Number(start) + items - 1 > LAST_ROMAN;
  const shown = isTooLong ? Object.assign(Object.create(element as object) as object, { attribs: { start } }) : element;
  builder.options.formatters?.orderedList?.(shown as typeof element, walk, builder, options);
};

const block = (selector: string, lines: number) => ({
  selector,
  format: 'block',
  options: { leadingLineBreaks: lines, trailingLineBreaks: lines },
});

const OPTIONS: HtmlToTextOptions = {
  wordwrap: TEXT_COLUMNS,
  limits: { maxDepth: MAX_DEPTH },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'img', format: 'alt' },
    { selector: 'menu', format: 'unorderedList' },
    { selector: 'ol', format: 'numbered' },
    ...['td', 'th'].map((selector) => ({ selector, format: 'cell' })),
    ...BLOCKS.map((selector) => block(selector, 1)),
    ...SPACED_BLOCKS.map((selector) => block(selector, 2)),
  ],
  formatters: { alt, cell, numbered },
};

const convert = compile(OPTIONS);

/** Elements whose content gets a mark on every line. */
const MARKED = new Set(['blockquote', 'li']);

/** Estimates the cost of the conversion, in units of `MAX_WORK`. One pass. */
const workOf = (html: string): number => {
  let work = 0;
  let marks = 0;
  const parser = new Parser({
    onopentagname: (name) => {
      work += WORK_OF_ELEMENT + WORK_OF_MARK * marks;
      if (MARKED.has(name)) marks += 1;
    },
    ontext: (text) => {
      work += WORK_OF_TEXT + text.length * (1 + WORK_OF_MARK * marks);
      if (work > MAX_WORK) parser.pause();
    },
    onclosetag: (name) => {
      if (MARKED.has(name)) marks -= 1;
    },
  });
  parser.write(html);
  return work;
};

const LINES = new Set([
  ...['br', 'hr', 'p', 'div', 'pre', 'blockquote', 'table', 'ul', 'ol', 'menu', 'header', 'footer', 'main', 'nav'],
  ...['section', 'article', 'aside', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', ...BLOCKS, ...SPACED_BLOCKS],
]);

/** Extracts the text in lines, without marks. One pass for any HTML. */
const extractText = (html: string): string => {
  const pieces: string[] = [];
  const parser = new Parser({
    onopentag: (name, { alt: description }) => {
      if (LINES.has(name)) pieces.push('\n');
      if (name === 'img' && description) pieces.push(`[${description}]`);
    },
    ontext: (text) => {
      pieces.push(text);
    },
    onclosetag: (name) => {
      if (LINES.has(name)) pieces.push('\n');
      else if (name === 'td' || name === 'th') pieces.push(' ');
    },
  });
  parser.end(html);
  return pieces
    .join('')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
};

/**
 * Converts HTML to plain text. HTML above the cost limit, or that the library cannot convert, yields text without marks.
 *
 * @param html cleaned
 */
export const textOf = (html: string): string => {
  if (workOf(html) > MAX_WORK) return extractText(html);
  try {
    return convert(html).trim();
  } catch {
    return extractText(html);
  }
};
