import { parseMailboxChange, parseMailboxDraft } from '../../../server/src/contracts/mailbox';

const SMTP = { host: 'mail.example', port: 587, encryption: 'starttls', auth: 'password' };
const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const draft = (differs: object = {}) =>
  parseMailboxDraft({ email: 'news@club.example', name: 'News', ...differs }, NOW);
const change = (input: object) => parseMailboxChange(input, NOW);

describe('a mailbox', () => {
  it('contains only the given keys', () => {
    expect(draft()).toEqual({
      ok: true,
      value: {
        address: { email: 'news@club.example', key: 'news@club.example', domain: 'club.example' },
        name: 'News',
      },
    });
    expect(change({})).toEqual({ ok: true, value: {} });
    expect(change({ enabled: false })).toEqual({ ok: true, value: { enabled: false } });
  });

  it('keeps its address as typed, with a lower-case key in A-labels', () => {
    expect(draft({ email: 'News@München.example' })).toMatchObject({
      value: { address: { email: 'News@xn--mnchen-3ya.example', key: 'news@xn--mnchen-3ya.example' } },
    });
  });

  it('has a trimmed name in NFC', () => {
    expect(draft({ name: ' Cafe\u0301 ' })).toMatchObject({ value: { name: 'Caf\u00e9' } });
  });

  it.each([
    [SMTP, SMTP],
    [
      { ...SMTP, host: 'mail.münchen.example' },
      { ...SMTP, host: 'mail.xn--mnchen-3ya.example' },
    ],
    [
      { ...SMTP, host: '[2001:db8::1]' },
      { ...SMTP, host: '[2001:db8::1]' },
    ],
    [
      { ...SMTP, username: 'login', password: ' correct horse ' },
      { ...SMTP, username: 'login', password: ' correct horse ' },
    ],
    [
      { ...SMTP, password: null },
      { ...SMTP, password: null },
    ],
  ])('accepts the SMTP settings %j', (smtp, expected) => {
    expect(draft({ smtp })).toMatchObject({ ok: true, value: { smtp: expected } });
  });

  const smtp = (differs: object): object => ({ smtp: { ...SMTP, ...differs } });
  it.each<[object, string, string]>([
    [{ email: undefined }, 'INVALID_INPUT', 'email'],
    [{ email: 5 }, 'INVALID_INPUT', 'email'],
    [{ email: '' }, 'INVALID_ADDRESS', 'email'],
    [{ email: 'News <news@club.example>' }, 'INVALID_ADDRESS', 'email'],
    [{ email: 'news@club.example\r\nBcc: x@y.example' }, 'INVALID_ADDRESS', 'email'],
    [{ email: 'news@localhost' }, 'INVALID_ADDRESS', 'email'],
    [{ email: '@club.example' }, 'INVALID_ADDRESS', 'email'],
    [{ name: undefined }, 'INVALID_INPUT', 'name'],
    [{ name: ' ' }, 'INVALID_NAME', 'name'],
    [{ name: 'ceo@corp.example' }, 'INVALID_NAME', 'name'],
    [{ name: 'News <x' }, 'INVALID_NAME', 'name'],
    [{ name: 'a\u200bb' }, 'INVALID_NAME', 'name'],
    [{ name: 'x'.repeat(256) }, 'INVALID_NAME', 'name'],
    ...['enabled', 'sender', 'reply', 'global', 'restricted', 'authenticated'].flatMap((flag) =>
      ['true', 1, null].map((value): [object, string, string] => [{ [flag]: value }, 'INVALID_INPUT', flag])
    ),
    [{ tenant: 5 }, 'INVALID_INPUT', 'tenant'],
    [{ tenant: '' }, 'INVALID_INPUT', 'tenant'],
    [{ smtp: null }, 'INVALID_INPUT', 'smtp'],
    [{ smtp: {} }, 'INVALID_INPUT', 'smtp.'],
    [smtp({ host: 'mail.example:25/x' }), 'INVALID_INPUT', 'smtp.host'],
    [smtp({ host: '' }), 'INVALID_INPUT', 'smtp.host'],
    [smtp({ port: 0 }), 'INVALID_INPUT', 'smtp.port'],
    [smtp({ port: 65_536 }), 'INVALID_INPUT', 'smtp.port'],
    [smtp({ port: 25.5 }), 'INVALID_INPUT', 'smtp.port'],
    [smtp({ port: '25' }), 'INVALID_INPUT', 'smtp.port'],
    [smtp({ encryption: 'ssl' }), 'INVALID_INPUT', 'smtp.encryption'],
    [smtp({ auth: 'oauth2' }), 'INVALID_INPUT', 'smtp.auth'],
    [smtp({ username: '' }), 'INVALID_INPUT', 'smtp.username'],
    [smtp({ username: 'a\r\nb' }), 'INVALID_INPUT', 'smtp.username'],
    [smtp({ password: 5 }), 'INVALID_INPUT', 'smtp.password'],
    [smtp({ password: 'a\0b' }), 'INVALID_INPUT', 'smtp.password'],
    [smtp({ password: 'x'.repeat(1025) }), 'INVALID_INPUT', 'smtp.password'],
    [smtp({ rejectUnauthorized: false }), 'UNKNOWN_FIELD', 'smtp.rejectUnauthorized'],
    [{ signature: { html: 5 } }, 'INVALID_INPUT', 'signature.html'],
    [{ limits: { perMinute: 0 } }, 'INVALID_INPUT', 'limits.perMinute'],
    [{ limits: { connections: 101 } }, 'INVALID_INPUT', 'limits.connections'],
    [{ limits: { perDay: 1 } }, 'UNKNOWN_FIELD', 'limits.perDay'],
    [{ id: 'x' }, 'UNKNOWN_FIELD', 'id'],
    [{ state: 'ok' }, 'UNKNOWN_FIELD', 'state'],
  ])('rejects %j', (differs, code, path) => {
    expect(draft(differs)).toMatchObject({
      ok: false,
      refusal: { code, details: { path: expect.stringContaining(path) } },
    });
  });

  it('never shows a password in its refusal', () => {
    for (const bad of ['correct\nhorse', 'x'.repeat(2000)])
      expect(JSON.stringify(draft(smtp({ password: bad })))).not.toContain(JSON.stringify(bad).slice(1, -1));
  });

  it('contains its grants by subject, with their ends as moments', () => {
    const grants = {
      add: [{ user: 1 }, { role: 2, expiresAt: null }, { user: 3, expiresAt: '2026-01-15T14:00:01+02:00' }],
      remove: ['a1b2'],
    };
    expect(change({ grants })).toEqual({
      ok: true,
      value: {
        grants: {
          add: [
            { subject: { user: 1 }, expiresAt: null },
            { subject: { role: 2 }, expiresAt: null },
            { subject: { user: 3 }, expiresAt: NOW + 1000 },
          ],
          remove: ['a1b2'],
        },
      },
    });
    expect(change({ grants: {} })).toEqual({ ok: true, value: { grants: { add: [], remove: [] } } });
  });

  it('takes 100 grants in each list', () => {
    const grants = { add: Array(100).fill({ user: 1 }), remove: Array(100).fill('a') };
    expect(change({ grants })).toMatchObject({ ok: true });
  });
});
