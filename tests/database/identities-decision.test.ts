import { bootSite, idsOf, listOf, offersOf, type Site } from '../support/site';
import { actorOf, EDITOR, OPERATOR, type Person } from '../support/strapi';

/* The decision itself (rules §2, §8): actors, `check`, preselection, and system actors. */

let app: Site, ada: Person;

beforeAll(async () => {
  const systemActors = {
    newsletter: { mailboxes: ['Listed@Club.example'], tenant: 'machines' },
    everything: { mailboxes: 'all', tenant: 'machines' },
    plain: { mailboxes: [] },
  };
  app = await bootSite({ config: { systemActors } });
  ada = await app.person();
});

afterAll(() => app.stop());

const asSystem = (name: string) => ({ type: 'system', name }) as const;
const check = (person: Person, body: Record<string, unknown>) => app.as(person).post('/identities/check', body);
const message = (tenant: string, from: string, replyTo?: string) => ({
  tenant,
  from,
  ...(replyTo === undefined ? {} : { replyTo }),
  to: ['reader@news.example'],
  subject: 'News',
  text: 'Hello',
});

describe('the decision about the user', () => {
  const users = () => app.strapi.db.query('admin::user');
  const codeFor = async (id: number) => {
    const decision = await app.service('identities').check({ actor: { type: 'user', id }, from: 'system' });
    return decision.allowed ? 'allowed' : decision.code;
  };

  it.each([
    ['not active', { isActive: false }],
    ['blocked', { blocked: true }],
    ['without a role', { roles: [] }],
  ])('refuses a user who is %s, from the next request on', async (_, data) => {
    const { id } = await app.person();
    expect(await codeFor(id)).toBe('allowed');
    await users().update({ where: { id }, data });
    expect(await codeFor(id)).toBe('FORBIDDEN_TO_SEND');
  });

  it('refuses a deleted user', async () => {
    const { id } = await app.person();
    await users().delete({ where: { id } });
    expect(await codeFor(id)).toBe('FORBIDDEN_TO_SEND');
  });

  it('refuses a user whose role lost Send', async () => {
    const { id, roles } = await app.person();
    await app.strapi.db.query('admin::permission').deleteMany({ where: { role: { id: roles[0] } } });
    expect(await codeFor(id)).toBe('FORBIDDEN_TO_SEND');
  });

  it.each([
    [false, 'FORBIDDEN_TO_SEND'],
    [true, 'allowed'],
  ])('decides by the condition of the permission: %s gives %s', async (holds, code) => {
    const { conditionProvider } = app.strapi.service('admin::permission') as unknown as {
      conditionProvider: { register: (condition: object) => Promise<void> };
    };
    const name = `says-${holds}`;
    // Strapi takes conditions only while it loads; a plugin of the site would have registered this one then.
    app.strapi.isLoaded = false;
    await conditionProvider.register({ name, displayName: name, plugin: 'mailboxes', handler: () => holds });
    app.strapi.isLoaded = true;
    const person = await app.person();
    const permissions = app.strapi.db.query('admin::permission');
    const { id } = await permissions.findOne({ where: { role: { id: person.roles[0] } } });
    await permissions.update({ where: { id }, data: { conditions: [`plugin::mailboxes.${name}`] } });
    expect(await codeFor(person.id)).toBe(code);
    expect((await app.as(person).get('/identities')).status).toBe(holds ? 200 : 403);
  });
});

