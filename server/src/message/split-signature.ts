import { Parser } from 'htmlparser2';

/** Set by the admin panel's editor on a mailbox's signature. It never leaves: `splitSignature` removes it. */
export const SIGNATURE = 'data-signature';

/** Cleaned HTML escapes `<`, `>` and `"` in texts and values, so this matches the attribute only. */
const MARK = /(<[a-z][a-z\d]*(?: [a-z-]+(?:="[^"]*")?)*?) data-signature(?:="[^"]*")?/g;

/** Removes the marked elements. One pass. */
const withoutMarked = (cleaned: string): string => {
  let kept = '';
  let from = 0;
  let depth = 0;
  const parser = new Parser({
    onopentag: (_name, attributes) => {
      if (depth > 0) depth += 1;
      else if (SIGNATURE in attributes) {
        kept += cleaned.slice(from, parser.startIndex);
        depth = 1;
      }
    },
    onclosetag: () => {
      if (depth === 0) return;
      depth -= 1;
      if (depth === 0) from = parser.endIndex + 1;
    },
  });
  parser.end(cleaned);
  return depth > 0 ? kept : kept + cleaned.slice(from);
};

/**
 * Separates signatures from cleaned HTML that still has their attribute.
 *
 * @returns `html`: all of it, without the attribute; `own`: the same without the signatures
 */
export const splitSignature = (cleaned: string): { html: string; own: string } =>
  cleaned.includes(SIGNATURE)
    ? { html: cleaned.replace(MARK, '$1'), own: withoutMarked(cleaned) }
    : { html: cleaned, own: cleaned };
