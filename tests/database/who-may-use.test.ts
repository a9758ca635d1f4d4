import fc from 'fast-check';
import { bootSite, confirmOwnAddress, type Site } from '../support/site';
import { EDITOR, MANAGER, OPERATOR, type Person } from '../support/strapi';
import type { Because, IdentityList } from '../../server/src/domain/identity';

/*
 * One decision in two directions, which must agree: the identities of a user (`listFor`, GET /users/:id/identities) and
 * the users of a mailbox (`whoMayUse`, GET /mailboxes/:id/who-may-use).
 */

const RUNS = 25;

interface Row {
  user: number;
  name: string;
  email: string;
  tenant: string;
  because: Because[];
}

let app: Site;
/** Four editors, two of them with a confirmed address, one who may not send, and a super admin. */
let people: Person[];
let roles: number[];
/** Manages tenants, and is a member of none by name. */
let dora: Person;
/** Reads and grants in the tenants of which she is a member. */
let carol: Person;
/** The default one, and two more. */
let tenants: string[];

beforeAll(async () => {
  app = await bootSite();
  roles = [await app.role(EDITOR), await app.role(EDITOR), await app.role([])];
  const [first = 0, second = 0, silent = 0] = roles;
  const withRoles = (ids: number[], index: number) =>
    app.person({ roles: ids, email: `user-${index}@club.example`, lastname: `Number ${index}` });
  people = await Promise.all([[first], [first, second], [second], [silent], [second, silent]].map(withRoles));
  people.push(await app.superAdmin());
  await confirmOwnAddress(app, app.mailServer, people[0]!);
  await confirmOwnAddress(app, app.mailServer, people[1]!);
  dora = await app.person({ actions: ['tenants.manage'] });
  carol = await app.person({ actions: MANAGER });
  tenants = [(await app.service('tenants').default()).id, (await app.seeds.tenant()).id, (await app.seeds.tenant()).id];
});

afterAll(() => app.stop());

const subset = (count: number) => fc.subarray(Array.from({ length: count }, (_, index) => index));
const index = (count: number) => fc.nat({ max: count - 1 });

const tenantRules = fc.record({
  members: fc.oneof(fc.constant(null), fc.record({ users: subset(6), roles: subset(3) })),
  ownAddress: fc.constantFrom('off', 'reply-to', 'sender-and-reply-to'),
  duplicatePolicy: fc.constantFrom('own-name', 'both', 'mailbox-name'),
  systemSender: fc.constantFrom('everyone', 'when-nothing-else'),
});
const grantOf = fc.record({ whom: fc.constantFrom('user', 'role'), index: index(6), ended: fc.boolean() });
const mailboxOf = fc.record({
  tenant: index(3),
  email: fc.constantFrom('user-0@club.example', 'User-1@Club.example', 'news@club.example'),
  enabled: fc.boolean(),
  // In one list at least: `listFor` omits a mailbox in neither list, which is still usable for an equal own address.
  flags: fc.constantFrom({ sender: true }, { sender: false, reply: true }, { sender: true, reply: false }),
  global: fc.boolean(),
  restricted: fc.boolean(),
  grants: fc.array(grantOf, { maxLength: 3 }),
});
const site = fc.record({
  rules: fc.tuple(tenantRules, tenantRules, tenantRules),
  mailboxes: fc.array(mailboxOf, { minLength: 1, maxLength: 4 }),
  /** The tenants to which carol is added. */
  carolIn: subset(3),
});
type Drawn = typeof site extends fc.Arbitrary<infer T> ? T : never;

const by = { actor: OPERATOR };