describe('check', () => {
  let tenant: string, open: string, hidden: string;

  beforeAll(async () => {
    tenant = (await app.seeds.tenant()).id;
    open = (await app.seeds.mailbox(tenant)).id;
    hidden = (await app.seeds.mailbox(tenant, { restricted: true })).id;
  });

  it('answers with both identities', async () => {
    const { body } = await check(ada, { tenant, from: `mailbox:${open}`, replyTo: 'system' }).expect(200);
    const { from, replyTo } = await listOf(app, ada, tenant);
    expect(body.data).toEqual({ allowed: true, from: from[0], replyTo: replyTo.at(-1) });
  });

  it('answers without a Reply-To with null', async () => {
    const { body } = await check(ada, { tenant, from: 'system' }).expect(200);
    expect(body.data).toMatchObject({ allowed: true, replyTo: null });
  });

  it.each<[string, () => Record<string, unknown>, string]>([
    ['a restricted From', () => ({ from: `mailbox:${hidden}` }), 'FORBIDDEN_FROM'],
    ['an unknown From', () => ({ from: 'mailbox:unknown' }), 'FORBIDDEN_FROM'],
    ['an own address that is off', () => ({ from: 'own' }), 'FORBIDDEN_FROM'],
    ['a restricted Reply-To', () => ({ from: 'system', replyTo: `mailbox:${hidden}` }), 'FORBIDDEN_REPLY_TO'],
    ['both', () => ({ from: `mailbox:${hidden}`, replyTo: `mailbox:${hidden}` }), 'FORBIDDEN_FROM'],
    ['an unknown tenant', () => ({ from: 'system', tenant: 'nowhere' }), 'TENANT_MISMATCH'],
  ])('answers 200 and a refusal for %s', async (_, differs, code) => {
    const { body } = await check(ada, { tenant, ...differs() }).expect(200);
    expect(body.data).toEqual({ allowed: false, code, message: expect.any(String) });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['nobody', { actor: actorOf({ id: 999_999 }) }, 'FORBIDDEN_TO_SEND'],
    ['an id that is none', { actor: actorOf({ id: -1 }) }, 'FORBIDDEN_TO_SEND'],
    ['an unknown system actor', { actor: asSystem('unknown') }, 'FORBIDDEN_TO_SEND'],
    ['a system actor named like a property', { actor: asSystem('constructor') }, 'FORBIDDEN_TO_SEND'],
    ['the operator', { actor: asSystem('operator') }, 'FORBIDDEN_TO_SEND'],
    ['an unknown tenant', { tenant: 'nowhere' }, 'TENANT_MISMATCH'],
    ['an empty tenant', { tenant: '' }, 'TENANT_MISMATCH'],
    ['an id that is no id', { from: 'ceo@corp.example' }, 'FORBIDDEN_FROM'],
    ['a Reply-To that is no id', { replyTo: "'; DROP TABLE" }, 'FORBIDDEN_REPLY_TO'],
  ])('as a service never throws: %s', async (_, differs, code) => {
    const question = { actor: actorOf(ada), from: 'system', ...differs } as never;
    expect(await app.service('identities').check(question)).toEqual({
      allowed: false,
      code,
      message: expect.any(String),
    });
  });
});

describe('preselected', () => {
  let tenant: string, first: string, second: string;

  beforeAll(async () => {
    tenant = (await app.seeds.tenant()).id;
    // Of the domain that the system mailbox sends for.
    first = `mailbox:${(await app.seeds.mailbox(tenant, { name: 'A', email: 'a@site.example' })).id}`;
    second = `mailbox:${(await app.seeds.mailbox(tenant, { name: 'B', email: 'b@site.example' })).id}`;
  });
  const post = (from: string, replyTo: string) => app.as(ada).post('/submissions', message(tenant, from, replyTo));
  const preselected = async () => (await listOf(app, ada, tenant)).preselected;

  it('is the first mailbox and no Reply-To at first', async () => {
    expect(await preselected()).toEqual({ from: first, replyTo: null });
  });

  it('is not changed by a submission of the service for the user', async () => {
    await app
      .service('submissions')
      .submit({ ...message(tenant, second, second), actor: actorOf(ada), from: second as never, replyTo: undefined });
    expect(await preselected()).toEqual({ from: first, replyTo: null });
  });

  it('is the last choice of an accepted submission from the page', async () => {
    await post(second, 'system').expect(202);
    expect(await preselected()).toEqual({ from: second, replyTo: 'system' });
  });

  it('is not changed by a refused submission', async () => {
    await post(first, 'own').expect(403);
    expect(await preselected()).toEqual({ from: second, replyTo: 'system' });
  });

  it('is of this user in this tenant', async () => {
    const { id: elsewhere } = await app.seeds.tenant();
    expect((await listOf(app, ada, elsewhere)).preselected).toEqual({ from: 'system', replyTo: null });
    expect((await listOf(app, await app.person(), tenant)).preselected).toEqual({ from: first, replyTo: null });
  });

  it('is never a mailbox of another tenant while the tenant has its own', async () => {
    const { id: elsewhere } = await app.seeds.tenant();
    const global = await app.seeds.mailbox(elsewhere, { name: '0', email: 'academy@site.example', global: true });
    const newcomer = await app.person();
    const list = await listOf(app, newcomer, tenant);
    expect(list.from.map(({ name }) => name)).toEqual(['0', 'A', 'B', 'Site']);
    expect(list.preselected).toEqual({ from: first, replyTo: null });
    // The tests below count what every tenant is offered.
    await app.service('mailboxes').delete(global.id, { actor: OPERATOR });
  });

  it('falls back when the last choice is not offered any more', async () => {
    await app.service('mailboxes').update(second.slice('mailbox:'.length), { sender: false }, { actor: OPERATOR });
    expect(await preselected()).toEqual({ from: first, replyTo: 'system' });
  });
});

