import supertest from 'supertest';
import { letter } from '../support/letter';
import { bootSite, type Site } from '../support/site';
import { MANAGER, type Person } from '../support/strapi';
import { submittedAs, type PutState } from '../support/states';

const PASSWORD = 'correct horse';
const TOMORROW = new Date(Date.now() + 24 * 3_600_000).toISOString();

let app: Site, root: Person, manager: Person, ada: Person, ben: Person;
let mailbox: string, tenant: string, submission: string, draft: string;

beforeAll(async () => {
  app = await bootSite();
  root = await app.superAdmin();
  manager = await app.person({ actions: MANAGER });
  ada = await app.person();
  ben = await app.person();
  const smtp = { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'password', password: PASSWORD };
  const { id } = await app.seeds.mailbox('default', {
    restricted: true,
    authenticated: true,
    smtp,
    signature: { text: 'News' },
  });
  mailbox = id;
  for (const user of [ada.id, root.id]) await app.seeds.grant(mailbox, { user });
  tenant = (await app.seeds.tenant()).id;
  submission = (await app.as(root).post('/submissions', letter()).expect(202)).body.data.id;
  draft = (await app.as(root).post('/drafts', { subject: 'Hello' }).expect(201)).body.data.id;
});

afterAll(() => app.stop());

/** A submission of the super admin's, as if it had come that far. */
const inState = (state: PutState): Promise<string> => submittedAs(app, { type: 'user', id: root.id }, state);

const strapiApi = (path: string, { token }: Pick<Person, 'token'>) =>
  supertest(app.strapi.server.httpServer).get(path).set('Authorization', `Bearer ${token}`);

/** Every key anywhere in an answer. */
const keysIn = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);

const CREDENTIAL = /pass(?:word)?$|secret|token|hash|cipher/i;

