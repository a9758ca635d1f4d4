import { keyFromName, parseTenantChange, parseTenantDraft } from '../../../server/src/contracts/tenant';

const draft = (differs: object = {}) => parseTenantDraft({ name: 'North', ...differs });

describe('a tenant', () => {
  it('contains only the given keys', () => {
    expect(draft()).toEqual({ ok: true, value: { name: 'North' } });
    expect(parseTenantChange({})).toEqual({ ok: true, value: {} });
    expect(parseTenantChange({ mailboxLimit: null })).toEqual({ ok: true, value: { mailboxLimit: null } });
  });

  it('trims and normalizes its name, which may contain @', () => {
    expect(draft({ name: ' Cafe\u0301 @ home ' })).toMatchObject({ value: { name: 'Caf\u00e9 @ home' } });
  });

  it('removes duplicate members', () => {
    expect(draft({ members: { users: [2, 1, 2], roles: [3, 3] } })).toMatchObject({
      value: { members: { users: [2, 1], roles: [3] } },
    });
    expect(draft({ members: 'everyone' })).toMatchObject({ value: { members: 'everyone' } });
  });

  it('converts domains to lower-case A-labels and removes duplicates', () => {
    expect(draft({ mailboxDomains: ['Club.example', 'club.example', 'münchen.example'] })).toMatchObject({
      value: { mailboxDomains: ['club.example', 'xn--mnchen-3ya.example'] },
    });
  });

  it.each<[unknown, object]>([
    [null, { name: null, email: null }],
    [{}, { name: null, email: null }],
    [{ name: ' ' }, { name: null, email: null }],
    [{ name: 'Club' }, { name: 'Club', email: null }],
    [{ email: 'Club@Site.example' }, { name: null, email: 'Club@Site.example' }],
  ])('reads the override %j as a whole', (system, expected) => {
    expect(draft({ system })).toMatchObject({ value: { system: expected } });
  });

  it.each<[object, string, string]>([
    [{ name: undefined }, 'INVALID_INPUT', 'name'],
    [{ name: 5 }, 'INVALID_INPUT', 'name'],
    [{ name: ' ' }, 'INVALID_INPUT', 'name'],
    [{ name: 'x'.repeat(256) }, 'INVALID_INPUT', 'name'],
    [{ name: 'a\u0000b' }, 'INVALID_INPUT', 'name'],
    [{ name: 'a\nb' }, 'INVALID_NAME', 'name'],
    ...['', 'A', 'a b', 'a_b', '-a', 'a-', 'ä', 'x'.repeat(64), 5, null].map((key): [object, string, string] => [
      { key },
      'INVALID_INPUT',
      'key',
    ]),
    ...['nobody', null, [], { users: [] }, { users: ['1'], roles: [] }, { users: [0], roles: [] }].map(
      (members): [object, string, string] => [{ members }, 'INVALID_INPUT', 'members']
    ),
    [{ members: { users: [], roles: [], groups: [] } }, 'UNKNOWN_FIELD', 'members.groups'],
    [{ mailboxLimit: -1 }, 'INVALID_INPUT', 'mailboxLimit'],
    [{ mailboxLimit: 100_001 }, 'INVALID_INPUT', 'mailboxLimit'],
    [{ mailboxLimit: '5' }, 'INVALID_INPUT', 'mailboxLimit'],
    [{ mailboxDomains: 'club.example' }, 'INVALID_INPUT', 'mailboxDomains'],
    [{ mailboxDomains: ['localhost'] }, 'INVALID_INPUT', 'mailboxDomains'],
    [{ ownAddressDomains: ['*.example'] }, 'INVALID_INPUT', 'ownAddressDomains'],
    [{ ownAddress: 'sender' }, 'INVALID_INPUT', 'ownAddress'],
    [{ duplicatePolicy: 'own' }, 'INVALID_INPUT', 'duplicatePolicy'],
    [{ systemSender: true }, 'INVALID_INPUT', 'systemSender'],
    [{ system: 'x' }, 'INVALID_INPUT', 'system'],
    [{ system: { email: 'Club <club@site.example>' } }, 'INVALID_ADDRESS', 'system.email'],
    [{ system: { name: 'ceo@corp.example' } }, 'INVALID_NAME', 'system.name'],
    [{ system: { host: 'x' } }, 'UNKNOWN_FIELD', 'system.host'],
    [{ id: 'x' }, 'UNKNOWN_FIELD', 'id'],
    [{ mailboxCount: 0 }, 'UNKNOWN_FIELD', 'mailboxCount'],
  ])('rejects %j', (differs, code, path) => {
    expect(draft(differs)).toMatchObject({ ok: false, refusal: { code, details: { path } } });
  });
});

describe('keyFromName', () => {
  it.each([
    ['North', 'north'],
    ['Club North e.V.', 'club-north-e-v'],
    ['  --  ', 'tenant'],
    ['株式会社', 'tenant'],
    ['x'.repeat(300), 'x'.repeat(50)],
    [`${'x'.repeat(49)} y`, 'x'.repeat(49)],
    ['Grüner Club', 'gruner-club'],
  ])('derives from %j the key %j', (name, key) => {
    expect(keyFromName(name)).toBe(key);
  });
});
