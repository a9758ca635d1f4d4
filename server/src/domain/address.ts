/*
 * Addresses: a single addr-spec (security 6, rules §7). Runs in the admin's browser code, too: `URL` is the IDNA
 * implementation that Node and browsers share.
 */
import { nameProblem, normalise } from './text';

export type AddressProblem = 'type' | 'empty' | 'length' | 'syntax' | 'local' | 'domain';

export interface AddrSpec {
  ok: true;
  /** Local part as typed (NFC), '@', domain: an ASCII domain as typed, one with a non-ASCII label as A-labels. */
  email: string;
  local: string;
  /** The domain as in `email`. */
  domain: string;
  /** Compared form (rules §7). */
  key: string;
  /** false: the local part requires SMTPUTF8 (RFC 6531). */
  ascii: boolean;
}

export interface Mailbox {
  name: string | null;
  email: string;
}

/** RFC 5321 §4.5.3.1: local part 64, domain 255 with its length octets (253 as text), path 256 with `<` and `>`. */
const LOCAL_MAX_OCTETS = 64;
const DOMAIN_MAX_OCTETS = 253;
const TOTAL_MAX_OCTETS = 254;
const LABEL_MAX_OCTETS = 63;

/**
 * No address of 254 octets has more UTF-16 units, in any normalisation form. Checked before any other step reads the
 * text, so that a megabyte costs nothing.
 */
const INPUT_MAX_UNITS = 1024;
/** Limit of an address with a name: at most 255 characters, each of which may be escaped. */
const MAILBOX_MAX_UNITS = 2048;

/**
 * Characters that no address contains: controls, format characters (bidi, zero-width), surrogates, private use, unassigned
 * (`\p{C}`), every space (`\p{Z}`), and invisible letters or marks, such as the Hangul filler. Addresses that look equal
 * must be equal.
 */
const FORBIDDEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/**
 * RFC 5322 §3.2.3 dot-atom with RFC 6531 §3.3. Of UTF8-non-ascii only letters, marks and digits: symbols and
 * punctuation include look-alikes of `@`, `.`, `<` and `,`. An atom does not begin with a mark: combined with a `<` or `"`
 * before it in a header, it would be shown, and after NFC even stored, as another character.
 */
const ATOM = "(?!\\p{M})[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\p{L}\\p{M}\\p{N}]+";
const DOT_ATOM = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');

/**
 * Characters of a label before IDNA: letters, marks and digits, and the punctuation that RFC 5892 (appendix A.3, A.5 to
 * A.7) allows inside a label. Checked first because `URL` would percent-decode, cut at `/` or `?`, and turn ideographic
 * full stops into label separators.
 */
const DOMAIN = /^[A-Za-z0-9.\-\p{L}\p{M}\p{N}\u00b7\u05f3\u05f4\u30fb]+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const ALL_NUMERIC = /^[0-9]+$/;
const ASCII = /^[\x00-\x7f]*$/;

const octets = (text: string): number => new TextEncoder().encode(text).length;

/**
 * Returns the domain as lower-case A-labels (RFC 5890 §2.3.2.1); null unless it is fully qualified with at least two
 * labels: no address literal, single label such as `localhost`, trailing dot or underscore.
 */
export const toAsciiDomain = (domain: string): string | null => {
  if (domain.length > INPUT_MAX_UNITS || !DOMAIN.test(domain)) return null;
  const folded = normalise(normalise(domain).toLowerCase());
  // IDNA maps compatibility characters (full-width letters, ligatures, enclosed letters) to others. Such a spelling is
  // refused, not repaired: the mapped domain is another one than the typed domain.
  if (FORBIDDEN.test(folded) || folded.normalize('NFKC') !== folded) return null;

  let ascii: string;
  try {
    ascii = new URL(`http://${folded}`).hostname;
  } catch {
    return null;
  }
  const typed = folded.split('.');
  const labels = ascii.split('.');
  if (ascii.length > DOMAIN_MAX_OCTETS || labels.length < 2 || labels.length !== typed.length) return null;
  const faithful = labels.every((label, index) => {
    const source = typed[index] ?? '';
    // An ASCII label stays unchanged (an A-label, too: its decoded form must encode to itself); a U-label becomes an A-label.
    const kept = ASCII.test(source) ? label === source : label.startsWith('xn--');
    return kept && label.length <= LABEL_MAX_OCTETS && LABEL.test(label);
  });
  // RFC 3696 §2: with an all-numeric last label it would look like an IPv4 address.
  return faithful && !ALL_NUMERIC.test(labels[labels.length - 1] ?? '') ? ascii : null;
};

/** Tests for a valid domain, non-ASCII labels included. Store the result of `toAsciiDomain`, not the text. */
export const isDomain = (text: unknown): text is string => typeof text === 'string' && toAsciiDomain(text) !== null;

/** Returns the domain of an address as lower-case A-labels. Without a valid domain: the text after the last `@`, or ''. */
export const domainOf = (email: string): string => {
  const at = email.lastIndexOf('@');
  if (at < 0) return '';
  const domain = email.slice(at + 1);
  return toAsciiDomain(domain) ?? normalise(normalise(domain).toLowerCase());
};

