/*
 * Removes secrets from foreign texts (SMTP replies, library errors, resolver output) before they are logged, stored or
 * shown (security 2). Redaction is by value: no pattern matches every password.
 */
import { inspect } from 'node:util';

/** Replaces a secret. */
export const REDACTED = '***';

/** Shorter base64 occurs in any text; such a short secret is searched by its value only. */
const MIN_BASE64_LENGTH = 4;

const attempt = (encode: () => string): string[] => {
  try {
    return [encode()];
  } catch {
    // encodeURIComponent throws for an unpaired surrogate.
    return [];
  }
};

const percentEncoded = (secret: string): string[] =>
  attempt(() => encodeURIComponent(secret)).flatMap((encoded) => {
    const strict = encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
    return [encoded, strict, encoded.replace(/%20/g, '+'), strict.replace(/%20/g, '+')];
  });

const unicodeEscaped = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** As JSON (also nested, in ASCII, with `\/`), and as the console prints it, with quotes that depend on the text. */
const escaped = (secret: string): string[] => {
  const once = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  const printed = inspect(secret, { maxStringLength: null }).slice(1, -1);
  return [once, twice, unicodeEscaped(once), once.replace(/\//g, '\\/'), printed];
};

/**
 * Returns the base64 of the secret for each of its three possible offsets in the encoded bytes. Finds the bare secret, and
 * SASL PLAIN (`\0user\0secret`, RFC 4616) or XOAUTH2 of any user. Omits characters that share bits with adjacent bytes.
 */
const base64Cores = (secret: string): string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((offsetBytes) => {
    const encoded = Buffer.concat([Buffer.alloc(offsetBytes), bytes]).toString('base64');
    const core = encoded.slice(Math.ceil((offsetBytes * 8) / 6), Math.floor(((offsetBytes + bytes.length) * 8) / 6));
    return core.length < MIN_BASE64_LENGTH ? [] : [core, core.replace(/\+/g, '-').replace(/\//g, '_')];
  });
};

interface Span {
  start: number;
  end: number;
}

/** Ignores case: some servers echo commands in upper or lower case. */
const finderOf = (form: string): RegExp => new RegExp(form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');

/** Finds every occurrence, overlapping ones included. */
const valueSpans = (text: string, form: string): Span[] => {
  const spans: Span[] = [];
  const finder = finderOf(form);
  for (let hit = finder.exec(text); hit; hit = finder.exec(text)) {
    spans.push({ start: hit.index, end: hit.index + hit[0].length });
    finder.lastIndex = hit.index + 1;
  }
  return spans;
};

const isBase64 = (char: string | undefined): boolean => char !== undefined && /[A-Za-z0-9+/=_-]/.test(char);

/** Finds every occurrence with the base64 around it: adjacent characters contain bits of the secret, too. */
const tokenSpans = (text: string, core: string): Span[] => {
  const spans: Span[] = [];
  const finder = finderOf(core);
  let doneUpTo = 0;
  for (let hit = finder.exec(text); hit; hit = finder.exec(text)) {
    let start = hit.index;
    while (start > doneUpTo && isBase64(text[start - 1])) start -= 1;
    let end = hit.index + hit[0].length;
    while (isBase64(text[end])) end += 1;
    spans.push({ start, end });
    doneUpTo = end;
    finder.lastIndex = end;
  }
  return spans;
};

const withoutSpans = (text: string, spans: readonly Span[]): string => {
  let result = '';
  let doneUpTo = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start > doneUpTo || (start === 0 && doneUpTo === 0)) result += text.slice(doneUpTo, start) + REDACTED;
    doneUpTo = Math.max(doneUpTo, end);
  }
  return result + text.slice(doneUpTo);
};

/**
 * Removes the secrets: plain, URL-encoded, JSON-escaped, and in base64 (also inside a longer base64 token). Shorten a text
 * only after redaction: half a secret is not found.
 */
export const redact = (text: string, secrets: readonly string[]): string => {
  const known = [...new Set(secrets)].filter((secret) => secret !== '');
  const values = known.flatMap((secret) => [
    secret,
    Buffer.from(secret, 'utf8').toString('base64'),
    ...percentEncoded(secret),
    ...escaped(secret),
  ]);
  // Every form is searched in the original text: a replacement could split the match of another form.
  return withoutSpans(text, [
    ...[...new Set(values)].flatMap((form) => valueSpans(text, form)),
    ...[...new Set(known.flatMap(base64Cores))].flatMap((core) => tokenSpans(text, core)),
  ]);
};

/**
 * Creates a `redact` that reads the secrets at every call.
 *
 * @param secrets returns the secrets that the texts can contain
 */
export const redactor =
  (secrets: () => readonly string[]): ((text: string) => string) =>
  (text) =>
    redact(text, secrets());

/** Controls, format characters (bidi, zero-width), surrogates, private use, unassigned, and every space. */
const NOT_PRINTABLE = /[\p{C}\p{Z}]+/gu;

/**
 * Converts a server's reply to one line of printable text; '' for other types.
 *
 * @param max length in characters; a cut text ends with an ellipsis
 */
export const printable = (text: unknown, max = 500): string => {
  if (typeof text !== 'string') return '';
  // Bounds the cost of an endless reply.
  const line = text
    .slice(0, max * 8)
    .replace(NOT_PRINTABLE, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= max ? line : `${characters.slice(0, Math.max(max - 1, 0)).join('')}…`;
};
