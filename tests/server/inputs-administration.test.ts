import { CONTENT_TABLES, TABLES } from '../../server/src/database/tables';
import { countRows, refuses } from '../support/answers';
import { EDITOR, EVERYTHING, OPERATOR, boot, type App, type Person } from '../support/strapi';

/* What can stand in the body of a mailbox, tenant or grant (security, "Inputs that must fail well"). */

type Body = Record<string, unknown>;

let app: App;
let root: Person;
let ada: Person;
let mailbox: string;

beforeAll(async () => {
  app = await boot({ config: { mailboxLimit: 100 } });
  root = await app.person({ actions: EVERYTHING });
  ada = await app.person({ actions: EDITOR });
  mailbox = (await app.service('mailboxes').create({ email: 'news@club.example', name: 'News' }, { actor: OPERATOR }))
    .id;
});

afterAll(() => app.stop());

const STORED = [
  ...Object.values(CONTENT_TABLES),
  TABLES.secrets,
  TABLES.audit,
  TABLES.submissions,
  TABLES.confirmations,
];

let before: Record<string, number>;
beforeAll(async () => {
  before = await countRows(app, STORED);
});
afterEach(async () => {
  expect(await countRows(app, STORED)).toEqual(before);
});

describe('a mailbox that cannot be', () => {
  const create = (differs: Body) =>
    app.as(root).post('/mailboxes', { email: 'new@club.example', name: 'New', ...differs });
  const smtp = (differs: Body) => ({
    authenticated: true,
    smtp: { host: '93.184.216.34', port: 587, encryption: 'starttls', auth: 'none', ...differs },
  });

  it.each([
    'News <news@club.example>',
    '<a@club.example>',
    'Team: a@club.example;',
    'a@club.example, b@club.example',
    'a@club.example\n',
    'a@club.example\r\nBcc: evil@x.example',
    '"a b"@club.example',
    'a@[127.0.0.1]',
    'a@localhost',
    'a@127.0.0.1',
    'a@club.example.',
    '@club.example',
    'a@',
    'a\u202e@club.example',
    'a\u0000@club.example',
    'a@club\u3002example',
    `${'a'.repeat(65)}@club.example`,
    `a@${'b'.repeat(250)}.example`,
    '',
  ])('the address %j', async (email) => refuses(create({ email }), 400, 'INVALID_ADDRESS', 'email'));

  it.each([
    '',
    '   ',
    'ceo@corp.example',
    'CEO <ceo',
    'a\r\nBcc: x',
    'a\u202eb',
    'a\u200bb',
    'a\u0000b',
    '=?utf-8?q?a?=',
    '＠',
    'x'.repeat(256),
    '\ufb2c'.repeat(200),
  ])('the name %j', async (name) => refuses(create({ name }), 400, 'INVALID_NAME', 'name'));

  it.each<[string, Body, string]>([
    ...[
      '',
      'a b',
      'mail.club.example/x',
      'user@mail.club.example',
      'a\u0000',
      'a\r\nb',
      'http://mail.club.example',
      'x'.repeat(256),
      1,
      null,
      ['a'],
      { $ne: 1 },
    ].map((host): [string, Body, string] => [`the host ${JSON.stringify(host)}`, smtp({ host }), 'smtp.host']),
    ...[0, -1, 70_000, 1.5, '587', '587 ', null, [587], 1e21].map((port): [string, Body, string] => [
      `the port ${JSON.stringify(port)}`,
      smtp({ port }),
      'smtp.port',
    ]),
    ...['ssl', 'TLS', '', null, true].map((encryption): [string, Body, string] => [
      `the encryption ${JSON.stringify(encryption)}`,
      smtp({ encryption }),
      'smtp.encryption',
    ]),
    ...['oauth2', 'PASSWORD', '', null].map((auth): [string, Body, string] => [
      `the authentication ${JSON.stringify(auth)}`,
      smtp({ auth }),
      'smtp.auth',
    ]),
    ...['', 'a\r\nb', 'a\u0000b', 'x'.repeat(256), 1].map((username): [string, Body, string] => [
      `the login ${JSON.stringify(username)}`,
      smtp({ auth: 'password', username }),
      'smtp.username',
    ]),
    ...['', 'a\r\nQUIT', 'a\u0000b', 'x'.repeat(1025), 1, { $ne: 1 }].map((password): [string, Body, string] => [
      `the password ${JSON.stringify(password)}`,
      smtp({ auth: 'password', password }),
      'smtp.password',
    ]),
    ['settings without authentication', { smtp: smtp({}).smtp }, 'smtp'],
    ['authentication without settings', { authenticated: true }, 'smtp'],
    ['a flag that is text', { sender: 'true' }, 'sender'],
    ['a flag that is a number', { global: 1 }, 'global'],
    ['NUL in the signature', { signature: { html: 'a\u0000b' } }, 'signature.html'],
    ['a signature of 60 000 characters', { signature: { text: 'x'.repeat(60_000) } }, 'signature.text'],
    ['a limit of 0', { limits: { perMinute: 0 } }, 'limits.perMinute'],
    ['a limit beyond all numbers', { limits: { connections: 1e9 } }, 'limits.connections'],
    ['an operator as tenant', { tenant: { $ne: 1 } }, 'tenant'],
    ['NUL in the tenant', { tenant: 'a\u0000b' }, 'tenant'],
  ])('%s', async (_, differs, path) => refuses(create(differs), 400, 'INVALID_INPUT', path));

  it.each<[string, Body]>([
    ...[
      '169.254.169.254',
      'localhost',
      '127.1',
      '0x7f000001',
      '2130706433',
      '[::1]',
      '::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '10.0.0.1',
      '0.0.0.0',
      '100.64.0.1',
      'fe80::1',
      'fc00::1',
      '224.0.0.1',
      '2002:a00:1::',
      '192.168.1.1',
      '172.16.0.1',
    ].map((host): [string, Body] => [`the host ${host}`, smtp({ host, encryption: 'tls' })]),
    ...[22, 80, 443, 3306, 6379].map((port): [string, Body] => [`the port ${port}`, smtp({ port })]),
    ['no encryption', smtp({ encryption: 'none' })],
  ])('not allowed: %s', async (_, differs) => refuses(create(differs), 400, 'HOST_NOT_ALLOWED'));

  it.each([
    'hasPassword',
    'passwordSetAt',
    'id',
    'documentId',
    'emailKey',
    'globalKey',
    'state',
    'createdBy',
    'settingsVersion',
    'pausedBecause',
  ])('the unknown key %s', async (key) => {
    await refuses(create({ [key]: true }), 400, 'UNKNOWN_FIELD', key);
    await refuses(create(smtp({ [key]: true })), 400, 'UNKNOWN_FIELD', `smtp.${key}`);
    await refuses(app.as(root).put(`/mailboxes/${mailbox}`, { [key]: true }), 400, 'UNKNOWN_FIELD', key);
  });
});

