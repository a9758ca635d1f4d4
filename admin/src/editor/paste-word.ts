/* Cleans HTML of Word and Outlook: removes comments, and restores lists, which are paragraphs there. */

/** Id and level of a list, as in `mso-list:l0 level2 lfo1`. */
const WORD_LIST = /mso-list:\s{0,9}(\S{1,40})\s{1,9}level(\d{1,2})/i;
const WORD_BULLET = 'span[style*="mso-list:Ignore" i], span[style*="mso-list: Ignore" i]';
const NUMBERED = /^\s*(?:\d+|[a-z]{1,3}|[ivxlc]+)[.)]/i;
/** Matches the 3 of `3.`, `(3)` and `1.3`. */
const NUMBER = /(\d{1,6})[.)]?$/;

/** Comments, their markers and their separator; not the commented text. */
const COMMENTS = [
  ...['mso-element:', 'mso-element: ', 'mso-special-character:', 'mso-special-character: '].map(
    (property) => `[style*="${property}comment" i]`
  ),
  '.MsoCommentReference',
  '.msocomanchor',
  '.msocomtxt',
  'hr.msocomoff',
  'a[href^="#_msocom"]',
].join(', ');

export const removeWordComments = (body: HTMLElement): void => {
  for (const comment of body.querySelectorAll(COMMENTS)) comment.remove();
};

/** Converts list paragraphs of Word to lists. */
export const listWordParagraphs = (body: HTMLElement): void => {
  const { ownerDocument: page } = body;
  /** The lists that the next paragraph can continue, the outermost first. */
  let open: Element[] = [];
  /** Word's id of these lists. */
  let openOf = '';
  for (const paragraph of body.querySelectorAll('p')) {
    const [, of = '', depth] = WORD_LIST.exec(paragraph.getAttribute('style') ?? '') ?? [];
    if (depth === undefined) continue;
    const bullet = paragraph.querySelector(WORD_BULLET);
    const mark = (bullet?.textContent ?? '').trim();
    const tag = NUMBERED.test(mark) ? 'ol' : 'ul';
    bullet?.remove();
    if (of !== openOf || open[0] === undefined || paragraph.previousElementSibling !== open[0]) open = [];
    openOf = of;
    open = open.slice(0, Number(depth));
    let list = open[open.length - 1];
    if (list === undefined || open.length < Number(depth)) {
      const inner = page.createElement(tag);
      const [, first = '1'] = (tag === 'ol' && NUMBER.exec(mark.slice(-9))) || [];
      if (Number(first) !== 1) inner.setAttribute('start', String(Number(first)));
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
