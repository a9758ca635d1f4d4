/* Signature of a mailbox, with the name and the roles of the author. */

/** HTML and plain text of one signature; '' for none. */
export interface Signature {
  html: string;
  text: string;
}

/** The author at the time of the call. */
export interface Author {
  name: string;
  /** Names of the roles. */
  roles: readonly string[];
}

const VARIABLE = /\{\{\s*author\.(name|role)\s*\}\}/g;

const REFERENCES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => REFERENCES[sign] ?? sign);

/**
 * Replaces `{{author.name}}` and `{{author.role}}`. Other braces stay unchanged, also those inside a name or role.
 *
 * @returns HTML that is not cleaned
 */
export const signedBy = ({ html, text }: Signature, { name, roles }: Author): Signature => {
  const values = { name, role: roles.join(', ') };
  const fill = (template: string, written: (value: string) => string): string =>
    template.replace(VARIABLE, (_, variable: keyof typeof values) => written(values[variable]));
  return { html: fill(html, escapeHtml), text: fill(text, (value) => value) };
};

/** Converts plain text to HTML: a paragraph per block, line breaks kept. */
export const htmlOfText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n(?:[ \t]*\n)+/)
    .filter((block) => block !== '')
    .map((block) => `<p>${escapeHtml(block).replaceAll('\n', '<br />')}</p>`)
    .join('');
