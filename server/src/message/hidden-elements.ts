import { Parser } from 'htmlparser2';
import { isHiddenStyle } from './css-declarations';

const MAY_HIDE = /\bhidden\b|display|visibility|opacity|overflow/i;

/**
 * HTML without the elements that it hides: previews of the text for lists of messages, variants for other screens, text
 * that Word hides. The styles that hide them do not leave, so without this they would be seen. One pass.
 *
 * @param html with its style sheets on the elements
 */
export const withoutHidden = (html: string): string => {
  if (!MAY_HIDE.test(html)) return html;
  const known = new Map<string, boolean>();
  const isHidden = (name: string, { hidden, style = '' }: Record<string, string>): boolean => {
    // Who hides the page shows it by a script, or to another mail program.
    if (name === 'html' || name === 'body') return false;
    if (hidden !== undefined) return true;
    if (!MAY_HIDE.test(style)) return false;
    const isCell = name === 'td' || name === 'th';
    const key = `${isCell}:${style}`;
    const answer = known.get(key) ?? isHiddenStyle(style, isCell);
    known.set(key, answer);
    return answer;
  };

  let seen = '';
  let from = 0;
  /** Begin of the hidden element, and how many are open in it, itself included. */
  let start = 0;
  let open = 0;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (open > 0) open += 1;
      else if (isHidden(name, attributes)) {
        start = parser.startIndex;
        open = 1;
        seen += html.slice(from, start);
      }
    },
    onclosetag: (_name, isImplied) => {
      if (open === 0) return;
      open -= 1;
      if (open > 0) return;
      // An element without a closing tag ends where it began, one that another tag closes ends before that.
      if (parser.startIndex === start || !isImplied) from = html.indexOf('>', parser.endIndex) + 1 || html.length;
      else from = parser.startIndex;
    },
  });
  parser.write(html);
  return seen + (open > 0 ? '' : html.slice(from));
};
