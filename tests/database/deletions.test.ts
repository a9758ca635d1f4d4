import supertest from 'supertest';
import { bootSite, type Site } from '../support/site';
import { EDITOR, OPERATOR, type Person } from '../support/strapi';

jest.setTimeout(60_000);

/** Deleting a user, role, mailbox or tenant leaves nothing that names it (security 13). */
describe('deleting', () => {
  let app: Site, root: Person;
  let counter = 0;

  beforeAll(async () => {
    app = await bootSite();
    root = await app.superAdmin();
  });

  afterAll(() => app.stop());

  const strapiDelete = (url: string) =>
    supertest(app.strapi.server.httpServer).delete(`/admin${url}`).set('Authorization', `Bearer ${root.token}`);

  const rows = (table: string, where: Record<string, unknown>): Promise<unknown[]> =>
    app.strapi.db.connection(table).where(where);

  const count = async (table: string): Promise<number> => (await rows(table, {})).length;

  const addTenant = (members: { users: number[]; roles: number[] }) =>
    app.service('tenants').create({ name: `Tenant ${(counter += 1)}`, members }, { actor: OPERATOR });

  const addMailbox = (tenant?: string, input: Record<string, unknown> = {}) =>
    app
      .service('mailboxes')
      .create(
        { email: `info-${(counter += 1)}@club.example`, name: 'Info', restricted: true, tenant, ...input },
        { actor: OPERATOR }
      );

  const withPassword = {
    authenticated: true,
    smtp: { host: '127.0.0.1', port: 2525, encryption: 'none', auth: 'password', password: 'correct horse' },
  };

  /** Last choices are written when an editor sends from the admin panel. */
  const choose = async (person: Person, tenant: string, from: string, replyTo = 'system') =>
    app
      .as(person)
      .post('/submissions', { tenant, from, replyTo, to: ['reader@news.example'], subject: 'News', text: 'Hello' })
      .expect(202);

  const emptyLinks = async (): Promise<Record<string, number>> => {
    const tables = await app.strapi.db.dialect.schemaInspector.getTables();
    const left: Record<string, number> = {};
    for (const table of tables.filter((name) => /^mailboxes_tenants_member/.test(name))) {
      const column = table.includes('users') ? 'user_id' : 'role_id';
      const other = table.includes('users') ? 'admin_users' : 'admin_roles';
      left[table] = (
        await app.strapi.db
          .connection(`${table} as l`)
          .leftJoin(`${other} as o`, 'o.id', `l.${column}`)
          .leftJoin('mailboxes_tenants as t', 't.id', 'l.tenant_id')
          .where((where) => void where.whereNull('o.id').orWhereNull('t.id'))
          .select('l.id')
      ).length;
    }
    expect(Object.keys(left)).toHaveLength(2);
    return left;
  };

  describe.each([
    ['over the admin API', (id: number) => strapiDelete(`/users/${id}`).expect(200)],
    [
      'over the admin API, several at once',
      (id: number) =>
        supertest(app.strapi.server.httpServer)
          .post('/admin/users/batch-delete')
          .set('Authorization', `Bearer ${root.token}`)
          .send({ ids: [id] })
          .expect(200),
    ],
    ['by the query engine', (id: number) => app.strapi.db.query('admin::user').delete({ where: { id } })],
    ['by the query engine, many', (id: number) => app.strapi.db.query('admin::user').deleteMany({ where: { id } })],
  ])('a user, %s', (_, remove) => {
    it('leaves no grant, membership, confirmation or last choice, and its id is not used again', async () => {
      const ada = await app.person({ actions: EDITOR });
      const tenant = await addTenant({ users: [ada.id], roles: [] });
      const mailbox = await addMailbox(tenant.id);
      await app.service('grants').create({ mailbox: mailbox.id, user: ada.id }, { actor: OPERATOR });
      const another = await app.person({ actions: EDITOR });
      await app.service('grants').create({ mailbox: mailbox.id, user: another.id }, { actor: OPERATOR });
      await choose(ada, tenant.id, `mailbox:${mailbox.id}`);
      const grants = await count('mailboxes_grants');
      expect(await rows('mailboxes_last_choices', { user_id: ada.id })).toHaveLength(1);

      await remove(ada.id);

      expect(await count('mailboxes_grants')).toBe(grants - 1);
      expect(await app.service('grants').findMany({ actor: OPERATOR, mailbox: mailbox.id })).toMatchObject([
        { user: another.id },
      ]);
      expect(await rows('mailboxes_last_choices', { user_id: ada.id })).toEqual([]);
      expect(Object.values(await emptyLinks())).toEqual([0, 0]);
      expect((await app.service('tenants').findOne(tenant.id, { actor: OPERATOR }))?.members).toEqual({
        users: [],
        roles: [],
      });
      const next = await app.person({ actions: EDITOR });
      expect(next.id).toBeGreaterThan(ada.id);
      const list = await app.service('identities').listFor({ actor: { type: 'user', id: next.id } });
      expect(list.from.map(({ id }) => id)).toEqual(['system']);
    });

    it('leaves no confirmation', async () => {
      const ada = await app.person({ actions: EDITOR });
      await app.as(ada).post('/own-address/confirmation', {});
      expect(await rows('mailboxes_confirmations', { user_id: ada.id })).toHaveLength(1);
      await remove(ada.id);
      expect(await rows('mailboxes_confirmations', { user_id: ada.id })).toEqual([]);
    });
  });

  it.each([
    ['over the admin API', (id: number) => strapiDelete(`/roles/${id}`).expect(200)],
    ['by the query engine', (id: number) => app.strapi.db.query('admin::role').delete({ where: { id } })],
  ])('a role, %s, leaves no grant and no membership', async (_, remove) => {
    const role = await app.role(EDITOR);
    const tenant = await addTenant({ users: [], roles: [role] });
    const mailbox = await addMailbox(tenant.id);
    await app.service('grants').create({ mailbox: mailbox.id, role }, { actor: OPERATOR });
    await remove(role);
    expect(await rows('mailboxes_grants', { role_id: role })).toEqual([]);
    expect(await rows('mailboxes_grants', { user_id: null, role_id: null })).toEqual([]);
    expect(Object.values(await emptyLinks())).toEqual([0, 0]);
    expect(await app.role(EDITOR)).toBeGreaterThan(role);
  });

  it.each([
    ['by the service', (id: string) => app.service('mailboxes').delete(id, { actor: OPERATOR })],
    [
      'by the query engine',
      (id: string) => app.strapi.db.query('plugin::mailboxes.mailbox').delete({ where: { documentId: id } }),
    ],
    [
      'by the query engine, many',
      (id: string) => app.strapi.db.query('plugin::mailboxes.mailbox').deleteMany({ where: { documentId: id } }),
    ],
  ])('a mailbox, %s, leaves no grant, secret, pause or last choice', async (_, remove) => {
    const [ada, ben] = [await app.person({ actions: EDITOR }), await app.person({ actions: EDITOR })];
    const tenant = await addTenant({ users: [ada.id, ben.id], roles: [] });
    const mailbox = await addMailbox(tenant.id, withPassword);
    const kept = await addMailbox(tenant.id, withPassword);
    for (const { id } of [ada, ben])
      await app.service('grants').create({ mailbox: mailbox.id, user: id }, { actor: OPERATOR });
    await app.strapi.db.connection('mailboxes_transports').insert({ id: mailbox.id, paused_code: 'AUTH_FAILED' });
    const choice = { tenant: tenant.id, from_identity: `mailbox:${mailbox.id}`, reply_identity: null };
    await app.strapi.db.connection('mailboxes_last_choices').insert([
      { ...choice, user_id: ada.id },
      { ...choice, user_id: ben.id, from_identity: 'system', reply_identity: `mailbox:${mailbox.id}` },
    ]);

    await remove(mailbox.id);

    expect(await rows('mailboxes_secrets', { mailbox: mailbox.id })).toEqual([]);
    expect(await rows('mailboxes_secrets', { mailbox: kept.id })).toHaveLength(1);
    expect(await rows('mailboxes_transports', { id: mailbox.id })).toEqual([]);
    expect(await rows('mailboxes_grants', { mailbox_id: null })).toEqual([]);
    expect(await rows('mailboxes_last_choices', { tenant: tenant.id })).toEqual([
      { user_id: ben.id, tenant: tenant.id, from_identity: 'system', reply_identity: null },
    ]);
    const next = await addMailbox(tenant.id);
    expect(next.id).not.toBe(mailbox.id);
    expect(await app.service('grants').findMany({ actor: OPERATOR, mailbox: next.id })).toEqual([]);
  });

  it.each([
    ['by the service', (id: string) => app.service('tenants').delete(id, { actor: OPERATOR })],
    [
      'by the query engine',
      (id: string) => app.strapi.db.query('plugin::mailboxes.tenant').delete({ where: { documentId: id } }),
    ],
  ])('a tenant, %s, leaves no membership and no last choice', async (_, remove) => {
    const ada = await app.person({ actions: EDITOR });
    const tenant = await addTenant({ users: [ada.id], roles: ada.roles });
    const { body } = await choose(ada, tenant.id, 'system');
    await app.service('submissions').whenSettled(body.data.id, { actor: { type: 'user', id: ada.id } });
    expect(await rows('mailboxes_last_choices', { tenant: tenant.id })).toHaveLength(1);
    await remove(tenant.id);
    expect(await rows('mailboxes_last_choices', { tenant: tenant.id })).toEqual([]);
    expect(Object.values(await emptyLinks())).toEqual([0, 0]);
    const again = await addTenant({ users: [], roles: [] });
    expect(again.id).not.toBe(tenant.id);
  });

  it('a tenant that owns mailboxes cannot be deleted', async () => {
    const tenant = await addTenant({ users: [], roles: [] });
    await addMailbox(tenant.id);
    await expect(app.service('tenants').delete(tenant.id, { actor: OPERATOR })).rejects.toMatchObject({
      details: { code: 'TENANT_IN_USE' },
    });
  });
});
