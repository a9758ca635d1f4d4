/*
 * Line layouts of pasted HTML, as paragraphs: rows of tables, which a message's text does not have, and lines that each
 * are a `div`, as Gmail and other web editors write them.
 */

const BLOCKS =
  'p, div, table, ul, ol, dl, h1, h2, h3, h4, h5, h6, blockquote, pre, hr, section, article, address, figure, header, footer';
/** Elements whose children can be lines. */
const CONTAINERS =
  'div, td, th, li, blockquote, section, article, header, footer, main, center, address, figure, b, span';

const isBlock = (node: Node): node is Element =>
  node instanceof Element && (node.matches(BLOCKS) || node.querySelector(BLOCKS) !== null);

/** Comments, and spaces that a browser collapses; a no-break space is none. */
const isGap = ({ nodeType, textContent }: Node): boolean =>
  nodeType === Node.COMMENT_NODE || (nodeType === Node.TEXT_NODE && !/[^ \t\r\n\f]/.test(textContent ?? ''));

const isBreak = (node: Node | null): boolean => node?.nodeName === 'BR';

/** What is in an element, with the element's own style. */
const contentsOf = (element: Element): Node[] => {
  const nodes = [...element.childNodes];
  // Browsers do not show the break that ends a block.
  if (isBreak(element.lastChild)) nodes.pop();
  const style = element.getAttribute('style');
  if (style === null || nodes.length === 0) return nodes;
  const span = element.ownerDocument.createElement('span');
  span.setAttribute('style', style);
  span.append(...nodes);
  return [span];
};

/** The words of a cell that holds nothing else, or one paragraph; null: it holds more. */
const wordsIn = (cell: Element): Node[] | null => {
  const children = [...cell.childNodes].filter((node) => !isGap(node));
  const [only] = children;
  if (only instanceof Element && only.matches('p, div') && children.length === 1) return wordsIn(only);
  return children.some(isBlock) ? null : contentsOf(cell);
};

/** Turns each row of words into one line. */
export const lineRows = (body: HTMLElement): void => {
  const { ownerDocument: page } = body;
  for (const row of body.querySelectorAll('tr')) {
    const cells = [...row.children].map(wordsIn);
    if (cells.includes(null)) continue;
    const line = page.createElement('p');
    for (const words of cells) line.append(...(line.hasChildNodes() ? [' '] : []), ...(words ?? []));
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
  /** Lines that follow each other are one paragraph. */
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
  /** The first one ends the lines above it; each further one is an empty paragraph. */
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

/** Turns lines into paragraphs, and keeps the empty ones among them. */
export const joinLines = (body: HTMLElement): void => {
  for (const container of [body, ...body.querySelectorAll(CONTAINERS)]) {
    const children = [...container.childNodes];
    const mixed = children.some(isBlock) && children.some((node) => isLine(node) || isBreak(node));
    if (mixed) joinIn(container);
  }
};
