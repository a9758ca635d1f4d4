import { authOf, fieldsOf, hasSecret, sameAuth, type Auth } from '../../../server/src/domain/auth';
import { sameAccount, type OwnSmtp } from '../../../server/src/domain/mailbox';

const EMAIL = 'news@club.example';
const NONE: Auth = { type: 'none' };
const NEWS: Auth = { type: 'password', username: 'news' };

describe('the login of a mailbox', () => {
  it.each<[Parameters<typeof authOf>[0], Auth]>([
    [{ auth: 'none' }, NONE],
    [{ auth: 'none', username: 'news' }, NONE],
    [{ auth: 'password', username: 'news' }, NEWS],
    [{ auth: 'password' }, { type: 'password', username: EMAIL }],
    [
      { auth: 'password', username: null },
      { type: 'password', username: EMAIL },
    ],
  ])('reads the fields %j, with the address as default username', (fields, auth) => {
    expect(authOf(fields, EMAIL)).toEqual(auth);
  });

  it.each([NONE, NEWS])('keeps %j when it is written to fields and read again', (auth) => {
    expect(authOf(fieldsOf(auth), EMAIL)).toEqual(auth);
  });

  it.each<[Auth, unknown]>([
    [NONE, { auth: 'none', username: null }],
    [NEWS, { auth: 'password', username: 'news' }],
  ])('writes every field of %j', (auth, fields) => {
    expect(fieldsOf(auth)).toEqual(fields);
  });

  it.each<[Auth, boolean]>([
    [NONE, false],
    [NEWS, true],
  ])('reports whether %j has a secret: %s', (auth, expected) => {
    expect(hasSecret(auth)).toBe(expected);
  });

  it.each<[Auth, Auth, boolean]>([
    [NONE, NONE, true],
    [NEWS, { ...NEWS }, true],
    [NEWS, { type: 'password', username: 'News' }, false],
    [NEWS, NONE, false],
    [NONE, NEWS, false],
  ])('compares %j and %j: %s', (one, other, expected) => {
    expect(sameAuth(one, other)).toBe(expected);
  });
});

describe('SMTP settings before and after a change', () => {
  const before: OwnSmtp = { host: 'mail.club.example', port: 587, encryption: 'starttls', auth: NEWS };

  it.each<[string, OwnSmtp | null, Partial<OwnSmtp>, boolean]>([
    ['equal settings', before, {}, true],
    ['a host in other case', before, { host: 'MAIL.club.example' }, true],
    ['another host', before, { host: 'mail.evil.example' }, false],
    ['another port', before, { port: 465 }, false],
    ['another encryption', before, { encryption: 'none' }, false],
    ['another login', before, { auth: { type: 'password', username: 'ceo' } }, false],
    ['no settings before', null, {}, false],
  ])('count as the same account with %s: %#', (_what, old, change, expected) => {
    expect(sameAccount(old, { ...before, ...change })).toBe(expected);
  });
});
