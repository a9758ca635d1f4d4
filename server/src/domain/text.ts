/* Text for headers: names, subjects, custom headers (rules §3, security 7). Shared with the admin panel. */

export type NameProblem = 'looks-like-address' | 'characters' | 'length';
export type SubjectProblem = 'characters' | 'length';
export type HeaderProblem = 'name' | 'type' | 'characters' | 'length';

/** UTF-16 units: at least as many as the characters that a column of 255 counts. */
const NAME_MAX_UNITS = 255;
/** RFC 5322 §2.1.1. */
const LINE_MAX_BYTES = 998;
/** RFC 5322 §2.1.1 recommends 78 for a line; a longer name leaves no room for `: ` and a value on it. */
const HEADER_NAME_MAX_BYTES = 76;

/** C0, DEL, C1 (`\p{Cc}`), line and paragraph separator, unpaired surrogates (`\p{Cs}`): not allowed in headers. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/**
 * Bidi embeddings, overrides and isolates make text display in another order. The marks (U+061C, U+200E, U+200F) do
 * not, and keyboards and word processors insert them into Hebrew and Arabic.
 */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/;

/**
 * Invisible characters: every format character (bidi, zero-width, soft hyphen, BOM, tags) and every other one that
 * Unicode calls default-ignorable (Hangul fillers, grapheme joiner). Variation selectors are allowed: emoji and Japanese
 * names require them.
 */
const INVISIBLE = /\p{Cf}|(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/u;

/**
 * Joiners required by spelling (RFC 5892 appendix A.1 and A.2, UTS 51): the non-joiner between letters of Arabic script,
 * both after a virama of an Indic script, the joiner between emoji. Elsewhere they would make equal-looking names differ.
 */
const IN_ARABIC = '(?<=\\p{Script=Arabic}\\p{M}?)\\u200c(?=\\p{Script=Arabic})';
const VIRAMA = '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca\\u17d2';
const AFTER_VIRAMA = `(?<=[${VIRAMA}])[\\u200c\\u200d]`;
const IN_EMOJI = '(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?)\\u200d(?=\\p{Extended_Pictographic})';
const SPELLED = new RegExp(`${IN_ARABIC}|${AFTER_VIRAMA}|${IN_EMOJI}`, 'gu');

/**
 * An encoded-word (RFC 2047 §2) typed as text. Mail programs decode it even inside a quoted string, against the RFC, so
 * it would smuggle an address, controls or bidi characters past these rules.
 */
const ENCODED_WORD = /=\?[^?\s]+\?[bq]\?[^?]*\?=/i;

const ANGLE_BRACKET = /[<>]/;
const ASCII = /^[\x00-\x7f]*$/;

/** UAX #15 §13: no language has more than 30 marks on one letter. */
const MANY_MARKS = /\p{M}{31}/u;
const UP_TO_30_MARKS = /\P{M}*\p{M}{0,30}/gu;

/**
 * Returns Unicode normalisation form C, in which all text is stored and compared. Sorting marks takes quadratic time:
 * longer runs are sorted in pieces of 30.
 */
export const normalise = (text: string): string =>
  MANY_MARKS.test(text)
    ? (text.match(UP_TO_30_MARKS) ?? []).map((piece) => piece.normalize('NFC')).join('')
    : text.normalize('NFC');

const nameProblemBut = (name: string, mayHoldAt: boolean): NameProblem | null => {
  if (name.length > NAME_MAX_UNITS) return 'length';
  if (UNPRINTABLE.test(name) || INVISIBLE.test(name.replace(SPELLED, '')) || ENCODED_WORD.test(name))
    return 'characters';
  // NFKC maps the full-width and small forms to the same signs.
  const shown = name.normalize('NFKC');
  return ANGLE_BRACKET.test(shown) || (!mayHoldAt && shown.includes('@')) ? 'looks-like-address' : null;
};

/** Checks the name of a sender (rules §3); the empty name passes. @returns null: valid */
export const nameProblem = (name: string): NameProblem | null => nameProblemBut(name, false);

/** Checks the name of a recipient like `nameProblem`, except that it may contain `@`. */
export const recipientNameProblem = (name: string): NameProblem | null => nameProblemBut(name, true);

/**
 * Returns an upper bound of the bytes of an unstructured header value, the same for every encoder. ASCII counts as it
 * is. Other text counts as base64 encoded-words (RFC 2047 §2, §4.1) of 27 bytes each, fewer than fit into the 75
 * characters of one, so that no B encoder writes more; each word adds `=?UTF-8?B?`, `?=`, padding, and a space.
 */
const encodedBytes = (text: string): number => {
  if (ASCII.test(text)) return text.length;
  const bytes = new TextEncoder().encode(text).length;
  const words = Math.ceil(bytes / 27);
  return words * ('=?UTF-8?B??= '.length + 4) + Math.ceil(bytes / 3) * 4;
};

const lineProblem = (text: string, maxBytes: number): 'characters' | 'length' | null => {
  // Every UTF-16 unit takes at least one byte: refuses a megabyte before reading it.
  if (text.length > maxBytes) return 'length';
  if (UNPRINTABLE.test(text) || BIDI.test(text) || ENCODED_WORD.test(text)) return 'characters';
  return encodedBytes(text) > maxBytes ? 'length' : null;
};

/** Checks a subject (security 7); the empty subject passes. @returns null: valid */
export const subjectProblem = (subject: string): SubjectProblem | null => lineProblem(subject, LINE_MAX_BYTES);

/** RFC 5322 §3.6.8 ftext: printable ASCII without the colon. */
const HEADER_NAME = /^x-[\x21-\x39\x3b-\x7e]+$/i;

/**
 * X- headers that relays obey: extra recipients, a sender of another account, a template, a send time. They would bypass
 * the limits, the decision and the log. By relay: SendGrid, SparkPost,
 * Mandrill, Postmark, Amazon SES, Mailgun, Mailjet, Brevo, SocketLabs, Mailtrap, MailerSend, Elastic Email, SMTP2GO,
 * Exchange.
 */
const OBEYED =
  /^x-(?:smtpapi$|msys-api$|(?:mc|pm|ses|mailgun|mj|mailjet|mailin|sib|mt|mailersend|elasticemail|smtp2go|ms-exchange)-|xs)/i;

/**
 * Checks a custom header: an `X-…` name and one line of plain text. The length limit applies to the whole line.
 *
 * @param value of any type: nodemailer accepts objects that inject lines (security 5)
 * @returns null: valid
 */
export const headerProblem = (name: string, value: unknown): HeaderProblem | null => {
  if (name.length > HEADER_NAME_MAX_BYTES || !HEADER_NAME.test(name)) return 'name';
  if (OBEYED.test(name)) return 'name';
  if (typeof value !== 'string') return 'type';
  return lineProblem(value, LINE_MAX_BYTES - `${name}: `.length);
};