/** @returns ids of the mailboxes that could be created */
const build = async ({ rules, mailboxes, carolIn }: Drawn): Promise<string[]> => {
  for (const [at, { members, ...rule }] of rules.entries()) {
    const users = (members?.users ?? []).map((user) => people[user]!.id);
    await app.service('tenants').update(
      tenants[at]!,
      {
        ...rule,
        members: members
          ? {
              users: carolIn.includes(at) ? [...users, carol.id] : users,
              roles: members.roles.map((role) => roles[role]!),
            }
          : 'everyone',
      },
      by
    );
  }
  const made: string[] = [];
  for (const { tenant, flags, grants, ...input } of mailboxes) {
    const mailbox = await app
      .service('mailboxes')
      .create({ name: input.email.split('@')[0]!, tenant: tenants[tenant], ...flags, ...input }, by)
      .catch((error: { details: { code: string } }) => {
        if (error.details.code !== 'MAILBOX_ADDRESS_TAKEN') throw error;
        return null;
      });
    if (!mailbox) continue;
    made.push(mailbox.id);
    for (const { whom, index: at, ended } of grants) {
      const subject = whom === 'user' ? { user: people[at]!.id } : { role: roles[at % 3]! };
      const grant = await app.service('grants').create({ mailbox: mailbox.id, ...subject }, by);
      if (ended)
        await app.strapi.db.connection('mailboxes_grants').where({ document_id: grant.id }).update({ expires_at: 1 });
    }
  }
  return made;
};

const listFor = (user: number, tenant: string): Promise<IdentityList | string> =>
  app
    .service('identities')
    .listFor({ actor: { type: 'user', id: user }, tenant })
    .catch((error: { details: { code: string } }) => error.details.code);

const explained = async (user: number, tenant: string): Promise<IdentityList | string> => {
  const { body } = await app.as(dora).get(`/users/${user}/identities?tenant=${tenant}`);
  return body.data ?? body.error.details.code;
};

const sorted = <T extends { tenant: string; user: number }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (a.tenant < b.tenant ? -1 : a.tenant > b.tenant ? 1 : a.user - b.user));

/** Rows in which `listFor` offers the mailbox: tenant, user and reason. */
const offersOf = async (mailbox: string): Promise<Pick<Row, 'tenant' | 'user' | 'because'>[]> => {
  const rows: Pick<Row, 'tenant' | 'user' | 'because'>[] = [];
  for (const tenant of tenants)
    for (const { id: user } of [...people, carol, dora]) {
      const list = await listFor(user, tenant);
      if (typeof list === 'string') continue;
      const entry = [...list.from, ...list.replyTo].find(({ id }) => id === `mailbox:${mailbox}`);
      if (entry) rows.push({ tenant, user, because: entry.because });
    }
  return sorted(rows);
};

const pagesOf = async (
  person: Person,
  mailbox: string,
  pageSize: number
): Promise<{ rows: Row[]; totals: number[] }> => {
  const rows: Row[] = [];
  const totals: number[] = [];
  for (let page = 1; ; page += 1) {
    const { body } = await app
      .as(person)
      .get(`/mailboxes/${mailbox}/who-may-use?page=${page}&pageSize=${pageSize}`)
      .expect(200);
    rows.push(...body.data);
    totals.push(body.meta.pagination.total);
    if (page >= body.meta.pagination.pageCount) return { rows, totals };
  }
};

const carolsTenants = async (): Promise<string[]> => {
  const all = await app.service('tenants').findMany(by);
  return all.filter(({ members }) => members === 'everyone' || members.users.includes(carol.id)).map(({ id }) => id);
};

/** Rows compared in all runs: two empty lists would agree as well. */
let compared = 0;

const agrees = async (world: Drawn): Promise<void> => {
  const made = await build(world);
  try {
    for (const tenant of tenants)
      for (const { id } of people) expect(await explained(id, tenant)).toEqual(await listFor(id, tenant));

    // A hidden duplicate is still usable: from here on no duplicate is hidden.
    for (const tenant of tenants) await app.service('tenants').update(tenant, { duplicatePolicy: 'both' }, by);
    const mine = await carolsTenants();
    for (const mailbox of made) {
      const expected = await offersOf(mailbox);
      const { rows, total } = await app.service('identities').whoMayUse(mailbox, { pageSize: 100 });
      expect(sorted(rows).map(({ tenant, user, because }) => ({ tenant, user, because }))).toEqual(expected);
      expect(total).toBe(expected.length);
      compared += total;

      const pages = await pagesOf(dora, mailbox, 2);
      expect(pages.rows).toEqual(rows);
      expect(new Set(pages.totals)).toEqual(new Set([total]));

      const found = await app.service('mailboxes').findOne(mailbox, by);
      const seen = await app.as(carol).get(`/mailboxes/${mailbox}/who-may-use?pageSize=100`);
      if (mine.includes(found?.tenant ?? '') || (found?.global && mine.length > 0))
        expect(seen.body.data).toEqual(rows.filter(({ tenant }) => mine.includes(tenant)));
      else expect(seen.status).toBe(404);
    }
  } finally {
    for (const id of made) await app.service('mailboxes').delete(id, by);
  }
};

