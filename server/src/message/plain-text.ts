import { compile, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';
import { Parser } from 'htmlparser2';

/* The text part of a message that was written as HTML. Everything here reads HTML that `cleanHtml` has written. */

const TEXT_COLUMNS = 78;
/** As deep as cleaned HTML gets. */
const MOST_DEPTH = 200;
/**
 * Units of work that the conversion may cost; one is about 30 ns. A line is marked as often as it is quoted, and a line
 * break in `<pre>` costs as much as ten characters.
 */
const MOST_WORK = 3_000_000;
const WORK_OF_ELEMENT = 200;
const WORK_OF_TEXT = 20;
const WORK_OF_MARK = 10;

/** Last number that is written with Roman letters. */
const LAST_ROMAN = 3999;

const BLOCKS = ['address', 'caption', 'center', 'dd', 'dt', 'figcaption', 'hgroup', 'li', 'tr'];
const APART = ['dl', 'figure'];

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

/** The library knows no Roman number from 4000 on: such a list has Arabic ones. */
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
  limits: { maxDepth: MOST_DEPTH },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'img', format: 'alt' },
    { selector: 'menu', format: 'unorderedList' },
    { selector: 'ol', format: 'numbered' },
    ...['td', 'th'].map((selector) => ({ selector, format: 'cell' })),
    ...BLOCKS.map((selector) => block(selector, 1)),
    ...APART.map((selector) => block(selector, 2)),
  ],
  formatters: { alt, cell, numbered },
};

const converted = compile(OPTIONS);

/** Elements whose content is marked line by line. */
const MARKED = new Set(['blockquote', 'li']);

/** What the conversion costs, in units of work. One pass. */
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
      if (work > MOST_WORK) parser.pause();
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
  ...['section', 'article', 'aside', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', ...BLOCKS, ...APART],
]);

/** The words alone, in lines: one pass, whatever the HTML is. */
const stripped = (html: string): string => {
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
 * The plain twin of the HTML, for mail programs and people that read no HTML. HTML that would cost too much, or that the
 * library cannot convert, gives its words without marks.
 *
 * @param html cleaned
 */
export const textOf = (html: string): string => {
  if (workOf(html) > MOST_WORK) return stripped(html);
  try {
    return converted(html).trim();
  } catch {
    return stripped(html);
  }
};