/**
 * Returns the compared form of an address (rules §7): NFC, lower case, domain as A-labels. Never throws; other text is
 * only lower-cased.
 */
export const addressKey = (email: string): string => {
  // Lower-casing can break NFC (U+004A U+030C becomes a pair that composes to U+01F0), so it is applied again.
  const folded = normalise(normalise(email).toLowerCase());
  const at = folded.lastIndexOf('@');
  const domain = at < 0 ? null : toAsciiDomain(folded.slice(at + 1));
  return domain === null ? folded : `${folded.slice(0, at)}@${domain}`;
};

/** Compares two addresses by their compared form (rules §7). */
export const sameAddress = (a: string, b: string): boolean => addressKey(a) === addressKey(b);

/**
 * Parses exactly one addr-spec with a dot-atom local part (security 6), without trimming or repairing.
 *
 * @param input untrusted, of any type
 */
export const parseAddrSpec = (input: unknown): AddrSpec | { ok: false; reason: AddressProblem } => {
  const refuse = (reason: AddressProblem) => ({ ok: false, reason }) as const;
  if (typeof input !== 'string') return refuse('type');
  if (input === '') return refuse('empty');
  if (input.length > INPUT_MAX_UNITS) return refuse('length');
  const text = normalise(input);
  const at = text.indexOf('@');
  if (at < 0 || at !== text.lastIndexOf('@') || FORBIDDEN.test(text)) return refuse('syntax');

  const local = text.slice(0, at);
  const localOctets = octets(local);
  if (localOctets > LOCAL_MAX_OCTETS || !DOT_ATOM.test(local)) return refuse('local');
  const typed = text.slice(at + 1);
  const ascii = toAsciiDomain(typed);
  if (ascii === null) return refuse('domain');
  if (localOctets + 1 + ascii.length > TOTAL_MAX_OCTETS) return refuse('length');

  const domain = ASCII.test(typed) ? typed : ascii;
  const email = `${local}@${domain}`;
  return { ok: true, email, local, domain, key: addressKey(email), ascii: ASCII.test(local) };
};

/**
 * Returns the address for headers and envelope (rules §4): local part as typed, domain as lower-case A-labels.
 *
 * @returns null if `parseAddrSpec` refuses it: no unchecked text may reach a header
 */
export const headerAddress = (email: string): string | null => {
  const parsed = parseAddrSpec(email);
  return parsed.ok ? `${parsed.local}@${parsed.domain.toLowerCase()}` : null;
};

/** Tests for a local part that requires SMTPUTF8 (RFC 6531). Domains are sent as A-labels. */
export const needsUtf8 = (emails: readonly string[]): boolean =>
  emails.some((email) => !ASCII.test(email.slice(0, email.lastIndexOf('@') + 1)));

/** RFC 5322 §3.2.5 phrase, as operators write it: no specials except the dot of obs-phrase ("St. Pauli"). */
const PHRASE = /^[^()<>[\]:;@\\,"]+$/u;
const QUOTED = /^"(?:[^"\\]|\\.)*"$/u;

/** Returns the text of a quoted string (RFC 5322 §3.2.4); null for any other text. */
export const unquoted = (phrase: string): string | null =>
  QUOTED.test(phrase) ? phrase.slice(1, -1).replace(/\\(.)/gu, '$1') : null;

/** Returns the name before `<`; '' for none, null if it is neither a phrase nor a quoted string. */
const nameOf = (phrase: string): string | null => {
  if (phrase === '') return '';
  const quoted = unquoted(phrase);
  if (quoted !== null) return quoted.trim();
  return PHRASE.test(phrase) ? phrase.replace(/[ \t]+/g, ' ') : null;
};

const isBlank = (sign: string | undefined): boolean => sign === ' ' || sign === '\t';

/** Trims in two loops: a regular expression for trailing blanks restarts at each blank, which takes quadratic time. */
const trimBlanks = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
};

/** Splits `phrase <addr-spec>` at its last `<` and trims the phrase; null for any other text. */
export const mailboxParts = (text: string): { phrase: string; spec: string } | null => {
  const trimmed = trimBlanks(text);
  const open = trimmed.lastIndexOf('<');
  return open < 0 || !trimmed.endsWith('>')
    ? null
    : { phrase: trimBlanks(trimmed.slice(0, open)), spec: trimmed.slice(open + 1, -1) };
};

/**
 * Parses a single mailbox of the configuration (RFC 5322 §3.4, without comments, groups and folding):
 * `a@b.example`, `<a@b.example>`, `News <a@b.example>`, `"News, Club" <a@b.example>`.
 *
 * @returns null for any other text, and for a name that rules §3 refuse
 */
export const parseMailbox = (text: unknown): Mailbox | null => {
  if (typeof text !== 'string' || text.length > MAILBOX_MAX_UNITS) return null;
  const parts = mailboxParts(text);
  if (!parts) {
    const bare = parseAddrSpec(trimBlanks(text));
    return bare.ok ? { name: null, email: bare.email } : null;
  }
  const address = parseAddrSpec(parts.spec);
  const name = nameOf(normalise(parts.phrase));
  if (!address.ok || name === null || nameProblem(name) !== null) return null;
  return { name: name === '' ? null : name, email: address.email };
};
