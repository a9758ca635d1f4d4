import { bootSite, idsOf, listOf, offersOf, type Site } from '../support/site';
import { EVERYTHING, OPERATOR, type Person } from '../support/strapi';

/* Identities that each user is offered (rules §2, §3). Every test has a tenant of its own, open to everyone. */

let app: Site, ada: Person, ben: Person, root: Person;

beforeAll(async () => {
  app = await bootSite();
  ada = await app.person({ firstname: 'Ada' });
  ben = await app.person({ firstname: 'Ben' });
  root = await app.superAdmin();
});

afterAll(() => app.stop());

const restricted = async () => {
  const { id: tenant } = await app.seeds.tenant();
  const { id: mailbox } = await app.seeds.mailbox(tenant, { restricted: true });
  return { tenant, mailbox, entry: `mailbox:${mailbox}` as const };
};
const post = (person: Person, tenant: string, from: string, differs = {}) =>
  app.as(person).post('/submissions', {
    tenant,
    from,
    to: ['reader@news.example'],
    subject: 'News',
    text: 'Hello',
    ...differs,
  });

describe('an identity has the shape of the contract', () => {
  it('of the system mailbox, and of a mailbox with and without its own SMTP settings', async () => {
    const { id: tenant } = await app.seeds.tenant();
    const plain = await app.seeds.mailbox(tenant, { email: 'Plain@Club.example', name: 'A plain one' });
    const own = await app.seeds.mailbox(tenant, {
      email: 'own@club.example',
      name: 'Own server',
      authenticated: true,
      smtp: { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'password' },
    });
    const system = { kind: 'system', email: 'system@site.example' };
    const plainEntry = {
      id: `mailbox:${plain.id}`,
      name: 'A plain one',
      email: 'Plain@Club.example',
      source: 'mailbox',
      global: false,
      transport: system,
      because: ['open'],
      paused: null,
    };
    const ownEntry = {
      ...plainEntry,
      id: `mailbox:${own.id}`,
      name: 'Own server',
      email: 'own@club.example',
      transport: { kind: 'mailbox', mailbox: own.id, name: 'Own server', email: 'own@club.example' },
      paused: { code: 'SECRET_REQUIRED', message: expect.any(String) },
    };
    const systemEntry = {
      id: 'system',
      name: 'Site',
      email: 'system@site.example',
      source: 'system',
      global: false,
      transport: system,
      because: ['system'],
      paused: null,
    };
    expect(await listOf(app, ada, tenant)).toEqual({
      from: [plainEntry, ownEntry, systemEntry],
      replyTo: [plainEntry, ownEntry, systemEntry],
      unavailable: [],
      // The one sends from another domain than its own, the other waits for its password.
      preselected: { from: 'system', replyTo: null },
    });
  });

  it('is the same over HTTP and from the service, with id or key of the tenant', async () => {
    const { id, key } = await app.seeds.tenant();
    await app.seeds.mailbox(id);
    const list = await app.service('identities').listFor({ actor: { type: 'user', id: ada.id }, tenant: key });
    expect(await listOf(app, ada, id)).toEqual(list);
  });
});