describe('a system actor', () => {
  let tenant: string;
  let listed: string;
  let unlisted: string;
  const list = (name: string, named?: string) =>
    app.service('identities').listFor({ actor: asSystem(name), tenant: named });

  beforeAll(async () => {
    tenant = (await app.seeds.tenant({ key: 'machines', ownAddress: 'sender-and-reply-to' })).id;
    listed = `mailbox:${(await app.seeds.mailbox(tenant, { email: 'listed@club.example', name: 'A', restricted: true })).id}`;
    unlisted = `mailbox:${(await app.seeds.mailbox(tenant, { name: 'B' })).id}`;
  });

  it('is offered the addresses that its configuration lists, restricted or not, and nothing else', async () => {
    const { from, replyTo, preselected } = await list('newsletter', tenant);
    expect(idsOf(from)).toEqual([listed, 'system']);
    expect(idsOf(replyTo)).toEqual([listed, 'system']);
    expect(from[0]?.because).toEqual(['system-actor']);
    expect(preselected).toEqual({ from: 'system', replyTo: null });
  });

  it("is offered every mailbox of its tenant with 'all'", async () => {
    expect(idsOf((await list('everything', 'machines')).from)).toEqual([listed, unlisted, 'system']);
  });

  it('means its own tenant when it names none, even where another is the default', async () => {
    expect(idsOf((await list('newsletter')).from)).toEqual([listed, 'system']);
    expect(idsOf((await list('plain')).from)).toEqual(['system']);
  });

  it.each(['newsletter', 'everything'])('%s acts in no other tenant', async (name) => {
    await expect(list(name, 'default')).rejects.toMatchObject({ status: 403, details: { code: 'TENANT_MISMATCH' } });
  });

  it.each(['operator', 'unknown', 'toString'])('named %s never acts', async (name) => {
    await expect(list(name)).rejects.toMatchObject({ details: { code: 'FORBIDDEN_TO_SEND' } });
    await expect(
      app.service('submissions').submit({ ...message('default', 'system'), actor: asSystem(name) } as never)
    ).rejects.toMatchObject({ details: { code: 'FORBIDDEN_TO_SEND' } });
  });

  it('sends from a listed address, and not from another one', async () => {
    const submit = (from: string) =>
      app.service('submissions').submit({ ...message(tenant, from), actor: asSystem('newsletter') } as never);
    expect(await submit(listed)).toMatchObject({ state: 'queued', from: { email: 'listed@club.example' } });
    await expect(submit(unlisted)).rejects.toMatchObject({ details: { code: 'FORBIDDEN_FROM' } });
  });

  it('gives a user no address', async () => {
    expect((await offersOf(app, await app.person({ actions: EDITOR }), tenant)).from).toEqual([unlisted, 'system']);
  });
});
