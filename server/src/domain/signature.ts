/* What stands below a message of a mailbox, with the name and role of whoever writes it. */

/** Both sides of one text. '' is none. */
export interface Signature {
  html: string;
  text: string;
}

/** Who writes, as it is now. */
export interface Author {
  name: string;
  /** Names of the roles. */
  roles: readonly string[];
}

const VARIABLE = /\{\{\s*author\.(name|role)\s*\}\}/g;

const REFERENCES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => REFERENCES[sign] ?? sign);

/**
 * Puts the author into a signature as it was typed. `{{author.name}}` and `{{author.role}}` are all there is: what else
 * stands in braces stays, and so does what a name or role holds of them.
 *
 * @returns HTML that is to be cleaned: it is what a person typed, still
 */
export const signedBy = ({ html, text }: Signature, { name, roles }: Author): Signature => {
  const values = { name, role: roles.join(', ') };
  const fill = (template: string, written: (value: string) => string): string =>
    template.replace(VARIABLE, (_, variable: keyof typeof values) => written(values[variable]));
  return { html: fill(html, escapeHtml), text: fill(text, (value) => value) };
};

/** Plain text as HTML: a paragraph per block, and every line where it was. */
export const htmlOfText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n(?:[ \t]*\n)+/)
    .filter((block) => block !== '')
    .map((block) => `<p>${escapeHtml(block).replaceAll('\n', '<br />')}</p>`)
    .join('');
