import { Parser } from 'htmlparser2';
import { cleanHtml } from './clean-html';
import { textOf } from './plain-text';

/** Set by the admin panel's editor on a mailbox's signature; `cleanHtml` removes the attribute. */
const SIGNATURE = 'data-signature';

/** Removes signatures from uncleaned HTML, and style sheets, the most expensive part of cleaning. One pass. */
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
 * Returns the plain text of a message without its signature.
 *
 * @param html uncleaned
 * @param whole returns the text of the whole message, for HTML without a signature
 */
export const textWithoutSignature = async (html: string, whole: () => string): Promise<string> =>
  html.includes(SIGNATURE) ? textOf(await cleanHtml(withoutSignature(html), new Set())) : whole();
