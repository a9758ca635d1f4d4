import { bootSite, type Site } from '../support/site';
import { MANAGER, OPERATOR, type Person } from '../support/strapi';

/* Tenants and their rules, the lists of the admin API, and the users and roles that a mailbox can be granted to (rules §6). */

type Body = Record<string, unknown>;

let app: Site, dora: Person, carol: Person;

beforeAll(async () => {
  app = await bootSite({
    config: { mailboxLimit: 3, contact: { text: 'Ask Dora', url: 'https://help.example' } },
  });
  dora = await app.person({ actions: ['tenants.manage'], firstname: 'Dora' });
  carol = await app.person({ actions: MANAGER, firstname: 'Carol', lastname: 'Cooper', email: 'carol@club.example' });
});

afterAll(() => app.stop());

const create = (body: Body) => app.as(dora).post('/tenants', body);
const refused = async (answer: PromiseLike<{ status: number; body: Body & { error?: Body } }>) => {
  const { status, body } = await answer;
  return { status, ...(body.error?.details as Body) };
};

describe('a tenant', () => {
  it('starts with the defaults of the contract, a key from its name, and no members', async () => {
    const { body } = await create({ name: 'Club North e.V.' }).expect(201);
    expect(body).toEqual({
      data: {
        id: expect.stringMatching(/^[a-z0-9]{24}$/),
        key: 'club-north-e-v',
        name: 'Club North e.V.',
        default: false,
        members: { users: [], roles: [] },
        mailboxLimit: null,
        mailboxDomains: [],
        ownAddress: 'off',
        ownAddressDomains: [],
        duplicatePolicy: 'own-name',
        systemSender: 'everyone',
        system: null,
        quota: { used: 0, limit: 3 },
      },
    });
    expect((await create({ name: 'Club North e.V.' }).expect(201)).body.data.key).toBe('club-north-e-v-2');
  });

  it('keeps everything that it is given, and changes only the keys that are given', async () => {
    const all = {
      name: 'North',
      key: 'north',
      members: { users: [carol.id], roles: carol.roles },
      mailboxLimit: 0,
      mailboxDomains: ['club.example', 'xn--mnchen-3ya.example'],
      ownAddress: 'reply-to',
      ownAddressDomains: ['club.example'],
      duplicatePolicy: 'both',
      systemSender: 'when-nothing-else',
      system: { name: 'North', email: 'north@club.example' },
    };
    const { body } = await create({ ...all, mailboxDomains: ['Club.example', 'münchen.example'] }).expect(201);
    expect(body.data).toMatchObject({ ...all, quota: { used: 0, limit: 0 } });
    const url = `/tenants/${body.data.id}`;
    const { body: changed } = await app.as(dora).put(url, { mailboxLimit: null, system: null }).expect(200);
    expect(changed.data).toMatchObject({ ...all, mailboxLimit: null, system: null, quota: { used: 0, limit: 3 } });
    expect((await app.as(dora).get(url).expect(200)).body).toEqual(changed);
    await app.as(dora).delete(url).expect(204);
    expect(await refused(app.as(dora).get(url))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it.each<[Body, string, string]>([
    [{}, 'INVALID_INPUT', 'name'],
    [{ name: '' }, 'INVALID_INPUT', 'name'],
    [{ name: 'a\u202eb' }, 'INVALID_NAME', 'name'],
    [{ name: 'N', key: 'Upper' }, 'INVALID_INPUT', 'key'],
    [{ name: 'N', key: 'a_b' }, 'INVALID_INPUT', 'key'],
    [{ name: 'N', key: 'default' }, 'INVALID_INPUT', 'key'],
    [{ name: 'N', members: 'nobody' }, 'INVALID_INPUT', 'members'],
    [{ name: 'N', members: { users: [999_999], roles: [] } }, 'INVALID_INPUT', 'members'],
    [{ name: 'N', members: { users: [], roles: [999_999] } }, 'INVALID_INPUT', 'members'],
    [{ name: 'N', mailboxLimit: 100_001 }, 'INVALID_INPUT', 'mailboxLimit'],
    [{ name: 'N', mailboxLimit: -1 }, 'INVALID_INPUT', 'mailboxLimit'],
    [{ name: 'N', mailboxDomains: ['a@b.example'] }, 'INVALID_INPUT', 'mailboxDomains'],
    [{ name: 'N', ownAddress: 'on' }, 'INVALID_INPUT', 'ownAddress'],
    [{ name: 'N', duplicatePolicy: 'none' }, 'INVALID_INPUT', 'duplicatePolicy'],
    [{ name: 'N', systemSender: 'nobody' }, 'INVALID_INPUT', 'systemSender'],
    [{ name: 'N', system: { email: 'no address' } }, 'INVALID_ADDRESS', 'system.email'],
    [{ name: 'N', system: { name: 'ceo@corp.example' } }, 'INVALID_NAME', 'system.name'],
    [{ name: 'N', default: true }, 'UNKNOWN_FIELD', 'default'],
    [{ name: 'N', system: { host: 'x' } }, 'UNKNOWN_FIELD', 'system.host'],
  ])('cannot be %j', async (body, code, path) => {
    expect(await refused(create(body))).toMatchObject({ status: 400, code, path });
  });

  it('keeps its key permanently, and rejects another tenant with that key', async () => {
    const { id } = await app.seeds.tenant({ key: 'taken' });
    const put = (key: string) => app.as(dora).put(`/tenants/${id}`, { key });
    expect((await put('taken')).status).toBe(200);
    expect(await refused(put('other'))).toMatchObject({ status: 400, code: 'INVALID_INPUT', path: 'key' });
    const answers = await Promise.all([1, 2, 3].map(() => create({ name: 'Twin', key: 'twin' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  });

  it('changes its name', async () => {
    const { id } = await app.seeds.tenant({ name: 'Before' });
    expect((await app.as(dora).put(`/tenants/${id}`, { name: 'After' })).status).toBe(200);
    expect((await app.as(dora).get(`/tenants/${id}`)).body).toMatchObject({ data: { name: 'After' } });
  });

  it('that is the default one is there from the start, open to everyone, and cannot be deleted', async () => {
    const tenant = await app.service('tenants').default();
    expect(tenant).toMatchObject({ key: 'default', default: true, members: 'everyone' });
    expect(await refused(app.as(dora).delete(`/tenants/${tenant.id}`))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refused(app.as(dora).delete('/tenants/default'))).toMatchObject({ status: 403 });
  });

  it('that owns a mailbox or an unfinished submission cannot be deleted', async () => {
    const { id } = await app.seeds.tenant();
    const mailbox = await app.seeds.mailbox(id);
    const remove = () => refused(app.as(dora).delete(`/tenants/${id}`));
    expect(await remove()).toMatchObject({ status: 409, code: 'TENANT_IN_USE', mailboxes: 1, submissions: 0 });
    await app.service('mailboxes').delete(mailbox.id, { actor: OPERATOR });
    const ada = await app.person();
    const message = { tenant: id, from: 'system', to: ['reader@news.example'], subject: 'News', text: 'Hello' };
    const { body } = await app.as(ada).post('/submissions', message).expect(202);
    await app.service('submissions').whenSettled(body.data.id, { actor: OPERATOR });
    const state = (value: string) =>
      app.strapi.db.connection('mailboxes_submissions').where({ id: body.data.id }).update({ state: value });
    await state('uncertain');
    expect(await remove()).toMatchObject({ status: 409, code: 'TENANT_IN_USE', mailboxes: 0, submissions: 1 });
    await state('submitted');
    await app.as(dora).delete(`/tenants/${id}`).expect(204);
  });
});

describe('the domains of a tenant', () => {
  it.each([
    ['news@club.example', 201],
    ['news@CLUB.example', 201],
    ['news@münchen.example', 201],
    ['news@sub.club.example', 400],
    ['news@other.example', 400],
  ])('allow %s: %i', async (email, expected) => {
    const { id } = await app.seeds.tenant({ mailboxDomains: ['club.example', 'münchen.example'] });
    const { status, body } = await app.as(dora).post('/mailboxes', { email, name: 'News', tenant: id });
    expect(status).toBe(expected);
    if (status === 400)
      expect(body.error.details).toEqual({ code: 'INVALID_ADDRESS', path: 'email', reason: 'domain' });
  });

  it('apply to a changed address and to a move into the tenant, not to mailboxes already in it', async () => {
    const { id: open } = await app.seeds.tenant();
    const { id: closed } = await app.seeds.tenant();
    const { id } = await app.seeds.mailbox(closed);
    const { id: moving } = await app.seeds.mailbox(open);
    await app.service('tenants').update(closed, { mailboxDomains: ['other.example'] }, { actor: OPERATOR });
    const put = (mailbox: string, body: Body) => app.as(dora).put(`/mailboxes/${mailbox}`, body);
    expect((await put(id, { name: 'Renamed' })).status).toBe(200);
    for (const answer of [put(id, { email: 'x@club.example' }), put(moving, { tenant: closed })])
      expect(await refused(answer)).toMatchObject({ status: 400, code: 'INVALID_ADDRESS', reason: 'domain' });
  });
});

describe('the list', () => {
  it('of mailboxes is paged, can be searched, and says how many places there are and how System is', async () => {
    const { id, key } = await app.seeds.tenant();
    for (const name of ['Beta', 'Alpha', '100% Gamma']) await app.seeds.mailbox(id, { name });
    const get = async (query: string) => (await app.as(dora).get(`/mailboxes?tenant=${key}&${query}`).expect(200)).body;
    const namesOf = ({ data }: { data: { name: string; tenant: string }[] }) =>
      data.filter(({ tenant }) => tenant === id).map(({ name }) => name);
    const { data, meta } = await get('page=2&pageSize=2');
    expect(data).toHaveLength(1);
    expect(meta).toMatchObject({
      pagination: { page: 2, pageSize: 2, pageCount: 2, total: 3 },
      quota: { used: 3, limit: 3, contact: { text: 'Ask Dora', url: 'https://help.example' } },
      system: {
        email: 'system@site.example',
        configured: true,
        transport: 'smtp',
        state: 'ok',
        pausedBecause: null,
      },
    });
    expect(namesOf(await get('q=ALPHA'))).toEqual(['Alpha']);
    expect(namesOf(await get('q=0%25'))).toEqual(['100% Gamma']);
    expect(namesOf(await get('q=_'))).toEqual([]);
    expect((await get('pageSize=1000')).meta.pagination).toMatchObject({ page: 1, pageSize: 100 });
  });

  it('of tenants is paged and can be searched by name and key', async () => {
    await app.seeds.tenant({ name: 'Findable', key: 'some-key' });
    for (const q of ['FINDable', 'some-k']) {
      const { body } = await app.as(dora).get(`/tenants?q=${q}`).expect(200);
      expect(body.data).toMatchObject([{ name: 'Findable' }]);
      expect(body.meta.pagination).toEqual({ page: 1, pageSize: 25, pageCount: 1, total: 1 });
    }
    const { body } = await app.as(dora).get('/tenants?pageSize=1').expect(200);
    expect(body.data).toMatchObject([{ key: 'default' }]);
    expect(body.meta.pagination.pageCount).toBe(body.meta.pagination.total);
  });

  it.each(['/tenants', '/mailboxes', '/submissions', '/pickers/users', '/pickers/roles'])(
    '%s refuses every other key',
    async (path) => {
      const all = await app.person({ actions: ['tenants.manage', 'communication.send'] });
      for (const key of ['filters[id]', 'sort', 'populate', '_q', 'where'])
        expect(await refused(app.as(all).get(`${path}?${key}=x`))).toMatchObject({
          status: 400,
          code: 'UNKNOWN_FIELD',
        });
      for (const query of ['page=x', 'pageSize=1.5', 'q[]=x'])
        expect(await refused(app.as(all).get(`${path}?${query}`))).toMatchObject({ code: 'INVALID_INPUT' });
    }
  );
});

describe('a picker of users and roles', () => {
  it('finds a user by name or address, and returns only id, name and address', async () => {
    for (const q of ['COOPER', 'carol@club', 'Carol']) {
      const { body } = await app.as(carol).get(`/pickers/users?q=${q}`).expect(200);
      expect(body.data).toEqual([{ id: carol.id, name: 'Carol Cooper', email: 'carol@club.example' }]);
      expect(body.meta.pagination.total).toBe(1);
    }
  });

  it('does not find a user by a login name', async () => {
    await app.strapi.db.query('admin::user').update({ where: { id: carol.id }, data: { username: 'login-of-carol' } });
    const { body } = await app.as(carol).get('/pickers/users?q=login-of').expect(200);
    expect(body.data).toEqual([]);
  });

  it('finds a role by its name', async () => {
    const { body } = await app.as(carol).get('/pickers/roles?q=super').expect(200);
    expect(body.data).toEqual([{ id: expect.any(Number), name: 'Super Admin', email: null }]);
  });

  it('returns the name of a user by id, and rejects a malformed id', async () => {
    const ask = async (id: string) => app.as(carol).get(`/pickers/users?id=${id}`);
    expect((await ask(String(carol.id))).body.data).toEqual([
      expect.objectContaining({ id: carol.id, email: carol.email }),
    ]);
    expect((await ask('999999')).body).toMatchObject({ data: [], meta: { pagination: { total: 0 } } });
    for (const id of ['x', '-1', '1e3', '']) expect((await ask(id)).body.error.details.code).toBe('INVALID_INPUT');
  });

  it('returns the users page by page', async () => {
    const { body } = await app.as(carol).get('/pickers/users?page=2&pageSize=1').expect(200);
    expect(body.data).toHaveLength(1);
    expect(body.meta.pagination).toMatchObject({ page: 2, pageSize: 1, total: body.meta.pagination.pageCount });
  });
});
