import { Parser } from 'htmlparser2';
import { isHiddenStyle } from './css-declarations';

const MAY_HIDE = /\bhidden\b|display|visibility|opacity|overflow/i;

/**
 * Removes hidden elements: preheaders, variants for other screens, text that Word hides. Cleaning drops the styles that
 * hide them, so they would become visible. One pass.
 *
 * @param html with inlined style sheets
 */
export const removeHidden = (html: string): string => {
  if (!MAY_HIDE.test(html)) return html;
  const known = new Map<string, boolean>();
  const isHidden = (name: string, { hidden, style = '' }: Record<string, string>): boolean => {
    // A hidden page is shown by a script or in another mail program.
    if (name === 'html' || name === 'body') return false;
    if (hidden !== undefined) return true;
    if (!MAY_HIDE.test(style)) return false;
    const isCell = name === 'td' || name === 'th';
    const key = `${isCell}:${style}`;
    const isHiddenByStyle = known.get(key) ?? isHiddenStyle(style, isCell);
    known.set(key, isHiddenByStyle);
    return isHiddenByStyle;
  };

  let visible = '';
  let from = 0;
  /** Begin of the hidden element, and the number of open elements in it, itself included. */
  let start = 0;
  let open = 0;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (open > 0) open += 1;
      else if (isHidden(name, attributes)) {
        start = parser.startIndex;
        open = 1;
        visible += html.slice(from, start);
      }
    },
    onclosetag: (_name, isImplied) => {
      if (open === 0) return;
      open -= 1;
      if (open > 0) return;
      // A void element ends with its own tag; an implied end precedes the tag that closes the element.
      if (parser.startIndex === start || !isImplied) from = html.indexOf('>', parser.endIndex) + 1 || html.length;
      else from = parser.startIndex;
    },
  });
  parser.write(html);
  return visible + (open > 0 ? '' : html.slice(from));
};
