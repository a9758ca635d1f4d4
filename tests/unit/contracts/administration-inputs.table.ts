import type { RefusedInput } from './submission-inputs.table';

type Body = Record<string, unknown>;

/* Inputs of mailboxes, tenants and grants that have to fail well (security, "Inputs that must fail well"). */

/** Control characters and long texts as a title shows them. */
const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60);

/** Fields of a mailbox with SMTP settings of its own. */
export const withSmtp = (differs: Body = {}): Body => ({
  authenticated: true,
  smtp: { host: '93.184.216.34', port: 587, encryption: 'starttls', auth: 'none', ...differs },
});

const ADDRESSES: RefusedInput[] = [
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
].map((email): RefusedInput => [`the address ${shown(email)}`, { email }, 'INVALID_ADDRESS', 'email']);

const NAMES: RefusedInput[] = [
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
].map((name): RefusedInput => [`the name ${shown(name)}`, { name }, 'INVALID_NAME', 'name']);

type Row = [title: string, differs: Body, path: string];

const VALUES: RefusedInput[] = ([] as Row[])
  .concat([
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
    ].map((host): Row => [`the host ${shown(host)}`, withSmtp({ host }), 'smtp.host']),
    ...[0, -1, 70_000, 1.5, '587', '587 ', null, [587], 1e21].map((port): Row => [
      `the port ${shown(port)}`,
      withSmtp({ port }),
      'smtp.port',
    ]),
    ...['ssl', 'TLS', '', null, true].map((encryption): Row => [
      `the encryption ${shown(encryption)}`,
      withSmtp({ encryption }),
      'smtp.encryption',
    ]),
    ...['oauth2', 'PASSWORD', '', null].map((auth): Row => [
      `the authentication ${shown(auth)}`,
      withSmtp({ auth }),
      'smtp.auth',
    ]),
    ...['', 'a\r\nb', 'a\u0000b', 'x'.repeat(256), 1].map((username): Row => [
      `the login ${shown(username)}`,
      withSmtp({ auth: 'password', username }),
      'smtp.username',
    ]),
    ...['', 'a\r\nQUIT', 'a\u0000b', 'x'.repeat(1025), 1, { $ne: 1 }].map((password): Row => [
      `the password ${shown(password)}`,
      withSmtp({ auth: 'password', password }),
      'smtp.password',
    ]),
    ['a flag that is text', { sender: 'true' }, 'sender'],
    ['a flag that is a number', { global: 1 }, 'global'],
    ['NUL in the signature', { signature: { html: 'a\u0000b' } }, 'signature.html'],
    ['a signature of 60 000 characters', { signature: { text: 'x'.repeat(60_000) } }, 'signature.text'],
    ['a limit of 0', { limits: { perMinute: 0 } }, 'limits.perMinute'],
    ['a limit beyond all numbers', { limits: { connections: 1e9 } }, 'limits.connections'],
    ['an operator as tenant', { tenant: { $ne: 1 } }, 'tenant'],
    ['NUL in the tenant', { tenant: 'a\u0000b' }, 'tenant'],
  ])
  .map(([title, differs, path]): RefusedInput => [title, differs, 'INVALID_INPUT', path]);

const UNKNOWN_KEYS: RefusedInput[] = [
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
].flatMap((key): RefusedInput[] => [
  [`the unknown key ${key}`, { [key]: true }, 'UNKNOWN_FIELD', key],
  [`the unknown key smtp.${key}`, withSmtp({ [key]: true }), 'UNKNOWN_FIELD', `smtp.${key}`],
]);

