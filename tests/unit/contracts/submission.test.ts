import { asFileName, isFileName, parseSubmit, type SubmitRequest } from '../../../server/src/contracts/submission';

const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const LIMITS = { recipients: 100, messageBytes: 1_000_000 };
const LETTER = { from: 'system', to: ['ada@reader.example'], subject: 'Hello', text: 'Hello' };
const read = (differs: object) => parseSubmit({ ...LETTER, ...differs }, LIMITS, NOW);
const value = (differs: object): SubmitRequest => {
  const parsed = read(differs);
  if (!parsed.ok) throw new Error(parsed.refusal.code);
  return parsed.value;
};
const at = (ms: number): string => new Date(NOW + ms).toISOString();

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('sendAt', () => {
  it('is null by default', () => {
    expect(value({})).toMatchObject({ sendAt: null, undoSeconds: null, idempotencyKey: null });
  });

  it.each([
    ['now', 0],
    ['5 minutes ago', -5 * MINUTE],
    ['in 366 days', 366 * DAY],
  ])('accepts %s', (_, ms) => {
    expect(value({ sendAt: at(ms) }).sendAt).toBe(NOW + ms);
  });

  it('is independent of its zone', () => {
    expect(value({ sendAt: '2026-01-15T14:30:00+02:00' }).sendAt).toBe(NOW + 30 * MINUTE);
  });

  it.each<[string, unknown]>([
    ['more than 5 minutes ago', at(-5 * MINUTE - 1)],
    ['more than 366 days ahead', at(366 * DAY + 1)],
    ['without a zone', '2026-01-15T12:30:00'],
    ['not ISO 8601', 'tomorrow'],
    ['empty', ''],
    ['a number', NOW + MINUTE],
    ['null', null],
    ['an object', { $gt: '' }],
    ['a list', [at(MINUTE)]],
  ])('cannot be %s', (_, sendAt) => {
    expect(read({ sendAt })).toMatchObject({ refusal: { code: 'INVALID_INPUT', details: { path: 'sendAt' } } });
  });
});

describe('sendZone', () => {
  it('is kept as given, and null by default', () => {
    expect(value({ sendAt: at(DAY), sendZone: 'Asia/Tokyo' }).sendZone).toBe('Asia/Tokyo');
    expect(value({ sendAt: at(DAY) }).sendZone).toBeNull();
  });

  it.each<[string, object]>([
    ['unknown', { sendAt: at(DAY), sendZone: 'Mars/Olympus_Mons' }],
    ['an offset', { sendAt: at(DAY), sendZone: '+09:00' }],
    ['a list', { sendAt: at(DAY), sendZone: ['Asia/Tokyo'] }],
    ['named without a moment', { sendZone: 'Asia/Tokyo' }],
  ])('cannot be %s', (_, differs) => {
    expect(read(differs)).toMatchObject({ refusal: { code: 'INVALID_INPUT', details: { path: 'sendZone' } } });
  });
});

describe('the undo window', () => {
  it.each([0, 1, 120])('accepts %i seconds', (undoSeconds) => {
    expect(value({ undoSeconds })).toMatchObject({ undoSeconds });
  });

  it.each([-1, 121, 1.5, '10', null, true, [10]])('cannot be %j', (undoSeconds) => {
    expect(read({ undoSeconds })).toMatchObject({
      refusal: { code: 'INVALID_INPUT', details: { path: 'undoSeconds' } },
    });
  });
});

describe('an idempotency key', () => {
  it.each(['a', ' ', '~', 'order 4711/reminder #2', 'x'.repeat(255)])('may be %j', (idempotencyKey) => {
    expect(value({ idempotencyKey })).toMatchObject({ idempotencyKey });
  });

  it.each(['', 'x'.repeat(256), 'a\nb', 'a\0', 'a\x7f', 'ä', '😀', 4711, null, {}, ['a']])(
    'cannot be %j',
    (idempotencyKey) => {
      expect(read({ idempotencyKey })).toMatchObject({
        refusal: { code: 'INVALID_INPUT', details: { path: 'idempotencyKey' } },
      });
    }
  );
});

describe('the Content-ID of an inline image', () => {
  const picture = (cid: unknown, more: object = {}) => ({
    html: '<p>x</p>',
    attachments: [{ file: 1, cid }],
    ...more,
  });

  it.each(['a', '0', 'x'.repeat(64), 'Logo_2.final-3.png'])('may be %j', (cid) => {
    expect(value(picture(cid)).attachments).toEqual([{ file: 1, name: null, cid }]);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a@club.example', 'a>', 'a\r\nX-Evil: 1', 'ä', 4711, null, {}, ['a']])(
    'cannot be %j',
    (cid) => {
      expect(read(picture(cid))).toMatchObject({
        refusal: { code: 'INVALID_INPUT', details: { path: 'attachments[0].cid' } },
      });
    }
  );

  it.each([
    ['there twice', picture('a', { attachments: ['a', 'b', 'a'].map((cid, file) => ({ file: file + 1, cid })) }), 2],
    ['one in a message without HTML', { attachments: [{ file: 1 }, { file: 1, cid: 'a' }] }, 1],
  ])('rejects %s', (_, differs, index) => {
    expect(read(differs)).toMatchObject({
      refusal: { code: 'INVALID_INPUT', details: { path: `attachments[${index}].cid` } },
    });
  });
});

describe('asFileName', () => {
  it.each(
    Object.entries<[string, string]>({
      'a good one': ['Größe 1 (final) 🚣.txt', 'Größe 1 (final) 🚣.txt'],
      folders: ['a/b\\c', 'a_b_c'],
      controls: ['a\r\nb\0c\td', 'a__b_c_d'],
      bidi: ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
      'invisible signs': ['zero\u200bwidth\ufeff', 'zero_width_'],
      separators: ['line\u2028and\u2029paragraph', 'line_and_paragraph'],
      'half a character': ['lone \ud83d surrogate', 'lone _ surrogate'],
      'this folder': ['.', '_'],
      'the folder above': ['..', '__'],
      'three dots': ['...', '...'],
      nothing: ['', 'attachment'],
      'a long name': [`${'n'.repeat(300)}.pdf`, `${'n'.repeat(251)}.pdf`],
      'long characters': ['🚣'.repeat(150), '🚣'.repeat(127)],
      'a long extension': [`n.${'e'.repeat(300)}`, `n.${'e'.repeat(253)}`],
    })
  )('replaces characters one by one: %s', (_what, [name, expected]) => {
    expect(asFileName(name)).toBe(expected);
    expect(isFileName(asFileName(name))).toBe(true);
  });
});

describe('the order of refusals', () => {
  it.each<[string, object, string, string]>([
    ['an unknown field', { sendAt: 'tomorrow', state: 'queued' }, 'UNKNOWN_FIELD', 'state'],
    ['a wrong moment', { sendAt: at(-DAY), to: [], subject: 'a\nb' }, 'INVALID_INPUT', 'sendAt'],
  ])('reports %s first', (_, differs, code, path) => {
    expect(read(differs)).toMatchObject({ refusal: { code, details: { path } } });
  });
});
