import { bootSite, type Site } from '../support/site';
import { MANAGER, OPERATOR, type Person } from '../support/strapi';

/* Grants (rules §2, contract "Services"). Carol manages them; every test has a mailbox of its own. */

type Body = Record<string, unknown>;

let app: Site, carol: Person, ada: Person;
let role: number;
let mailbox: string;

beforeAll(async () => {
  app = await bootSite();
  carol = await app.person({ actions: MANAGER });
  ada = await app.person();
  role = ada.roles[0] ?? 0;
});

beforeEach(async () => {
  mailbox = (await app.seeds.mailbox('default', { restricted: true })).id;
});

afterAll(() => app.stop());

const url = () => `/mailboxes/${mailbox}/grants`;
const add = (body: Body) => app.as(carol).post(url(), body);
const list = async () => (await app.as(carol).get(url()).expect(200)).body;

describe('a grant', () => {
  it('names one user or one role, and looks as the contract says', async () => {
    const toUser = (await add({ user: ada.id }).expect(201)).body.data;
    const toRole = (await add({ role, expiresAt: '2199-01-01T02:00:00+02:00' }).expect(201)).body.data;
    expect(toUser).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{24}$/),
      mailbox,
      user: ada.id,
      role: null,
      expiresAt: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(toRole).toMatchObject({ mailbox, user: null, role, expiresAt: '2199-01-01T00:00:00.000Z' });
    expect(await list()).toEqual({
      data: [toUser, toRole],
      meta: { pagination: { page: 1, pageSize: 25, pageCount: 1, total: 2 } },
    });
  });

  it.each<[string, () => Body]>([
    ['nobody', () => ({})],
    ['a user and a role', () => ({ user: ada.id, role })],
    ['a user by address', () => ({ user: ada.email })],
    ['a user by null', () => ({ user: null, role: null })],
    ['an end that has come', () => ({ user: ada.id, expiresAt: new Date().toISOString() })],
    ['an end without a zone', () => ({ user: ada.id, expiresAt: '2199-01-01T00:00:00' })],
    ['an end that is no time', () => ({ user: ada.id, expiresAt: 'tomorrow' })],
    ['another mailbox than the path', () => ({ user: ada.id, mailbox: 'another' })],
  ])('cannot name %s', async (_, body) => {
    const answer = await add(body());
    expect({ status: answer.status, code: answer.body.error.details.code }).toEqual({
      status: 400,
      code: 'INVALID_INPUT',
    });
    expect((await list()).data).toEqual([]);
  });

  it.each(['user', 'role'])('cannot name a %s who is not there', async (path) => {
    const { status, body } = await add({ [path]: 999_999 });
    expect({ status, details: body.error.details }).toEqual({ status: 404, details: { code: 'NOT_FOUND', path } });
  });

  it('replaces the existing grant for the same user or role', async () => {
    await add({ user: ada.id, expiresAt: '2199-01-01T00:00:00Z' }).expect(201);
    await add({ role }).expect(201);
    await add({ user: ada.id }).expect(201);
    await add({ role, expiresAt: '2199-01-01T00:00:00Z' }).expect(201);
    expect((await list()).data).toMatchObject([
      { user: ada.id, role: null, expiresAt: null },
      { user: null, role, expiresAt: '2199-01-01T00:00:00.000Z' },
    ]);
  });

  it('is created once by identical concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => add({ user: ada.id })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await list()).data).toHaveLength(1);
  });

  it('is deleted once by concurrent requests, with one event', async () => {
    const { id } = (await add({ user: ada.id }).expect(201)).body.data;
    const events: unknown[] = [];
    const stopListening = app.strapi.eventHub.on('mailboxes.grant.deleted', (payload: unknown) => {
      events.push(payload);
      return Promise.resolve();
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.as(carol).delete(`${url()}/${id}`)));
    stopListening();
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404]);
    expect(events).toEqual([{ id, mailbox, user: ada.id, role: null }]);
    await app.as(carol).delete(`${url()}/${id}`).expect(404);
  });

  it('is audited with the actors of its creation and deletion', async () => {
    const { id } = (await add({ user: ada.id }).expect(201)).body.data;
    await app.service('grants').delete(id, { actor: OPERATOR });
    const audit = await app.strapi.db
      .connection('mailboxes_audit')
      .where({ object: mailbox })
      .whereIn('action', ['grant.created', 'grant.deleted'])
      .orderBy('id')
      .select('action', 'actor_user', 'actor_system');
    expect(audit).toEqual([
      { action: 'grant.created', actor_user: carol.id, actor_system: null },
      { action: 'grant.deleted', actor_user: null, actor_system: 'operator' },
    ]);
  });
});

describe('the restriction of a mailbox', () => {
  it('is lifted with mailboxes.update alone, which adds no grant; the audit keeps it', async () => {
    const updater = await app.person({ actions: ['mailboxes.read', 'mailboxes.update'] });
    await app.as(updater).post(url(), { user: ada.id }).expect(403);
    await app.as(updater).put(`/mailboxes/${mailbox}`, { restricted: false }).expect(200);
    expect((await app.as(carol).get(`/mailboxes/${mailbox}`).expect(200)).body.data.restricted).toBe(false);
    const rows = await app.strapi.db
      .connection('mailboxes_audit')
      .where({ object: mailbox, actor_user: updater.id })
      .select('action', 'details');
    expect(rows).toEqual([{ action: 'mailbox.updated', details: expect.anything() }]);
    expect(JSON.stringify(rows)).toContain('restricted');
  });
});
