import { CID } from './picture';

/** Word writes a list as paragraphs that look like one: `mso-list:l0 level2 lfo1`, with the bullet as text. */
const WORD_LIST = /mso-list:\s*\S+\s+level(\d+)/i;
const WORD_BULLET = 'span[style*="mso-list:Ignore" i], span[style*="mso-list: Ignore" i]';
const NUMBERED = /^\s*(?:\d+|[a-z]{1,3}|[ivxlc]+)[.)]/i;

const wordLevel = (element: Element | null): number =>
  element?.tagName === 'P' ? Number(WORD_LIST.exec(element.getAttribute('style') ?? '')?.[1] ?? 0) : 0;

/** Makes lists of paragraphs that Word shows as a list. */
const listWordParagraphs = (body: HTMLElement): void => {
  const { ownerDocument: page } = body;
  let open: Element[] = [];
  for (const paragraph of body.querySelectorAll('p')) {
    const level = wordLevel(paragraph);
    if (level === 0) continue;
    const bullet = paragraph.querySelector(WORD_BULLET);
    const numbered = NUMBERED.test(bullet?.textContent ?? '');
    bullet?.remove();
    const previous = paragraph.previousElementSibling;
    if (previous === null || previous !== open[0]) open = [];
    open = open.slice(0, level);
    let list = open[open.length - 1];
    if (open.length < level || list === undefined) {
      const parent = list?.lastElementChild;
      list = page.createElement(numbered ? 'ol' : 'ul');
      if (parent) parent.append(list);
      else paragraph.before(list);
      open.push(list);
    }
    const item = page.createElement('li');
    item.append(...paragraph.childNodes);
    list.append(item);
    paragraph.remove();
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
  return { html: body.innerHTML, pictures };
};
