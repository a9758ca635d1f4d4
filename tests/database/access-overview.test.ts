import type { Knex } from '../../server/src/database/dialect';
import type { Because } from '../../server/src/domain/identity';
import { seedsOf, siteConfig } from '../support/site';
import { boot, EDITOR, MANAGER, type App, type Person } from '../support/strapi';

jest.setTimeout(120_000);

const USERS = 10_000;
const MAILBOXES = 1_000;
const PAGE_SIZE = 25;
const IDS_AT_ONCE = 500;
/** Read users in batches of 1,000. */
const EVERY_USER = new Set([
  'who may use an open mailbox',
  'the last page of it',
  'who may use a restricted mailbox',
  'a search in it',
]);

interface Row {
  user: number;
  because: Because[];
}

interface Cost {
  statements: number;
  /** Of the statement that brought most. */
  rows: number;
  bindings: number;
}

/** What "who may use it", the picker and a user's identities read on a large site (issue 5). */
describe('the access overview of 10,000 users and 1,000 mailboxes', () => {
  let app: App;
  let knex: Knex;
  /** Reads and grants, and may not send. */
  let carol: Person;
  /** Editors and press may send, silent may not; press also gets grants. */
  let roles: { editors: number; silent: number; press: number };
  let open: string;
  let restricted: string;
  /** Ids of the inserted users in ascending order; `roleOf` assigns the roles by index. */
  let users: number[];

  const roleOf = (index: number): number[] => [
    index % 4 === 0 ? roles.silent : roles.editors,
    ...(index % 100 === 1 ? [roles.press] : []),
  ];
  const blocked = (index: number): boolean => index % 10 === 3;
  const sends = (index: number): boolean => index % 4 !== 0 && !blocked(index);

  const inBatches = async (table: string, rows: readonly object[]): Promise<void> => {
    for (let at = 0; at < rows.length; at += IDS_AT_ONCE) await knex(table).insert(rows.slice(at, at + IDS_AT_ONCE));
  };

  const insertUsers = async (from: number, to: number): Promise<void> => {
    const numbers = Array.from({ length: to - from }, (_, index) => from + index);
    await inBatches(
      'admin_users',
      numbers.map((index) => ({
        document_id: `user${index}`.padEnd(24, 'x'),
        email: `member-${index}@club.example`,
        firstname: 'Member',
        lastname: `Number ${index}`,
        is_active: true,
        blocked: blocked(index),
      }))
    );
    const rows: { id: number }[] = await knex('admin_users')
      .where('email', 'like', 'member-%')
      .orderBy('id')
      .select('id');
    users = rows.map(({ id }) => id);
    await inBatches(
      'admin_users_roles_lnk',
      numbers.flatMap((index) => roleOf(index).map((role_id) => ({ user_id: users[index], role_id })))
    );
  };

  const insertMailboxes = async (from: number, to: number): Promise<void> => {
    const [tenant]: { id: number }[] = await knex('mailboxes_tenants').where({ key: 'default' }).select('id');
    await inBatches(
      'mailboxes_mailboxes',
      Array.from({ length: to - from }, (_, index) => {
        const email = `many-${from + index}@club.example`;
        return {
          document_id: `box${from + index}`.padEnd(24, 'x'),
          tenant_id: tenant?.id,
          email,
          email_key: email,
          global_key: null,
          name: `Box ${from + index}`,
          enabled: true,
          sender: true,
          reply: true,
          global: false,
          // A tenth is open to every member.
          restricted: (from + index) % 10 !== 0,
          authenticated: false,
        };
      })
    );
  };

  /** Cost of the statements while `work` runs. */
  const costOf = async (work: () => PromiseLike<unknown>): Promise<Cost> => {
    const cost: Cost = { statements: 0, rows: 0, bindings: 0 };
    const count = (response: unknown, { sql, bindings = [] }: { sql: string; bindings?: unknown[] }) => {
      if (/^(BEGIN|COMMIT|SET |SAVEPOINT|RELEASE)/i.test(sql)) return;
      const rows = Array.isArray(response) ? response : ((response as { rows?: unknown[] } | null)?.rows ?? []);
      cost.statements += 1;
      cost.rows = Math.max(cost.rows, rows.length);
      cost.bindings = Math.max(cost.bindings, bindings.length);
    };
    knex.on('query-response', count);
    try {
      await work();
    } finally {
      knex.removeListener('query-response', count);
    }
    return cost;
  };

  const ask = async (url: string) => (await app.as(carol).get(url).expect(200)).body;
  const whoMayUse = (mailbox: string, query = '') => ask(`/mailboxes/${mailbox}/who-may-use?tenant=default${query}`);

  const questions: Record<string, () => Promise<unknown>> = {
    'who may use an open mailbox': () => whoMayUse(open),
    'the last page of it': () => whoMayUse(open, '&page=260'),
    'a search in it': () => whoMayUse(open, '&q=number 77'),
    'who may use a restricted mailbox': () => whoMayUse(restricted),
    'the picker': () => ask('/pickers/users'),
    'a search in the picker': () => ask('/pickers/users?q=number 77'),
    'the identities of a user': () => ask(`/users/${users[1]}/identities?tenant=default&page=2&pageSize=${PAGE_SIZE}`),
    'the list of mailboxes': () => ask('/mailboxes?q=many-9'),
  };

  const costs = async (): Promise<Record<string, Cost>> => {
    const found: Record<string, Cost> = {};
    for (const [name, question] of Object.entries(questions)) found[name] = await costOf(question);
    return found;
  };

  let small: Record<string, Cost>;
  let large: Record<string, Cost>;

  beforeAll(async () => {
    // Delivery looks for work every few seconds: its statements are not those of a page.
    app = await boot({ config: siteConfig({ port: 25 }, { mailboxLimit: 100_000, delivery: { role: 'accept' } }) });
    knex = app.strapi.db.connection;
    carol = await app.person({ actions: MANAGER });
    roles = { editors: await app.role(EDITOR), silent: await app.role([]), press: await app.role([]) };
    const { id: tenant } = await app.service('tenants').default();
    const seeds = seedsOf(app);
    open = (await seeds.mailbox(tenant)).id;
    restricted = (await seeds.mailbox(tenant, { restricted: true })).id;
    await seeds.grant(restricted, { role: roles.press });
    await insertUsers(0, 100);
    await insertMailboxes(0, 10);
    await seeds.grant(restricted, { user: users[2] });
    small = await costs();
    await insertUsers(100, USERS);
    await insertMailboxes(10, MAILBOXES);
    large = await costs();
  });

  afterAll(() => app.stop());

  it('costs as many statements as that of 100 users and 10 mailboxes, but for those that decide about every user', () => {
    const moreOf = Object.fromEntries(
      Object.entries(large).map(([name, { statements }]) => [name, statements - (small[name]?.statements ?? 0)])
    );
    expect(moreOf).toEqual({
      // 11 batches of users instead of one, of six statements each.
      'who may use an open mailbox': 60,
      'the last page of it': 60,
      'who may use a restricted mailbox': 60,
      'a search in it': 0,
      'the picker': 0,
      'a search in the picker': 0,
      'the identities of a user': 0,
      'the list of mailboxes': 0,
    });
  });

  it('reads neither all users nor all mailboxes, in no statement', () => {
    for (const [name, { rows, bindings }] of Object.entries(large)) {
      // A user is a row for each of its roles; a tenth of the mailboxes is open, and all of these are offered.
      const most = name === 'the identities of a user' ? MAILBOXES / 10 + 2 : PAGE_SIZE * 2;
      const limits = EVERY_USER.has(name) ? { rows: 2000, bindings: 2100 } : { rows: most, bindings: 10 * PAGE_SIZE };
      expect([name, rows <= limits.rows, bindings <= limits.bindings]).toEqual([name, true, true]);
    }
  });

  it('counts and names exactly those who may use an open mailbox, on its first, middle and last pages', async () => {
    const expected = users.filter((_, index) => sends(index));
    for (const page of [1, 2, 33, 65]) {
      const { data, meta } = await whoMayUse(open, `&page=${page}&pageSize=100`);
      expect((data as Row[]).map(({ user }) => user)).toEqual(expected.slice(100 * (page - 1), 100 * page));
      expect(meta.pagination).toMatchObject({ total: 6500, pageCount: 65 });
    }
  });

  it('counts and names exactly those who may use a restricted one, each with the reasons', async () => {
    const { data, meta } = await whoMayUse(restricted, '&pageSize=100');
    const expected = users.flatMap((user, index) => {
      const because = [
        ...(index === 2 ? ['user-grant'] : []),
        ...(index % 100 === 1 ? [`role-grant:${roles.press}`] : []),
      ];
      return sends(index) && because.length > 0 ? [{ user, because }] : [];
    });
    expect(meta.pagination.total).toBe(expected.length);
    expect((data as Row[]).map(({ user, because }) => ({ user, because }))).toEqual(expected.slice(0, 100));
  });

  it('finds users by a part of the name, of both names, or of the account e-mail, and none by a wildcard', async () => {
    const totalOf = async (q: string) => (await whoMayUse(open, `&q=${encodeURIComponent(q)}`)).meta.pagination.total;
    const wanted = users.flatMap((_, index) => (sends(index) && String(index).startsWith('77') ? [index] : []));
    for (const q of ['number 77', 'MEMBER NUMBER 77', 'member-77'])
      expect([q, await totalOf(q)]).toEqual([q, wanted.length]);
    for (const q of ['%', '_', '!', "'", 'nobody']) expect([q, await totalOf(q)]).toEqual([q, 0]);
  });

  it('returns the same identities of a user page by page as in the whole list', async () => {
    const url = `/users/${users[1]}/identities?tenant=default`;
    const { data: whole } = await ask(url);
    const from: unknown[] = [];
    for (let page = 1; page <= 5; page += 1) {
      const { data, meta } = await ask(`${url}&page=${page}&pageSize=${PAGE_SIZE}`);
      expect(meta.pagination.total).toBe(MAILBOXES / 10 + 3);
      expect(data.from.length).toBeLessThanOrEqual(PAGE_SIZE);
      expect(data.preselected).toEqual(whole.preselected);
      from.push(...data.from);
    }
    expect(from).toEqual(whole.from);
    const { data: found } = await ask(`${url}&q=Box 110`);
    expect(found.from.map(({ email }: { email: string }) => email)).toEqual(['many-110@club.example']);
  });

  it('drops a user whose grant has ended, and keeps users with grants in force', async () => {
    const seeds = seedsOf(app);
    const { id: tenant } = await app.service('tenants').default();
    const { id } = await seeds.mailbox(tenant, { restricted: true });
    const [first, second, third] = [users[5], users[6], users[7]];
    await seeds.grant(id, { user: first, expiresAt: '2099-01-01T00:00:00.000Z' });
    const { id: ended } = await seeds.grant(id, { user: second });
    await knex('mailboxes_grants').where({ document_id: ended }).update({ expires_at: 1 });
    await seeds.grant(id, { user: third });
    const { data, meta } = await whoMayUse(id);
    expect((data as Row[]).map(({ user }) => user)).toEqual([first, third]);
    expect(meta.pagination.total).toBe(2);
  });

  it('decides for each user when a permission to send has a condition', async () => {
    const { conditionProvider } = app.strapi.service('admin::permission') as unknown as {
      conditionProvider: { register: (condition: object) => Promise<void> };
    };
    // Strapi takes conditions only while it loads; a plugin of the site would have registered this one then.
    app.strapi.isLoaded = false;
    await conditionProvider.register({
      name: 'even',
      displayName: 'even',
      plugin: 'mailboxes',
      handler: ({ id }: { id: number }) => id % 2 === 0,
    });
    app.strapi.isLoaded = true;
    const permissions = app.strapi.db.query('admin::permission');
    const { id } = await permissions.findOne({ where: { role: { id: roles.editors } } });
    await permissions.update({ where: { id }, data: { conditions: ['plugin::mailboxes.even'] } });
    const expected = users.filter((user, index) => sends(index) && user % 2 === 0);
    const first = await whoMayUse(open, '&pageSize=100');
    const last = await whoMayUse(open, '&pageSize=100&page=30');
    const usersOf = ({ data }: { data: Row[] }) => data.map(({ user }) => user);
    expect(first.meta.pagination.total).toBe(expected.length);
    expect(usersOf(first)).toEqual(expected.slice(0, 100));
    expect(usersOf(last)).toEqual(expected.slice(2900, 3000));
    await permissions.update({ where: { id }, data: { conditions: [] } });
  });
});
