import { CID, HELD } from './picture';

/** Word writes a list as paragraphs that look like one: `mso-list:l0 level2 lfo1`, with the bullet as text. */
const WORD_LIST = /mso-list:\s*([^\s:;]+)\s+level(\d+)/i;
const WORD_BULLET = 'span[style*="mso-list:Ignore" i], span[style*="mso-list: Ignore" i]';
const NUMBERED = /^\s*(?:\d+|[a-z]{1,3}|[ivxlc]+)[.)]/i;

/** Makes lists of paragraphs that Word shows as a list. */
const listWordParagraphs = (body: HTMLElement): void => {
  const { ownerDocument: page } = body;
  /** The lists that the next paragraph can continue, the outermost first, and which of Word's lists they are. */
  let open: Element[] = [];
  let openOf = '';
  for (const paragraph of body.querySelectorAll('p')) {
    const [, of = '', depth] = WORD_LIST.exec(paragraph.getAttribute('style') ?? '') ?? [];
    if (depth === undefined) continue;
    const bullet = paragraph.querySelector(WORD_BULLET);
    const tag = NUMBERED.test(bullet?.textContent ?? '') ? 'ol' : 'ul';
    bullet?.remove();
    if (of !== openOf || open[0] === undefined || paragraph.previousElementSibling !== open[0]) open = [];
    openOf = of;
    open = open.slice(0, Number(depth));
    let list = open[open.length - 1];
    if (list === undefined || open.length < Number(depth)) {
      const inner = page.createElement(tag);
      if (list?.lastElementChild) list.lastElementChild.append(inner);
      else paragraph.before(inner);
      open.push(inner);
      list = inner;
    }
    const item = page.createElement('li');
    item.append(...paragraph.childNodes);
    list.append(item);
    paragraph.remove();
  }
};

const BLOCKS = 'p, div, table, ul, ol, h1, h2, h3, h4, h5, h6, blockquote, pre';

/** A text has no tables: a row of words becomes a line. */
export const lineRows = (body: HTMLElement): void => {
  for (const row of body.querySelectorAll('tr')) {
    if (row.querySelector(BLOCKS)) continue;
    const line = body.ownerDocument.createElement('p');
    for (const cell of [...row.children]) line.append(...(line.hasChildNodes() ? [' '] : []), ...cell.childNodes);
    const cell = body.ownerDocument.createElement('td');
    cell.append(line);
    row.replaceChildren(cell);
  }
};

const UNSEEN = 'style, script, head, title, meta, link, noscript, template';

/**
 * What is pasted or dropped, without what the text cannot hold. Pictures stay only if they are the message's own: others
 * would be loaded from elsewhere by everybody who reads it.
 *
 * @param isOwn by Content-ID
 */
export const cleanPaste = (html: string, isOwn: (cid: string) => boolean): { html: string; pictures: number } => {
  // A document of its own: it runs no script and loads no picture.
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  let pictures = 0;
  for (const held of body.querySelectorAll(`img[${HELD}]`)) held.setAttribute('src', held.getAttribute(HELD) ?? '');
  for (const picture of body.querySelectorAll('img, picture, video, svg, object, embed')) {
    const cid = CID.exec(picture.getAttribute('src') ?? '')?.[1];
    if (cid !== undefined && isOwn(cid)) continue;
    picture.remove();
    pictures += 1;
  }
  for (const unseen of body.querySelectorAll(UNSEEN)) unseen.remove();
  // A copy of the signature is text: the signature itself is where the page puts it.
  for (const signature of body.querySelectorAll('[data-signature]')) signature.removeAttribute('data-signature');
  if (WORD_LIST.test(html)) listWordParagraphs(body);
  lineRows(body);
  return { html: body.innerHTML, pictures };
};