describe('the users of a mailbox', () => {
  it('agree with listFor, for any setup of the site', async () => {
    await fc.assert(fc.asyncProperty(site, agrees), { numRuns: RUNS, endOnFailure: true });
    expect(compared).toBeGreaterThan(RUNS);
  }, 240_000);

  it('are listed with id, name, address, tenant and reason, of one tenant by its id or key', async () => {
    const everyone = { members: 'everyone', ownAddress: 'off' } as const;
    for (const tenant of tenants) await app.service('tenants').update(tenant, everyone, by);
    const { id } = await app.seeds.mailbox(tenants[1]!, { restricted: true, global: true });
    const [ada] = people;
    await app.seeds.grant(id, { user: ada!.id });
    const row = { user: ada!.id, name: 'Ada Number 0', email: 'user-0@club.example', because: ['user-grant'] };
    const rows = async (query: string) => (await app.as(dora).get(`/mailboxes/${id}/who-may-use${query}`)).body.data;
    expect(await rows('')).toEqual(tenants.map((tenant) => ({ ...row, tenant })));
    for (const named of ['default', tenants[0]])
      expect(await rows(`?tenant=${named}`)).toEqual([{ ...row, tenant: tenants[0] }]);
    expect((await app.as(dora).get(`/mailboxes/${id}/who-may-use?tenant=nowhere`)).status).toBe(404);
  });

  it('are an empty list for a disabled or missing mailbox', async () => {
    const { id } = await app.seeds.mailbox(tenants[0]!, { enabled: false });
    for (const mailbox of [id, 'nowhere'])
      expect(await app.service('identities').whoMayUse(mailbox)).toEqual({ rows: [], total: 0 });
    await app.as(dora).get('/mailboxes/nowhere/who-may-use').expect(404);
  });

  it('are listed with as many rows read as there are members, not their square', async () => {
    const MEMBERS = 60;
    const users = app.strapi.db.query('admin::user');
    const ids: number[] = [];
    for (let n = 0; n < MEMBERS; n += 1)
      ids.push((await users.create({ data: { email: `member-${n}@club.example`, isActive: true, roles: roles } })).id);
    const { id: tenant } = await app.seeds.tenant({ members: { users: ids, roles } });
    const { id } = await app.seeds.mailbox(tenant);
    await app.strapi.db
      .connection('mailboxes_last_choices')
      .insert(ids.map((user_id) => ({ user_id, tenant, from_identity: 'system', reply_identity: null })));
    let most = 0;
    const count = (response: unknown) => (most = Math.max(most, Array.isArray(response) ? response.length : 0));
    app.strapi.db.connection.on('query-response', count);
    const { total } = await app.service('identities').whoMayUse(id, { tenant });
    app.strapi.db.connection.off('query-response', count);
    expect(total).toBeGreaterThanOrEqual(MEMBERS);
    expect(most).toBeLessThanOrEqual((MEMBERS + people.length + 2) * roles.length);
  });

  it('have their identities, or their refusal, shown to an administrator with grants', async () => {
    const ask = async (user: number | string) => {
      const { status, body } = await app.as(carol).get(`/users/${user}/identities?tenant=default`);
      return status === 200 ? 200 : body.error.details.code;
    };
    expect(await ask(people[0]!.id)).toBe(200);
    expect(await ask(people[3]!.id)).toBe('FORBIDDEN_TO_SEND');
    for (const missing of [999_999, 'abc', '1e3', '-1', '99999999999999999999'])
      expect(await ask(missing)).toBe('NOT_FOUND');
  });
});
