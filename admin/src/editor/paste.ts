import { checkedLink } from './html';
import { joinLines, lineRows } from './paste-lines';
import { listWordParagraphs, removeWordComments } from './paste-word';
import { piecesOf } from './plain-text';
import { CID, HELD } from './picture';

/** Elements without visible text; Office stores its settings in `xml`. */
const UNSEEN =
  'style, script, head, title, meta, link, noscript, template, xml, [hidden], br.Apple-interchange-newline';
const HIDDEN_IN_WORD = /mso-hide:\s{0,9}all/i;

const isHidden = (element: HTMLElement): boolean => {
  const { display, visibility, opacity, maxHeight, overflow } = element.style;
  return (
    display === 'none' ||
    visibility === 'hidden' ||
    visibility === 'collapse' ||
    opacity === '0' ||
    (maxHeight === '0px' && overflow === 'hidden') ||
    HIDDEN_IN_WORD.test(element.getAttribute('style') ?? '')
  );
};

const removeUnseen = (body: HTMLElement): void => {
  for (const unseen of body.querySelectorAll(UNSEEN)) unseen.remove();
  for (const styled of body.querySelectorAll<HTMLElement>('[style]')) if (isHidden(styled)) styled.remove();
};

/** @returns number of removed pictures */
const removePictures = (body: HTMLElement, isOwn: (cid: string) => boolean): number => {
  let pictures = 0;
  for (const held of body.querySelectorAll(`img[${HELD}]`)) held.setAttribute('src', held.getAttribute(HELD) ?? '');
  for (const picture of body.querySelectorAll('img, picture, video, svg, object, embed')) {
    const cid = CID.exec(picture.getAttribute('src') ?? '')?.[1];
    if (cid !== undefined && isOwn(cid)) continue;
    picture.remove();
    pictures += 1;
  }
  return pictures;
};

/** Links plain URLs and e-mail addresses, and completes links without a scheme. */
const linkAddresses = (body: HTMLElement): void => {
  const { ownerDocument: page } = body;
  for (const link of body.querySelectorAll('a[href^="www." i]'))
    link.setAttribute('href', checkedLink(link.getAttribute('href') ?? '') ?? '');
  const words: Text[] = [];
  const walker = page.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) words.push(walker.currentNode as Text);
  for (const text of words) {
    if (text.parentElement?.closest('a')) continue;
    const pieces = piecesOf(text.data);
    if (pieces.every(({ href }) => href === undefined)) continue;
    const nodes = pieces.map(({ text: word, href }) => {
      if (href === undefined) return page.createTextNode(word);
      return Object.assign(page.createElement('a'), { href, textContent: word });
    });
    text.replaceWith(...nodes);
  }
};

/**
 * Cleans pasted or dropped HTML. Keeps only the message's own pictures, because recipients would load others from a
 * foreign server.
 *
 * @param isOwn by Content-ID
 * @returns `pictures`: number of removed pictures
 */
export const cleanPaste = (html: string, isOwn: (cid: string) => boolean): { html: string; pictures: number } => {
  // A parsed document runs no scripts and loads no pictures.
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  removeUnseen(body);
  removeWordComments(body);
  const pictures = removePictures(body, isOwn);
  // A copied signature is ordinary text; only the page inserts signatures.
  for (const signature of body.querySelectorAll('[data-signature]')) signature.removeAttribute('data-signature');
  listWordParagraphs(body);
  // HTML copied from an editor has its links and paragraphs already.
  if (!body.querySelector('[data-pm-slice]')) {
    linkAddresses(body);
    joinLines(body);
  }
  lineRows(body);
  return { html: body.innerHTML, pictures };
};
