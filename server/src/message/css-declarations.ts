/*
 * Parses the CSS declarations of a style attribute as CSS Syntax 3 §5: an invalid declaration is dropped alone. Every
 * pass is linear, because the text may be hostile.
 */

export interface Declaration {
  /** Lower case */
  name: string;
  value: string;
  important: boolean;
}

/** Longer style attributes are ignored; the longest in real mail has 2,000 units. */
const MAX_UNITS = 16_384;

/** A comment, a quoted string, a separator, or a run of everything else; unclosed ones end with the text. */
const TOKEN = /\/\*[^]*?(?:\*\/|$)|"(?:[^"\\]|\\[^])*(?:"|$)|'(?:[^'\\]|\\[^])*(?:'|$)|[();:]|[^"'();:/]+|\//g;

const NAME = /^-?[a-z][a-z-]*$/;
/** Of a value whose spaces are single. */
const IMPORTANT = / ?! ?important$/i;

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

/** Returns the declarations in order, without custom properties. */
export const declarationsIn = (style: string): Declaration[] => {
  if (style.length > MAX_UNITS) return [];
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

/** Excludes values that load, compute, or break out of the attribute, and backslashes, which could hide such values. */
const PLAIN = /^[^\\<>@{};]{1,200}$/;
const WORD_CHARACTER = /[\w-]/;
const FUNCTIONS = new Set(['rgb', 'rgba', 'hsl', 'hsla', 'hwb', 'lab', 'lch', 'oklab', 'oklch', 'calc', 'min', 'max']);
const QUOTED = /"[^"]*"|'[^']*'/g;

/** Returns the names of the functions in a value; '' for plain brackets. */
const functionsIn = (value: string): string[] =>
  value
    .split('(')
    .slice(0, -1)
    .map((part) => {
      const text = part.trimEnd();
      let start = text.length;
      while (start > 0 && WORD_CHARACTER.test(text.charAt(start - 1))) start -= 1;
      return text.slice(start).toLowerCase();
    });

const isPlain = (value: string): boolean => {
  if (!PLAIN.test(value)) return false;
  if (!NESTS.test(value)) return true;
  if (value.includes('/*')) return false;
  const bare = value.replace(QUOTED, '');
  return !/["']/.test(bare) && functionsIn(bare).every((name) => FUNCTIONS.has(name));
};

const SIDES = ['top', 'right', 'bottom', 'left'];

const PROPERTIES = new Set([
  ...['color', 'background-color', 'direction', 'unicode-bidi'],
  ...[
    'font',
    'font-family',
    'font-size',
    'font-style',
    'font-variant',
    'font-weight',
    'letter-spacing',
    'word-spacing',
  ],
  ...['line-height', 'text-align', 'text-decoration', 'text-indent', 'text-transform', 'vertical-align', 'white-space'],
  ...['word-break', 'word-wrap', 'overflow-wrap', 'hyphens', 'list-style-type', 'float', 'clear', 'box-sizing'],
  ...['width', 'max-width', 'min-width', 'height', 'max-height', 'min-height', 'table-layout', 'caption-side'],
  ...['border-collapse', 'border-spacing', 'border-radius'],
  ...['margin', 'padding'].flatMap((box) => [box, ...SIDES.map((side) => `${box}-${side}`)]),
  ...['border', ...SIDES.map((side) => `border-${side}`)].flatMap((border) => [
    border,
    ...['color', 'style', 'width'].map((part) => `${border}-${part}`),
  ]),
  // Without these, Outlook adds gaps between cells and treats line heights as a minimum.
  ...['mso-line-height-rule', 'mso-padding-alt', 'mso-table-lspace', 'mso-table-rspace'],
]);

/** Many mail programs ignore others, such as `flex`; elements with `none` are removed. */
const DISPLAYS = /^(?:block|inline|inline-block|inline-table|list-item|table|table-(?:caption|cell|row|row-group))$/i;

/** Keywords of the background shorthand that are no colour. */
const NO_COLOURS = new Set([
  ...['auto', 'border-box', 'bottom', 'center', 'contain', 'content-box', 'cover', 'fixed', 'inherit', 'initial'],
  ...['left', 'local', 'no-repeat', 'none', 'padding-box', 'repeat', 'repeat-x', 'repeat-y', 'revert', 'right'],
  ...['round', 'scroll', 'space', 'text', 'top', 'unset'],
]);
/** A word, a colour in hexadecimal digits, or a bracket. */
const BACKGROUND_TOKEN = /#?[\w-]+|[()]/g;
const COLOUR = /#[\da-f]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|\b[a-z]+\b/gi;
const GRADIENT_WORDS = new Set(['at', 'circle', 'ellipse', 'closest', 'farthest', 'side', 'corner', 'deg', 'to']);

/** A word, or a function with its arguments in `inner`. */
interface BackgroundPart {
  word: string;
  inner: string | null;
}

const partsOf = (value: string): BackgroundPart[] => {
  const parts: BackgroundPart[] = [];
  let called = '';
  let start = 0;
  let depth = 0;
  for (const { 0: token, index } of value.matchAll(BACKGROUND_TOKEN)) {
    if (token === '(') {
      depth += 1;
      if (depth === 1) start = index + 1;
    } else if (token === ')') {
      if (depth === 1) parts.push({ word: called, inner: value.slice(start, index) });
      if (depth === 1) called = '';
      depth = Math.max(0, depth - 1);
    } else if (depth === 0) {
      if (value.charAt(index + token.length) === '(') called = token;
      else parts.push({ word: token, inner: null });
    }
  }
  return parts;
};

const isColourWord = (word: string): boolean =>
  /^(?:#[\da-f]{3,8}|[a-z][a-z-]*)$/i.test(word) && !NO_COLOURS.has(word.toLowerCase());

/**
 * Returns the colour of the `background` shorthand, so that light text on a dark background stays legible.
 *
 * @returns null without a colour; the first colour of a gradient
 */
const backgroundColour = (value: string): string | null => {
  if (value.length > 1000) return null;
  let gradient: string | null = null;
  for (const { word, inner } of partsOf(value)) {
    if (inner === null) {
      if (isColourWord(word)) return word;
    } else if (/^(?:rgb|hsl)a?$/i.test(word)) return `${word}(${inner})`;
    else if (word.toLowerCase().endsWith('-gradient'))
      gradient ??=
        (inner.match(COLOUR) ?? []).find(
          (colour) => !NO_COLOURS.has(colour.toLowerCase()) && !GRADIENT_WORDS.has(colour.toLowerCase())
        ) ?? null;
  }
  return gradient;
};

const keepAllowed = ({ name, value, important }: Declaration): Declaration[] => {
  if (name === 'background') {
    const colour = backgroundColour(value);
    return colour === null ? [] : keepAllowed({ name: 'background-color', value: colour, important });
  }
  const known = name === 'display' ? DISPLAYS.test(value) : PROPERTIES.has(name);
  return known && isPlain(value) ? [{ name, value, important }] : [];
};

const ZERO = /^0(?:\.0+)?(?:px|pt|em|rem|%)?$/;

/** Returns the effective value of each property: the last one, `!important` first (CSS Cascade 4 §6). */
const effectiveValues = (declarations: readonly Declaration[]): ReadonlyMap<string, string> => {
  const ordered = [...declarations.filter((one) => !one.important), ...declarations.filter((one) => one.important)];
  return new Map(ordered.map(({ name, value }) => [name, value.toLowerCase()]));
};

/**
 * Returns true if the style attribute hides its element.
 *
 * @param isCell true for `td` and `th`, whose height is a minimum and hides nothing
 */
export const isHiddenStyle = (style: string, isCell: boolean): boolean => {
  const values = effectiveValues(declarationsIn(style));
  const isZero = (name: string) => ZERO.test(values.get(name) ?? '');
  return (
    values.get('display') === 'none' ||
    /^(?:hidden|collapse)$/.test(values.get('visibility') ?? '') ||
    isZero('opacity') ||
    (!isCell && values.get('overflow') === 'hidden' && (isZero('max-height') || isZero('height')))
  );
};

/** Returns the style attribute with allowed declarations only. */
export const cleanStyle = (style: string): string => styleOf(declarationsIn(style).flatMap(keepAllowed));