describe('the flags of a mailbox', () => {
  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('Sender %s and Reply %s say which list it is in', async (sender, reply) => {
    const { id: tenant } = await app.seeds.tenant();
    const { id } = await app.seeds.mailbox(tenant, { sender, reply });
    const entry = `mailbox:${id}`;
    expect(await offersOf(app, ada, tenant)).toEqual({
      from: [...(sender ? [entry] : []), 'system'],
      replyTo: [...(reply ? [entry] : []), 'system'],
    });
  });

  it('a disabled mailbox is unavailable with MAILBOX_DISABLED', async () => {
    const { id: tenant } = await app.seeds.tenant();
    const { id } = await app.seeds.mailbox(tenant, { enabled: false, reply: false });
    const { from, unavailable } = await listOf(app, ada, tenant);
    expect(idsOf(from)).toEqual(['system']);
    expect(unavailable).toMatchObject([
      { identity: { id: `mailbox:${id}` }, list: 'from', code: 'MAILBOX_DISABLED', message: expect.any(String) },
    ]);
  });

  it('a global mailbox is offered in every tenant, another one only in its own', async () => {
    const { id: home } = await app.seeds.tenant();
    const { id: away } = await app.seeds.tenant();
    await app.seeds.mailbox(home);
    const { id } = await app.seeds.mailbox(home, { global: true });
    const { from } = await listOf(app, ada, away);
    expect(from.filter(({ source }) => source === 'mailbox')).toMatchObject([{ id: `mailbox:${id}`, global: true }]);
    await app.service('mailboxes').update(id, { global: false }, { actor: OPERATOR });
    expect((await offersOf(app, ada, away)).from).toEqual(['system']);
  });

  it.each([
    ['disabled', { enabled: false }],
    ['restricted', { restricted: true }],
    ['in no list', { sender: false, reply: false }],
  ])("a tenant's own mailbox hides a global one of the same address even when it is %s", async (_, differs) => {
    const { id: home } = await app.seeds.tenant();
    const { id: away } = await app.seeds.tenant();
    const { id, email } = await app.seeds.mailbox(home, { global: true });
    await app.seeds.mailbox(away, { email: email.toUpperCase(), ...differs });
    expect(await offersOf(app, ada, away)).toEqual({ from: ['system'], replyTo: ['system'] });
    expect((await post(ada, away, `mailbox:${id}`)).body.error.details.code).toBe('FORBIDDEN_FROM');
    await app.service('mailboxes').delete(id, { actor: OPERATOR });
  });

  it('the list is ordered by lower-cased name, then by address, and System stands last', async () => {
    const { id: tenant } = await app.seeds.tenant();
    for (const [name, email] of [
      ['beta', 'x@order.example'],
      ['Alpha', 'z@order.example'],
      ['alpha', 'y@order.example'],
      ['Gamma', 'a@order.example'],
    ])
      await app.seeds.mailbox(tenant, { name, email });
    const { from } = await listOf(app, ada, tenant);
    expect(from.map(({ email }) => email)).toEqual([
      'y@order.example',
      'z@order.example',
      'x@order.example',
      'a@order.example',
      'system@site.example',
    ]);
  });
});

describe('a restricted mailbox', () => {
  it('is offered to no user without a grant, not even to a super admin', async () => {
    const { tenant, entry } = await restricted();
    for (const person of [ada, root]) {
      expect(await offersOf(app, person, tenant)).toEqual({ from: ['system'], replyTo: ['system'] });
      expect((await post(person, tenant, entry)).body.error).toMatchObject({
        status: 403,
        details: { code: 'FORBIDDEN_FROM' },
      });
    }
  });

  it('is offered by a grant to the user, to a role of the user, or both, and says why', async () => {
    const { tenant, mailbox } = await restricted();
    const [role = 0] = ben.roles;
    await app.seeds.grant(mailbox, { user: ada.id });
    await app.seeds.grant(mailbox, { role });
    const because = async (person: Person) => (await listOf(app, person, tenant)).from[0]?.because;
    expect(await because(ada)).toEqual(['user-grant']);
    expect(await because(ben)).toEqual([`role-grant:${role}`]);
    await app.seeds.grant(mailbox, { user: ben.id });
    expect(await because(ben)).toEqual(['user-grant', `role-grant:${role}`]);
    expect(await because(root)).toEqual(['system']);
  });

  it('is offered on the next request after a grant, and not on the next after its deletion', async () => {
    const { tenant, mailbox, entry } = await restricted();
    const { id } = await app.seeds.grant(mailbox, { user: ada.id });
    expect((await offersOf(app, ada, tenant)).from).toEqual([entry, 'system']);
    await app.service('grants').delete(id, { actor: OPERATOR });
    expect((await offersOf(app, ada, tenant)).from).toEqual(['system']);
    expect((await post(ada, tenant, entry)).status).toBe(403);
  });

  it('is not offered on the next request after the user loses the granted role', async () => {
    const { tenant, mailbox, entry } = await restricted();
    const role = await app.role([]);
    const cleo = await app.person({ roles: [role, ...ada.roles] });
    await app.seeds.grant(mailbox, { role });
    expect((await offersOf(app, cleo, tenant)).from).toEqual([entry, 'system']);
    await app.strapi.db.query('admin::user').update({ where: { id: cleo.id }, data: { roles: ada.roles } });
    expect((await offersOf(app, cleo, tenant)).from).toEqual(['system']);
  });

  it('is offered while the grant lasts, and not from its end on', async () => {
    const { tenant, mailbox, entry } = await restricted();
    const { id } = await app.seeds.grant(mailbox, { user: ada.id, expiresAt: '2199-01-01T00:00:00Z' });
    expect((await offersOf(app, ada, tenant)).from).toEqual([entry, 'system']);
    await app.strapi.db.connection('mailboxes_grants').where({ document_id: id }).update({ expires_at: Date.now() });
    expect((await offersOf(app, ada, tenant)).from).toEqual(['system']);
  });
});

