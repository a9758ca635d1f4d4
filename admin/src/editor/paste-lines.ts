/*
 * Converts lines of pasted HTML to paragraphs: rows of tables, which the editor does not support, and one `div` per line,
 * as written by Gmail and other web editors.
 */

const BLOCKS =
  'p, div, table, ul, ol, dl, h1, h2, h3, h4, h5, h6, blockquote, pre, hr, section, article, address, figure, header, footer';
/** Elements whose children can be lines. */
const CONTAINERS =
  'div, td, th, li, blockquote, section, article, header, footer, main, center, address, figure, b, span';

const isBlock = (node: Node): node is Element =>
  node instanceof Element && (node.matches(BLOCKS) || node.querySelector(BLOCKS) !== null);

/** Is it a comment or collapsible white space? */
const isGap = ({ nodeType, textContent }: Node): boolean =>
  nodeType === Node.COMMENT_NODE || (nodeType === Node.TEXT_NODE && !/[^ \t\r\n\f]/.test(textContent ?? ''));

const isBreak = (node: Node | null): boolean => node?.nodeName === 'BR';

/** Returns an element's children, wrapped in a `span` with the element's style. */
const contentsOf = (element: Element): Node[] => {
  const nodes = [...element.childNodes];
  // Browsers do not show a `br` at the end of a block.
  if (isBreak(element.lastChild)) nodes.pop();
  const style = element.getAttribute('style');
  if (style === null || nodes.length === 0) return nodes;
  const span = element.ownerDocument.createElement('span');
  span.setAttribute('style', style);
  span.append(...nodes);
  return [span];
};

/** Returns the inline content of a cell, or of its only paragraph; null: the cell has other blocks. */
const inlineIn = (cell: Element): Node[] | null => {
  const children = [...cell.childNodes].filter((node) => !isGap(node));
  const [only] = children;
  if (only instanceof Element && only.matches('p, div') && children.length === 1) return inlineIn(only);
  return children.some(isBlock) ? null : contentsOf(cell);
};

/** Turns each row with inline content into one paragraph. */
export const lineRows = (body: HTMLElement): void => {
  const { ownerDocument: page } = body;
  for (const row of body.querySelectorAll('tr')) {
    const cells = [...row.children].map(inlineIn);
    if (cells.includes(null)) continue;
    const line = page.createElement('p');
    for (const content of cells) line.append(...(line.hasChildNodes() ? [' '] : []), ...(content ?? []));
    const cell = page.createElement('td');
    cell.append(line);
    row.replaceChildren(cell);
  }
};

const isLine = (node: Node): node is Element =>
  node instanceof Element && node.matches('div') && node.querySelector(BLOCKS) === null;

const isEmptyLine = (line: Element): boolean =>
  !/[^ \t\r\n\f\u00a0]/.test(line.textContent ?? '') && line.querySelector('img') === null;

const joinIn = (container: Element): void => {
  const { ownerDocument: page } = container;
  const blocks: Node[] = [];
  /** Collects consecutive lines; null: the next line starts a new paragraph. */
  let paragraph: Element | null = null;
  let inline: Node[] = [];

  const line = (nodes: Node[]) => {
    if (paragraph === null) blocks.push((paragraph = page.createElement('p')));
    else paragraph.append(page.createElement('br'));
    paragraph.append(...nodes);
  };
  const endInline = () => {
    if (inline.some((node) => !isGap(node))) line(inline);
    inline = [];
  };
  /** The first one ends the paragraph; each further one is an empty paragraph. */
  const emptyLine = () => {
    if (paragraph === null) blocks.push(page.createElement('p'));
    paragraph = null;
  };

  for (const node of [...container.childNodes]) {
    if (isBreak(node)) {
      const ended = inline.some((one) => !isGap(one));
      endInline();
      if (!ended) emptyLine();
    } else if (isLine(node)) {
      endInline();
      if (isEmptyLine(node)) emptyLine();
      else line(contentsOf(node));
    } else if (isBlock(node)) {
      endInline();
      paragraph = null;
      blocks.push(node);
    } else inline.push(node);
  }
  endInline();
  container.replaceChildren(...blocks);
};

/** Joins lines to paragraphs, and keeps empty lines. */
export const joinLines = (body: HTMLElement): void => {
  for (const container of [body, ...body.querySelectorAll(CONTAINERS)]) {
    const children = [...container.childNodes];
    const mixed = children.some(isBlock) && children.some((node) => isLine(node) || isBreak(node));
    if (mixed) joinIn(container);
  }
};
