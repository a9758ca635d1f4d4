import { countRows, refuses, STORED, staysUnchanged } from '../support/answers';
import { siteOfOneMailbox } from '../support/site';
import type { App, Person } from '../support/strapi';
import {
  REFUSED_GRANTS,
  REFUSED_MAILBOXES,
  REFUSED_TENANTS,
  withSmtp,
} from '../unit/contracts/administration-inputs.table';
import type { RefusedInput } from '../unit/contracts/submission-inputs.table';

/* Bodies of mailboxes, tenants and grants that have to fail well (security, "Inputs that must fail well"). */

type Body = Record<string, unknown>;

let app: App, root: Person, ada: Person, mailbox: string;

beforeAll(async () => {
  ({ app, root, ada, mailbox } = await siteOfOneMailbox());
});

afterAll(() => app.stop());

staysUnchanged(() => countRows(app, STORED));

/** A text that PostgreSQL does not store. */
const holdsNul = (differs: Body): boolean => JSON.stringify(differs).includes('\\u0000');
/** The first row, and each with a NUL: the schema itself is tested without HTTP. */
const overHttp = (rows: readonly RefusedInput[]): RefusedInput[] =>
  rows.filter(([, differs], index) => index === 0 || holdsNul(differs));

describe('mailboxes', () => {
  const createMailbox = (differs: Body) =>
    app.as(root).post('/mailboxes', { email: 'new@club.example', name: 'New', ...differs });
  const rows = Object.values(REFUSED_MAILBOXES).flatMap(overHttp);

  it.each(rows)('POST /mailboxes rejects %s', (_title, differs, code, path) =>
    refuses(createMailbox(differs), 400, code, path)
  );

  it.each(rows)('PUT /mailboxes/:id rejects %s', (_title, differs, code, path) =>
    refuses(app.as(root).put(`/mailboxes/${mailbox}`, differs), 400, code, path)
  );

  it.each<[string, Body]>([
    ['settings without authentication', { smtp: withSmtp().smtp }],
    ['authentication without settings', { authenticated: true }],
  ])('POST /mailboxes rejects %s', (_title, differs) => refuses(createMailbox(differs), 400, 'INVALID_INPUT', 'smtp'));

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
    ].map((host): [string, Body] => [`the host ${host}`, withSmtp({ host, encryption: 'tls' })]),
    ...[22, 80, 443, 3306, 6379].map((port): [string, Body] => [`the port ${port}`, withSmtp({ port })]),
    ['no encryption', withSmtp({ encryption: 'none' })],
  ])('rejects %s with HOST_NOT_ALLOWED', async (_, differs) =>
    refuses(createMailbox(differs), 400, 'HOST_NOT_ALLOWED')
  );
});

describe('tenants', () => {
  it.each<RefusedInput>([
    ...overHttp(REFUSED_TENANTS),
    ['the key of another tenant', { key: 'default' }, 'INVALID_INPUT', 'key'],
    ['an unknown user as member', { members: { users: [2_000_000_000], roles: [] } }, 'INVALID_INPUT', 'members'],
  ])('POST /tenants rejects %s', (_title, differs, code, path) =>
    refuses(app.as(root).post('/tenants', { name: 'New', ...differs }), 400, code, path)
  );
});

describe('grants', () => {
  const grant = (differs: Body) => app.as(root).post(`/mailboxes/${mailbox}/grants`, differs);

  it.each(overHttp(REFUSED_GRANTS))('POST /mailboxes/:id/grants rejects %s', (_title, differs, code, path) =>
    refuses(grant(differs), 400, code, path)
  );

  it.each(['user', 'role'])('POST /mailboxes/:id/grants answers 404 for an unknown %s', (subject) =>
    refuses(grant({ [subject]: 2_000_000_000 }), 404, 'NOT_FOUND')
  );

  it('POST /mailboxes/:id/grants rejects another mailbox than that of the path', () =>
    refuses(grant({ user: ada.id, mailbox: 'other' }), 400, 'INVALID_INPUT'));
});