describe('the system mailbox', () => {
  it('is offered only in a list without other identities, with systemSender when-nothing-else', async () => {
    const { id: tenant } = await app.seeds.tenant({ systemSender: 'when-nothing-else' });
    expect(await offersOf(app, ada, tenant)).toEqual({ from: ['system'], replyTo: ['system'] });
    const { id } = await app.seeds.mailbox(tenant, { reply: false });
    expect(await offersOf(app, ada, tenant)).toEqual({ from: [`mailbox:${id}`], replyTo: ['system'] });
    expect((await post(ada, tenant, 'system')).body.error.details.code).toBe('FORBIDDEN_FROM');
    await app.service('mailboxes').update(id, { enabled: false }, { actor: OPERATOR });
    expect((await offersOf(app, ada, tenant)).from).toEqual(['system']);
  });

  it.each([
    ['nothing', null, 'Site', 'system@site.example'],
    ['the name', { name: 'Club' }, 'Club', 'system@site.example'],
    ['the address', { email: 'office@club.example' }, 'Site', 'office@club.example'],
    ['both', { name: 'Club', email: 'office@club.example' }, 'Club', 'office@club.example'],
  ])('carries %s of the tenant, and leaves from its own address', async (_, system, name, email) => {
    const { id: tenant } = await app.seeds.tenant({ system });
    expect((await listOf(app, ada, tenant)).from).toMatchObject([
      { id: 'system', name, email, transport: { kind: 'system', email: 'system@site.example' } },
    ]);
    app.mailServer.reset();
    const { body } = await post(ada, tenant, 'system').expect(202);
    await app.service('submissions').whenSettled(body.data.id, { actor: { type: 'user', id: ada.id } });
    const [message] = await app.mailServer.waitForMessages(1);
    const [mail] = await app.mailServer.parsed();
    expect(message?.envelope.from).toBe('system@site.example');
    expect(mail?.from?.text).toBe(`"${name}" <${email}>`);
    expect(mail?.headers.has('sender')).toBe(email !== 'system@site.example');
  });
});

describe('the decision for a user with other permissions', () => {
  it('refuses a user with every permission except Send', async () => {
    const person = await app.person({ actions: EVERYTHING.filter((action) => action !== 'communication.send') });
    const actor = { type: 'user', id: person.id } as const;
    const identities = app.service('identities');
    await expect(identities.listFor({ actor })).rejects.toMatchObject({ details: { code: 'FORBIDDEN_TO_SEND' } });
    expect(await identities.check({ actor, from: 'system' })).toMatchObject({ code: 'FORBIDDEN_TO_SEND' });
  });

  it('refuses a non-member with TENANT_MISMATCH, super admins included', async () => {
    const { id: tenant } = await app.seeds.tenant({ members: { users: [ben.id], roles: [] } });
    for (const person of [ada, root]) {
      const { status, body } = await app.as(person).get(`/identities?tenant=${tenant}`);
      expect({ status, code: body.error.details.code }).toEqual({ status: 403, code: 'TENANT_MISMATCH' });
    }
    expect((await offersOf(app, ben, tenant)).from).toEqual(['system']);
  });
});
