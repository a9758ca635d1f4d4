import { readFileSync } from 'node:fs';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The set writes a control character as its symbol, U+2400 above it. */
const characterOf = (code: number): string =>
  String.fromCodePoint(code >= 0x2400 && code <= 0x2421 ? code - 0x2400 : code);

const unescape = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => characterOf(parseInt(hex, 16)))
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');

/** Well-formed; of the second kind the domain had no record in 2011, and existence is not checked here. */
const ACCEPTED = ['ISEMAIL_VALID_CATEGORY', 'ISEMAIL_DNSWARN'];
/** `test@io`: valid, but a single label is refused here. */
const REFUSED_BY_OUR_RULE = 5;

export interface IsEmailCase {
  id: number;
  category: string;
  address: string;
  accepted: boolean;
}

/**
 * is_email's set of addresses. Plain dot-atoms of two labels are accepted; its other kinds of valid addresses (quoted
 * strings, literals, comments, folding, obsolete and over-long forms, a numeric or single-label domain) are refused.
 */
export const isEmailCases = (): IsEmailCase[] => {
  const xml = readFileSync(require.resolve('email-addresses/test/tests.xml'), 'utf8');
  return [...xml.matchAll(/<test id="(\d+)">([\s\S]*?)<\/test>/g)].map(([, number, body = '']) => {
    const [id, category] = [Number(number), /<category>(.*?)<\/category>/.exec(body)?.[1] ?? ''];
    const address = unescape(/<address>([\s\S]*?)<\/address>/.exec(body)?.[1] ?? '');
    return { id, category, address, accepted: ACCEPTED.includes(category) && id !== REFUSED_BY_OUR_RULE };
  });
};
