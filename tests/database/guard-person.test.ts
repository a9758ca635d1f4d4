import supertest from 'supertest';
import { TABLES } from '../../server/src/database/tables';
import { adminToken } from '../support/admin-token';
import { emailService, guardedSite, letter, NEWS, SYSTEM, type GuardedSite } from '../support/guard';
import { EDITOR, OPERATOR, type Person } from '../support/strapi';

const PER_HOUR = 3;
const PER_MINUTE = 1000;

/** `POST /email` of the admin API: mail of the signed-in user. */
describe('mail of a user in mode enforce', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('enforce', {
      config: { limits: { perUserPerHour: PER_HOUR, perMailboxPerMinute: PER_MINUTE } },
    });
  });
  afterAll(() => site.stop());

  const knex = () => site.app.strapi.db.connection;
  const editor = () => site.app.person({ actions: EDITOR });
  const post = (person: Pick<Person, 'token'>, differs: Record<string, unknown> = {}) =>
    supertest(site.app.strapi.server.httpServer)
      .post('/email')
      .set('Authorization', `Bearer ${person.token}`)
      .send(letter(differs));
  const messageOf = async (person: Pick<Person, 'token'>, differs: Record<string, unknown> = {}) => {
    const { status, body } = await post(person, differs);
    return { status, message: body.error?.message };
  };
  const sentBy = async ({ id }: Person) => (await site.submissions()).filter(({ actor_user }) => actor_user === id);
  const defaultTenant = () => site.app.service('tenants').default();
  const sessions = () => site.strapiServer.accepted.length;

  it('is recorded with the user as actor, in the log and in the timeline', async () => {
    const ada = await editor();
    expect((await post(ada)).status).toBe(200);
    expect(await sentBy(ada)).toMatchObject([
      { state: 'submitted', actor_system: null, tenant: (await defaultTenant()).id, from_email: SYSTEM },
    ]);
    expect(site.strapiServer.accepted.at(-1)?.raw.toString()).not.toMatch(/^Auto-Submitted:/im);
    const { body } = await site.app.as(ada).get('/submissions').expect(200);
    expect(body.data).toMatchObject([{ subject: 'Hello', actor: { type: 'user', id: ada.id } }]);
    const timeline = await site.app.as(ada).get(`/submissions/${body.data[0].id}/timeline`).expect(200);
    expect(timeline.body.data.map(({ kind }: { kind: string }) => kind)).toEqual(['accepted', 'attempt']);
  });

  it("needs a mailbox of the user, not of the guard's actor", async () => {
    const ada = await editor();
    const { id } = await site.app
      .service('mailboxes')
      .create({ email: 'club@club.example', name: 'Club', restricted: true }, { actor: OPERATOR });
    expect((await post(ada, { from: 'club@club.example' })).status).toBe(400);
    await site.app.service('grants').create({ mailbox: id, user: ada.id }, { actor: OPERATOR });
    expect((await post(ada, { from: 'club@club.example' })).status).toBe(200);
    expect(site.strapiServer.accepted.at(-1)?.raw.toString()).toContain('From: Club <club@club.example>');
  });

  it('counts against the hourly limit of the user, also in parallel requests; mail of the site does not', async () => {
    const ada = await editor();
    const answers = await Promise.all(Array.from({ length: 10 }, () => messageOf(ada)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(PER_HOUR);
    expect(answers.filter(({ status }) => status !== 200)).toEqual(
      Array(7).fill({ status: 400, message: 'Too many requests. Wait a while.' })
    );
    expect(await sentBy(ada)).toHaveLength(PER_HOUR);
    const { text } = letter();
    await site.app
      .as(ada)
      .post('/submissions', { from: 'system', to: ['ada@reader.example'], subject: 'Hello', text })
      .expect(429);
    const before = sessions();
    await emailService(site.app).send(letter());
    expect(sessions()).toBe(before + 1);
  });

  it('counts against the minute limit of the mailbox; mail of the site does not wait for it', async () => {
    const [ada, ben] = [await editor(), await editor()];
    await knex()(TABLES.rates).where({ lane: 'system' }).delete();
    // A future slot, so that this minute does not end during the test.
    const slot = Math.floor(Date.now() / 1000) + 3600;
    await knex()(TABLES.rates).insert({ lane: 'system', slot, n: PER_MINUTE - 2 });
    try {
      expect((await post(ada)).status).toBe(200);
      expect((await post(ben)).status).toBe(200);
      expect(await messageOf(ben)).toEqual({ status: 400, message: 'Too many requests. Wait a while.' });
      const before = sessions();
      await emailService(site.app).send(letter());
      expect(sessions()).toBe(before + 1);
    } finally {
      await knex()(TABLES.rates).where({ lane: 'system' }).delete();
    }
  });

  it('is not sent as the site if the tenant hides the system mailbox from the user', async () => {
    const ada = await editor();
    const { id } = await defaultTenant();
    await site.app.service('tenants').update(id, { systemSender: 'when-nothing-else' }, { actor: OPERATOR });
    try {
      expect((await post(ada)).status).toBe(400);
      expect((await post(ada, { from: NEWS })).status).toBe(200);
      expect(await sentBy(ada)).toMatchObject([{ from_email: NEWS }]);
    } finally {
      await site.app.service('tenants').update(id, { systemSender: 'everyone' }, { actor: OPERATOR });
    }
  });

  it('is sent in the only tenant of the user, and rejected without one', async () => {
    const [ada, ben] = [await editor(), await editor()];
    const by = { actor: OPERATOR };
    const { id } = await defaultTenant();
    const blue = await site.app
      .service('tenants')
      .create({ name: 'Blue', members: { users: [ada.id], roles: [] }, system: { name: 'Blue' } }, by);
    await site.app.service('tenants').update(id, { members: { users: [], roles: [] } }, by);
    try {
      expect((await post(ada)).status).toBe(200);
      expect(await sentBy(ada)).toMatchObject([{ tenant: blue.id, from_name: 'Blue' }]);
      expect((await post(ben)).status).toBe(400);
      expect(await sentBy(ben)).toEqual([]);
    } finally {
      await site.app.service('tenants').update(id, { members: 'everyone' }, by);
    }
  });

  it('is rejected for an admin token', async () => {
    const ada = await editor();
    const before = sessions();
    expect((await post(await adminToken(site.app, ada, EDITOR))).status).toBe(400);
    expect(sessions()).toBe(before);
    expect((await site.findings()).map(({ verdict }) => verdict)).toContain('FORBIDDEN_TO_SEND');
  });
});