describe('a tenant or a grant that cannot be', () => {
  it.each<[string, Body, string, string]>([
    ['an empty name', { name: ' ' }, 'INVALID_INPUT', 'name'],
    ['a name with NUL', { name: 'a\u0000b' }, 'INVALID_INPUT', 'name'],
    ['a name with a line break', { name: 'a\nb' }, 'INVALID_NAME', 'name'],
    ['a name that turns around', { name: 'a\u202eb' }, 'INVALID_NAME', 'name'],
    ['a name that grows beyond its column', { name: '\ufb2c'.repeat(200) }, 'INVALID_NAME', 'name'],
    ['a key with capitals', { key: 'Club' }, 'INVALID_INPUT', 'key'],
    ['a key with a line break', { key: 'club\n' }, 'INVALID_INPUT', 'key'],
    ['the key of another', { key: 'default' }, 'INVALID_INPUT', 'key'],
    ['members by name', { members: 'nobody' }, 'INVALID_INPUT', 'members'],
    ['members half', { members: { users: [] } }, 'INVALID_INPUT', 'members'],
    ['members unknown', { members: { users: [2_000_000_000], roles: [] } }, 'INVALID_INPUT', 'members'],
    ['members with an operator', { members: { users: [{ $ne: 0 }], roles: [] } }, 'INVALID_INPUT', 'members'],
    [
      'members with another key',
      { members: { users: [], roles: [], everyone: true } },
      'UNKNOWN_FIELD',
      'members.everyone',
    ],
    ['a negative limit', { mailboxLimit: -1 }, 'INVALID_INPUT', 'mailboxLimit'],
    ['an unlimited limit', { mailboxLimit: 100_001 }, 'INVALID_INPUT', 'mailboxLimit'],
    ['a domain with an @', { mailboxDomains: ['@club.example'] }, 'INVALID_INPUT', 'mailboxDomains'],
    ['a wildcard', { ownAddressDomains: ['*.club.example'] }, 'INVALID_INPUT', 'ownAddressDomains'],
    [
      'an override with a name in the address',
      { system: { email: 'A <a@b.example>' } },
      'INVALID_ADDRESS',
      'system.email',
    ],
    ['an override named as an address', { system: { name: 'ceo@corp.example' } }, 'INVALID_NAME', 'system.name'],
    ['a counter', { mailboxCount: 0 }, 'UNKNOWN_FIELD', 'mailboxCount'],
    ['a transport of its own', { system: { transport: {} } }, 'UNKNOWN_FIELD', 'system.transport'],
  ])('tenant: %s', async (_, differs, code, path) =>
    refuses(app.as(root).post('/tenants', { name: 'New', ...differs }), 400, code, path)
  );

  it.each<[string, () => Body, number, string]>([
    ['nobody', () => ({}), 400, 'INVALID_INPUT'],
    ['a user and a role', () => ({ user: ada.id, role: ada.roles[0] }), 400, 'INVALID_INPUT'],
    ['a user as text', () => ({ user: String(ada.id) }), 400, 'INVALID_INPUT'],
    ['an operator', () => ({ user: { $ne: 0 } }), 400, 'INVALID_INPUT'],
    ['user 0', () => ({ user: 0 }), 400, 'INVALID_INPUT'],
    ['a user beyond all integers', () => ({ user: 2 ** 31 }), 400, 'INVALID_INPUT'],
    ['an unknown user', () => ({ user: 2_000_000_000 }), 404, 'NOT_FOUND'],
    ['an unknown role', () => ({ role: 2_000_000_000 }), 404, 'NOT_FOUND'],
    ['another mailbox than in the path', () => ({ user: ada.id, mailbox: 'other' }), 400, 'INVALID_INPUT'],
    ['an end in the past', () => ({ user: ada.id, expiresAt: '2001-01-01T00:00:00Z' }), 400, 'INVALID_INPUT'],
    ['an end without a zone', () => ({ user: ada.id, expiresAt: '2101-01-01T00:00:00' }), 400, 'INVALID_INPUT'],
    ['an end that is no date', () => ({ user: ada.id, expiresAt: '2101-13-45T00:00:00Z' }), 400, 'INVALID_INPUT'],
    ['an end as number', () => ({ user: ada.id, expiresAt: 4_000_000_000_000 }), 400, 'INVALID_INPUT'],
    ['a date of its own', () => ({ user: ada.id, createdAt: '2001-01-01T00:00:00Z' }), 400, 'UNKNOWN_FIELD'],
  ])('grant to %s', async (_, differs, status, code) =>
    refuses(app.as(root).post(`/mailboxes/${mailbox}/grants`, differs()), status, code)
  );
});
