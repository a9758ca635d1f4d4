/*
 * CSS declarations of a style attribute, read as CSS Syntax 3 §5 does: a declaration that cannot be read is dropped
 * alone. Every pass is linear, because the text is hostile until it was here.
 */

export interface Declaration {
  /** Lower case */
  name: string;
  value: string;
  important: boolean;
}

/** Longer style attributes are ignored: the longest of real mail has 2,000 units. */
const MOST_UNITS = 16_384;

/** A comment, a quoted string, a separator, or a run of everything else; unclosed ones end with the text. */
const TOKEN = /\/\*[^]*?(?:\*\/|$)|"(?:[^"\\]|\\[^])*(?:"|$)|'(?:[^'\\]|\\[^])*(?:'|$)|[();:]|[^"'();:/]+|\//g;

const NAME = /^-?[a-z][a-z-]*$/;
const IMPORTANT = /\s*!\s*important$/i;

const declarationOf = (name: string, text: string): Declaration[] => {
  const value = text.replace(/\s+/g, ' ').trim();
  const property = name.trim().toLowerCase();
  if (value === '' || !NAME.test(property)) return [];
  const important = value.includes('!') && IMPORTANT.test(value);
  return [{ name: property, value: important ? value.replace(IMPORTANT, '') : value, important }];
};

/** Without these, each `;` ends a declaration. */
const NESTS = /["'()/]/;

const simpleDeclaration = (text: string): Declaration[] => {
  const colon = text.indexOf(':');
  return colon === -1 ? [] : declarationOf(text.slice(0, colon), text.slice(colon + 1));
};

/** Declarations in their order; custom properties are none of them. */
export const declarationsIn = (style: string): Declaration[] => {
  if (style.length > MOST_UNITS) return [];
  if (!NESTS.test(style)) return style.split(';').flatMap(simpleDeclaration);
  const found: Declaration[] = [];
  let name: string | null = null;
  let text = '';
  let depth = 0;
  const end = () => {
    if (name !== null && depth === 0) found.push(...declarationOf(name, text));
    name = null;
    text = '';
  };
  for (const [token] of style.matchAll(TOKEN)) {
    if (token.startsWith('/*')) text += ' ';
    else if (token === ';' && depth === 0) end();
    else if (token === ':' && name === null) {
      name = text;
      text = '';
    } else {
      if (token === '(') depth += 1;
      if (token === ')') depth = Math.max(0, depth - 1);
      text += token;
    }
  }
  end();
  return found;
};

export const styleOf = (declarations: readonly Declaration[]): string =>
  declarations.map(({ name, value, important }) => `${name}:${value}${important ? ' !important' : ''}`).join(';');
