import { readFileSync } from 'node:fs';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The set writes a control character as its symbol, U+2400 above it. */
const characterOf = (code: number): string =>
  String.fromCodePoint(code >= 0x2400 && code <= 0x2421 ? code - 0x2400 : code);

const unescape = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => characterOf(parseInt(hex, 16)))
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');

const ACCEPTED = ['ISEMAIL_VALID_CATEGORY', 'ISEMAIL_DNSWARN'];
/** `test@io`: valid, but a single label is refused here. */
const REFUSED_BY_OUR_RULE = '5';

/** is_email's set of addresses with what we make of each: plain dot-atoms of two labels are accepted, nothing else. */
export const isEmailCases = (): { address: string; accepted: boolean }[] => {
  const xml = readFileSync(require.resolve('email-addresses/test/tests.xml'), 'utf8');
  return [...xml.matchAll(/<test id="(\d+)">([\s\S]*?)<\/test>/g)].map(([, id = '', body = '']) => ({
    address: unescape(/<address>([\s\S]*?)<\/address>/.exec(body)?.[1] ?? ''),
    accepted: ACCEPTED.includes(/<category>(.*?)<\/category>/.exec(body)?.[1] ?? '') && id !== REFUSED_BY_OUR_RULE,
  }));
};