/** Of a grant without a subject. */
export const REFUSED_GRANTS: readonly RefusedInput[] = [
  ['no subject', {}, 'INVALID_INPUT', 'user'],
  ['a user and a role', { user: 1, role: 2 }, 'INVALID_INPUT', 'user'],
  ['a user as text', { user: '1' }, 'INVALID_INPUT', 'user'],
  ['an operator', { user: { $ne: 0 } }, 'INVALID_INPUT', 'user'],
  ['user 0', { user: 0 }, 'INVALID_INPUT', 'user'],
  ['a user beyond all integers', { user: 2 ** 31 }, 'INVALID_INPUT', 'user'],
  ['an end in the past', { user: 1, expiresAt: '2001-01-01T00:00:00Z' }, 'INVALID_INPUT', 'expiresAt'],
  ['an end without a zone', { user: 1, expiresAt: '2101-01-01T00:00:00' }, 'INVALID_INPUT', 'expiresAt'],
  ['an end that is no date', { user: 1, expiresAt: '2101-13-45T00:00:00Z' }, 'INVALID_INPUT', 'expiresAt'],
  ['an end as number', { user: 1, expiresAt: 4_000_000_000_000 }, 'INVALID_INPUT', 'expiresAt'],
  ['a date of its own', { user: 1, createdAt: '2001-01-01T00:00:00Z' }, 'UNKNOWN_FIELD', 'createdAt'],
];

/** The second grant of a save has to fail as a grant alone does. */
const GRANTS: RefusedInput[] = REFUSED_GRANTS.map(([title, differs, code, path]): RefusedInput => [
  `a grant with ${title}`,
  { grants: { add: [{ user: 1 }, differs] } },
  code,
  `grants.add[1].${path}`,
]).concat(
  (
    [
      ['grants as a list', [], 'grants'],
      ['grants as null', null, 'grants'],
      ['grants as text', 'all', 'grants'],
      ['an object instead of the list', { add: { 0: { user: 1 } } }, 'grants.add'],
      ['null instead of the list', { remove: null }, 'grants.remove'],
      ['a number as grant', { add: [1] }, 'grants.add[0]'],
      ['null as grant', { add: [null] }, 'grants.add[0]'],
      ['a list as grant', { add: [[]] }, 'grants.add[0]'],
      ['101 grants', { add: Array(101).fill({ user: 1 }) }, 'grants.add'],
      ['10 000 grants', { add: Array(10_000).fill({ user: 1 }) }, 'grants.add'],
      ['20 000 grants without a subject', { add: Array(20_000).fill({}) }, 'grants.add'],
      ['10 000 ids', { remove: Array(10_000).fill('a') }, 'grants.remove'],
      ...[1, null, '', 'a\u0000', 'A', 'a b', '\u{1f600}', 'x'.repeat(256), { $ne: 1 }, ['a']].map(
        (id): [string, unknown, string] => [`the id ${shown(id)}`, { remove: ['a', id] }, 'grants.remove[1]']
      ),
    ] as [string, unknown, string][]
  ).map(([title, value, path]): RefusedInput => [title, { grants: value }, 'INVALID_INPUT', path]),
  [
    ['an unknown key of grants', { grants: { replace: [] } }, 'UNKNOWN_FIELD', 'grants.replace'],
    [
      'the mailbox of a grant',
      { grants: { add: [{ user: 1, mailbox: 'a' }] } },
      'UNKNOWN_FIELD',
      'grants.add[0].mailbox',
    ],
  ]
);

/** By the part of a mailbox that they are about. */
export const REFUSED_MAILBOXES: Readonly<Record<string, readonly RefusedInput[]>> = {
  address: ADDRESSES,
  name: NAMES,
  value: VALUES,
  'unknown key': UNKNOWN_KEYS,
  grants: GRANTS,
};

/** Of a tenant with a name. */
export const REFUSED_TENANTS: readonly RefusedInput[] = [
  ['an empty name', { name: ' ' }, 'INVALID_INPUT', 'name'],
  ['a name with NUL', { name: 'a\u0000b' }, 'INVALID_INPUT', 'name'],
  ['a name with a line break', { name: 'a\nb' }, 'INVALID_NAME', 'name'],
  ['a name with a right-to-left override', { name: 'a\u202eb' }, 'INVALID_NAME', 'name'],
  ['a name that grows beyond its column', { name: '\ufb2c'.repeat(200) }, 'INVALID_NAME', 'name'],
  ['a key with capitals', { key: 'Club' }, 'INVALID_INPUT', 'key'],
  ['a key with a line break', { key: 'club\n' }, 'INVALID_INPUT', 'key'],
  ['members by name', { members: 'nobody' }, 'INVALID_INPUT', 'members'],
  ['members half', { members: { users: [] } }, 'INVALID_INPUT', 'members'],
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
];
