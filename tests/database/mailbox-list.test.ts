import { bootSite, type Site } from '../support/site';
import { EVERYTHING, MANAGER, OPERATOR, type Person } from '../support/strapi';

/** Data for the page around the list of mailboxes: GET /mailboxes, `meta`; GET /mailboxes/:id/grants/subjects. */
let app: Site, operator: Person, carol: Person;
let club: string, academy: string;

beforeAll(async () => {
  app = await bootSite();
  operator = await app.superAdmin();
  carol = await app.person({ actions: MANAGER });
  club = (await app.service('tenants').default()).id;
  academy = (await app.seeds.tenant({ name: 'Academy', members: { users: [], roles: [] } })).id;
});

afterAll(() => app.stop());

const metaOf = async (person: Person, query = '') =>
  (await app.as(person).get(`/mailboxes${query}`).expect(200)).body.meta;

describe('the list of mailboxes', () => {
  it('says which tenant it is of, and names the tenants that the asker administers', async () => {
    const names = ({ tenants }: { tenants: { name: string }[] }) => tenants.map(({ name }) => name);
    const mine = await metaOf(carol);
    expect([mine.tenant, names(mine)]).toEqual([club, ['Default']]);
    expect(mine.tenants[0]).toEqual({ id: club, key: 'default', name: 'Default', default: true });
    const all = await metaOf(operator, `?tenant=${academy}`);
    expect([all.tenant, names(all)]).toEqual([academy, ['Default', 'Academy']]);
  });

  it('returns the tenants to choose from to a member of several, but not of the default one', async () => {
    const dora = await app.person({ actions: MANAGER });
    const mine = { users: [dora.id], roles: [] };
    const ids = [(await app.seeds.tenant({ members: mine })).id, (await app.seeds.tenant({ members: mine })).id];
    await app.service('tenants').update(club, { members: { users: [carol.id], roles: [] } }, { actor: OPERATOR });
    const { body } = await app.as(dora).get('/mailboxes').expect(403);
    await app.service('tenants').update(club, { members: 'everyone' }, { actor: OPERATOR });
    expect(body.error.details).toMatchObject({ code: 'TENANT_MISMATCH', tenants: ids.map((id) => ({ id })) });
  });

  it('sets nobodyMaySend until a role besides Super Admin may send', async () => {
    expect(await metaOf(carol)).toMatchObject({ setup: { nobodyMaySend: true } });
    await app.role(['communication.send']);
    expect(await metaOf(carol)).toMatchObject({ setup: { nobodyMaySend: false, lostPermissions: [] } });
  });

  it('counts the users and roles of a restricted mailbox by the grants that hold now', async () => {
    const open = (await app.seeds.mailbox(club)).id;
    const ungranted = (await app.seeds.mailbox(club, { restricted: true })).id;
    const some = (await app.seeds.mailbox(club, { restricted: true })).id;
    for (const grant of [{ user: carol.id }, { user: operator.id }, { role: carol.roles[0] }])
      await app.seeds.grant(some, grant);
    const { id: over } = await app.seeds.grant(some, { role: operator.roles[0] });
    await app.strapi.db.connection('mailboxes_grants').where({ document_id: over }).update({ expires_at: 1 });
    const { access } = await metaOf(carol);
    expect(access).toEqual({ [ungranted]: { users: 0, roles: 0 }, [some]: { users: 2, roles: 1 } });
    expect(access[open]).toBeUndefined();
  });

  it("does not count the grants of another tenant's global mailbox", async () => {
    const id = (await app.seeds.mailbox(academy, { global: true, restricted: true })).id;
    await app.seeds.grant(id, { user: operator.id });
    expect((await metaOf(carol)).access[id]).toBeUndefined();
    expect((await metaOf(operator)).access[id]).toEqual({ users: 1, roles: 0 });
  });
});

describe('the subjects of the grants of a mailbox', () => {
  const subjects = async (mailbox: string) =>
    (await app.as(carol).get(`/mailboxes/${mailbox}/grants/subjects`).expect(200)).body.data as {
      name: string;
      problem: string | null;
    }[];

  it('are listed by name, with the problem that makes a grant ineffective', async () => {
    const mailbox = (await app.seeds.mailbox(club, { restricted: true })).id;
    const empty = await app.role(['communication.send'], 'Empty');
    const mute = await app.role([], 'Mute');
    const person = (firstname: string, roles?: number[]) => app.person({ firstname, ...(roles ? { roles } : {}) });
    const fine = await person('Fine');
    const others = [fine, await person('Blocked'), await person('Inactive'), await person('Mute', [mute])] as const;
    await app.strapi.db.query('admin::user').update({ where: { id: others[1].id }, data: { blocked: true } });
    await app.strapi.db.query('admin::user').update({ where: { id: others[2].id }, data: { isActive: false } });
    for (const { id } of others) await app.seeds.grant(mailbox, { user: id });
    for (const role of [empty, mute, fine.roles[0]]) await app.seeds.grant(mailbox, { role });
    const problems = Object.fromEntries((await subjects(mailbox)).map(({ name, problem }) => [name, problem]));
    expect(problems).toMatchObject({
      Fine: null,
      Blocked: 'blocked',
      Inactive: 'inactive',
      Empty: 'no-users',
    });
    const rows = await subjects(mailbox);
    expect(rows.filter(({ name }) => name === 'Mute').map(({ problem }) => problem)).toEqual([
      'cannot-send',
      'none-can-send',
    ]);
    expect(rows.filter(({ problem }) => problem === null)).toHaveLength(2);
  });

  it('include a non-member as a problem, unless the mailbox is global', async () => {
    const ada = await app.person({ firstname: 'Ada' });
    const by = { actor: OPERATOR };
    const root = await app.person({ actions: EVERYTHING });
    const mailbox = (await app.seeds.mailbox(academy, { restricted: true })).id;
    await app.seeds.grant(mailbox, { user: ada.id });
    const ask = async () => (await app.as(root).get(`/mailboxes/${mailbox}/grants/subjects`).expect(200)).body.data;
    expect(await ask()).toEqual([{ kind: 'user', id: ada.id, name: 'Ada', email: ada.email, problem: 'not-a-member' }]);
    await app.service('mailboxes').update(mailbox, { global: true }, by);
    expect(await ask()).toMatchObject([{ problem: null }]);
  });

  it('are refused to users without the permission to grant in the tenant', async () => {
    const mailbox = (await app.seeds.mailbox(academy, { restricted: true })).id;
    await app.as(carol).get(`/mailboxes/${mailbox}/grants/subjects`).expect(404);
    const reader = await app.person({ actions: ['mailboxes.read'] });
    await app.as(reader).get(`/mailboxes/${mailbox}/grants/subjects`).expect(403);
  });
});

describe('the members of a tenant', () => {
  it('are listed by name for users who manage tenants, and refused to others', async () => {
    const ada = await app.person({ firstname: 'Ada', lastname: 'Adams' });
    const press = await app.role([], 'Press');
    const { id } = await app.seeds.tenant({ members: { users: [ada.id], roles: [press] } });
    const { body } = await app.as(operator).get(`/tenants/${id}/members`).expect(200);
    expect(body.data).toEqual([
      { kind: 'user', id: ada.id, name: 'Ada Adams', email: ada.email },
      { kind: 'role', id: press, name: 'Press', email: null },
    ]);
    await app.as(operator).get('/tenants/nowhere/members').expect(404);
    await app.as(carol).get(`/tenants/${id}/members`).expect(403);
  });
});
