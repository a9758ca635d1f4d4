/*
 * A secret never comes out (security 2): texts that others wrote (SMTP replies, errors of libraries, resolver output)
 * pass here before they are logged, stored or shown. Redaction is by value: no pattern knows what a password looks like.
 */
import { inspect } from 'node:util';

/** What stands where a secret stood. */
export const REDACTED = '***';

/** A shorter piece of base64 is found in any text; a secret that short is found by its value only. */
const MIN_BASE64_LENGTH = 4;

const attempt = (encode: () => string): string[] => {
  try {
    return [encode()];
  } catch {
    // encodeURIComponent: an unpaired surrogate has no URL form
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

/** As JSON (also within JSON, in ASCII, with `\/`), and as the console prints it, which chooses its quotes by the text. */
const escaped = (secret: string): string[] => {
  const once = JSON.stringify(secret).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  const printed = inspect(secret, { maxStringLength: null }).slice(1, -1);
  return [once, twice, unicodeEscaped(once), once.replace(/\//g, '\\/'), printed];
};

/**
 * The characters that base64 has for the secret wherever it begins in what is encoded: at a multiple of three bytes, or
 * one or two bytes later. So the bare secret is found, and SASL PLAIN (`\0user\0secret`, RFC 4616) or XOAUTH2 of any user,
 * without knowing the user. Characters that share bits with what stands before or behind are left out.
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

/** Without regard to case: servers echo commands in their own. */
const finderOf = (form: string): RegExp => new RegExp(form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');

/** Where the form stands; overlapping places, too. */
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

/** Where the core stands, with all base64 around it: the characters beside it hold bits of the secret, too. */
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
 * The text without the secrets: as they are, URL-encoded, JSON-escaped, in base64 (also inside a longer base64 token).
 * Redact first and shorten afterwards: half a secret is not found.
 */
export const redact = (text: string, secrets: readonly string[]): string => {
  const known = [...new Set(secrets)].filter((secret) => secret !== '');
  const values = known.flatMap((secret) => [
    secret,
    Buffer.from(secret, 'utf8').toString('base64'),
    ...percentEncoded(secret),
    ...escaped(secret),
  ]);
  // All are looked for in the text as it came: one replacement must not tear another's hit apart.
  return withoutSpans(text, [
    ...[...new Set(values)].flatMap((form) => valueSpans(text, form)),
    ...[...new Set(known.flatMap(base64Cores))].flatMap((core) => tokenSpans(text, core)),
  ]);
};

/**
 * A `redact` that asks for the secrets each time it is used.
 *
 * @param secrets the ones that can be in the texts now
 */
export const redactor =
  (secrets: () => readonly string[]): ((text: string) => string) =>
  (text) =>
    redact(text, secrets());

/** Controls, format characters (bidi, zero-width), surrogates, private use, unassigned, and every kind of space. */
const NOT_PRINTABLE = /[\p{C}\p{Z}]+/gu;

/**
 * What a server said, as one line of printable text; '' for what is no text.
 *
 * @param max length in characters; what is cut is marked with an ellipsis
 */
export const printable = (text: unknown, max = 500): string => {
  if (typeof text !== 'string') return '';
  // An endless reply is not worth walking through.
  const line = text
    .slice(0, max * 8)
    .replace(NOT_PRINTABLE, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= max ? line : `${characters.slice(0, Math.max(max - 1, 0)).join('')}…`;
};