describe('no answer has a place for a credential', () => {
  const ANSWERS: [string, () => PromiseLike<supertest.Response>][] = [
    ['me', () => app.as(root).get('/me')],
    ['identities', () => app.as(root).get('/identities')],
    ['a signature', () => app.as(root).get(`/identities/signature?from=mailbox:${mailbox}`)],
    ['whom the author wrote to', () => app.as(root).get('/recipients?q=reader')],
    ['a check', () => app.as(root).post('/identities/check', { from: 'system' })],
    ['the own address', () => app.as(root).post('/own-address/confirmation')],
    [
      'a new submission',
      () => app.as(root).post('/submissions', { from: 'system', to: ['a@b.example'], subject: '', text: 'x' }),
    ],
    [
      'a preview',
      () =>
        app
          .as(root)
          .post('/submissions/preview', { from: `mailbox:${mailbox}`, to: ['a@b.example'], subject: '', text: 'x' }),
    ],
    ['submissions', () => app.as(root).get('/submissions')],
    ['submissions by day', () => app.as(root).get('/submissions-by-day')],
    ['a submission', () => app.as(root).get(`/submissions/${submission}`)],
    ["a submission's timeline", () => app.as(root).get(`/submissions/${submission}/timeline`)],
    ['a canceled submission', async () => app.as(root).post(`/submissions/${await inState('queued')}/cancel`)],
    [
      'a submission for another day',
      async () => app.as(root).post(`/submissions/${await inState('held')}/reschedule`, { sendAt: TOMORROW }),
    ],
    ['a submission to be sent again', async () => app.as(root).post(`/submissions/${await inState('failed')}/retry`)],
    [
      'a submission to another address',
      async () => app.as(root).post(`/submissions/${await inState('failed')}/resend`, { to: ['a@b.example'] }),
    ],
    [
      'a settled submission',
      async () => app.as(root).post(`/submissions/${await inState('uncertain')}/settle`, { as: 'failed' }),
    ],
    ['a new draft', () => app.as(root).post('/drafts', { from: 'system', to: ['a@b.example'], subject: 'x' })],
    ['drafts', () => app.as(root).get('/drafts')],
    ['a draft', () => app.as(root).get(`/drafts/${draft}`)],
    ['a changed draft', () => app.as(root).put(`/drafts/${draft}`, { version: 1, subject: 'Changed' })],
    ['the overview', () => app.as(root).get('/overview')],
    ['mailboxes', () => app.as(root).get('/mailboxes')],
    ['a mailbox', () => app.as(root).get(`/mailboxes/${mailbox}`)],
    [
      'a new mailbox',
      () =>
        app.as(root).post('/mailboxes', {
          email: 'c@club.example',
          name: 'C',
          authenticated: true,
          smtp: { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'password', password: PASSWORD },
        }),
    ],
    ['a changed mailbox', () => app.as(root).put(`/mailboxes/${mailbox}`, { name: 'Changed' })],
    ['a connection test', () => app.as(root).post('/mailboxes/test', { mailbox })],
    ['who may use it', () => app.as(root).get(`/mailboxes/${mailbox}/who-may-use`)],
    ['grants', () => app.as(root).get(`/mailboxes/${mailbox}/grants`)],
    ['whom grants name', () => app.as(root).get(`/mailboxes/${mailbox}/grants/subjects`)],
    ['a new grant', () => app.as(root).post(`/mailboxes/${mailbox}/grants`, { user: ben.id })],
    ['users to pick', () => app.as(root).get('/pickers/users')],
    ['roles to pick', () => app.as(root).get('/pickers/roles')],
    ["a user's identities", () => app.as(root).get(`/users/${ada.id}/identities`)],
    ['tenants', () => app.as(root).get('/tenants')],
    ['a tenant', () => app.as(root).get(`/tenants/${tenant}`)],
    ["a tenant's members", () => app.as(root).get(`/tenants/${tenant}/members`)],
    ['a new tenant', () => app.as(root).post('/tenants', { name: 'New' })],
    ['what the guard says of itself', () => app.as(root).get('/guard')],
    ['what the guard found', () => app.as(root).get('/guard/findings')],
    ['a changed tenant', () => app.as(root).put(`/tenants/${tenant}`, { name: 'Changed' })],
  ];

  it.each(ANSWERS)('%s', async (_, request) => {
    const { status, body, text } = await request();
    expect([200, 201, 202]).toContain(status);
    expect(keysIn(body).filter((key) => CREDENTIAL.test(key) && key !== 'hasPassword')).toEqual([]);
    expect(text).not.toContain(PASSWORD);
  });

  it('covers every route that answers with data', () => {
    const { admin } = app.strapi.plugin('mailboxes').routes as unknown as Record<
      'admin',
      { routes: { handler: string }[] }
    >;
    // Deleting and forgetting answer nothing; redeeming a code answers as asking for it.
    expect(ANSWERS).toHaveLength(
      admin.routes.filter(({ handler }) => !/delete|forget|own-address.confirm/.test(handler)).length
    );
  });
});

describe("Strapi's content manager", () => {
  const OURS = ['tenant', 'mailbox', 'grant'].map((name) => `plugin::mailboxes.${name}`);
  const INTERNAL = [
    'secret',
    'secrets',
    'message',
    'draft',
    'drafts',
    'submission',
    'recipient',
    'attempt',
    'confirmation',
    'audit',
  ];

  it.each(OURS)('hides %s from every user', async (uid) => {
    for (const caller of [root, ada, manager])
      await strapiApi(`/content-manager/collection-types/${uid}`, caller).expect(403);
  });

  it.each(INTERNAL.flatMap((name) => [`plugin::mailboxes.${name}`, `mailboxes_${name}`]))(
    'has no content type %s',
    async (uid) => {
      const { status } = await strapiApi(`/content-manager/collection-types/${uid}`, root);
      expect([403, 404]).toContain(status);
      expect(app.strapi.contentTypes).not.toHaveProperty([uid]);
      expect(() => app.strapi.db.query(uid as never)).toThrow();
    }
  );

  it('names no field for a credential in its list of types', async () => {
    const { body } = await strapiApi('/content-manager/content-types', root).expect(200);
    const ours = (body.data as { uid: string; attributes: object }[]).filter(({ uid }) => OURS.includes(uid));
    expect(ours.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => CREDENTIAL.test(key))).toEqual([]);
  });

  it.each(['mailboxes', 'mailboxes/mailboxes', 'mailboxes/submissions'])(
    'has no content API at /api/%s',
    async (path) => {
      await strapiApi(`/api/${path}`, root).expect(404);
    }
  );
});
