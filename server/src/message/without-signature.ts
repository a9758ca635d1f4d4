import { Parser } from 'htmlparser2';
import { cleanHtml } from './clean-html';
import { textOf } from './plain-text';

/** As the admin panel's editor marks the signature of a mailbox; `cleanHtml` takes the mark away. */
const SIGNATURE = 'data-signature';

/** Cuts signatures out of HTML as it was handed in, and style sheets, which cost most to work through. One pass. */
export const withoutSignature = (html: string): string => {
  let kept = '';
  let from = 0;
  let depth = 0;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (depth > 0) depth += 1;
      else if (name === 'style' || SIGNATURE in attributes) {
        kept += html.slice(from, parser.startIndex);
        depth = 1;
      }
    },
    onclosetag: () => {
      if (depth === 0) return;
      depth -= 1;
      if (depth === 0) from = parser.endIndex + 1;
    },
  });
  parser.end(html);
  return depth > 0 ? kept : kept + html.slice(from);
};

/**
 * Returns the plain text of a message without the signature, which says nothing about what its author wrote.
 *
 * @param html as it was handed in
 * @param whole text of all that is sent, asked for where there is no signature
 */
export const ownWordsOf = async (html: string, whole: () => string): Promise<string> =>
  html.includes(SIGNATURE) ? textOf(await cleanHtml(withoutSignature(html), new Set())) : whole();
