import { databaseName } from '../support/database';
import { boot, MANAGER, OPERATOR, type App, type Person } from '../support/strapi';

jest.setTimeout(60_000);

interface Answer {
  status: number;
  code: string | undefined;
}

/** A tenant, what it owns, and what its counter says: the two must be the same number. */
describe('quota and uniqueness (rules §6, §7)', () => {
  let app: App, admin: Person, operator: Person;
  let counter = 0;

  beforeAll(async () => {
    app = await boot({
      config: {
        mailboxLimit: 1,
        system: {
          from: { email: 'system@site.example' },
          transport: { host: 'mail.site.example', port: 587, encryption: 'starttls', auth: 'none' },
        },
      },
    });
    admin = await app.person({ actions: MANAGER, firstname: 'Carol' });
    operator = await app.person({ actions: [...MANAGER, 'tenants.manage'], firstname: 'Olga' });
  });

  afterAll(() => app.stop());

  const tenant = (mailboxLimit: number | null) =>
    app
      .service('tenants')
      .create(
        { name: `Tenant ${(counter += 1)}`, mailboxLimit, members: { users: [admin.id, operator.id], roles: [] } },
        { actor: OPERATOR }
      );

  const place = async (id: string) => {
    const { quota } = (await app.service('tenants').findOne(id, { actor: OPERATOR })) ?? {};
    const owned = await app.service('mailboxes').findMany({ actor: OPERATOR, tenant: id });
    return { counted: quota?.used, owned: owned.filter((mailbox) => mailbox.tenant === id).length };
  };

  const post = async (person: Person, body: Record<string, unknown>): Promise<Answer> => {
    const { status, body: answer } = await app.as(person).post('/mailboxes', { name: 'Info', ...body });
    return { status, code: answer.error?.details.code };
  };

  const fresh = (): string => `info-${(counter += 1)}@club.example`;

  const add = (id: string, input: Record<string, unknown> = {}) =>
    app.service('mailboxes').create({ email: fresh(), name: 'Info', tenant: id, ...input }, { actor: OPERATOR });

  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: { details?: { code?: string } }) => error.details?.code ?? String(error)
    );

  const times = <T>(n: number, work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: n }, (_, index) => work(index)));

  const tally = (codes: readonly (string | number | undefined)[]): Record<string, number> =>
    codes.reduce<Record<string, number>>((sum, code) => ({ ...sum, [String(code)]: (sum[String(code)] ?? 0) + 1 }), {});

  it('lets exactly one of 20 parallel requests have the only place', async () => {
    const { id } = await tenant(1);
    const answers = await times(20, () => post(admin, { email: fresh(), tenant: id }));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 1, 409: 19 });
    expect(tally(answers.map(({ code }) => code))).toEqual({ undefined: 1, MAILBOX_QUOTA_EXCEEDED: 19 });
    expect(await place(id)).toEqual({ counted: 1, owned: 1 });
  });

  it('lets exactly one of 20 parallel requests have an address, and the others cost no place', async () => {
    const { id } = await tenant(100);
    const answers = await times(20, () => post(admin, { email: 'same@club.example', tenant: id }));
    expect(tally(answers.map(({ code }) => code))).toEqual({ undefined: 1, MAILBOX_ADDRESS_TAKEN: 19 });
    expect(await place(id)).toEqual({ counted: 1, owned: 1 });
  });

  it('keeps one global mailbox per address across tenants, in parallel too', async () => {
    const tenants = await times(5, () => tenant(5));
    const answers = await times(5, (index) =>
      post(operator, { email: 'everywhere@club.example', global: true, tenant: tenants[index]?.id })
    );
    expect(tally(answers.map(({ code }) => code))).toEqual({ undefined: 1, MAILBOX_ADDRESS_TAKEN: 4 });
    // An address that is not global is each tenant's own.
    const local = await times(5, (index) => post(admin, { email: 'local@club.example', tenant: tenants[index]?.id }));
    expect(local.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  });

  it('refuses to make a second mailbox of an address global', async () => {
    const [one, two] = [await tenant(5), await tenant(5)];
    await add(one.id, { email: 'twice@club.example', global: true });
    const other = await add(two.id, { email: 'twice@club.example' });
    const update = app.service('mailboxes').update(other.id, { global: true }, { actor: OPERATOR });
    expect(await codeOf(update)).toBe('MAILBOX_ADDRESS_TAKEN');
  });

  it.each([
    ['case', 'Anna@Club.Example', 'anna@club.example'],
    ['IDN and A-label', 'info@bücher.example', 'info@xn--bcher-kva.example'],
    ['IDN in upper case', 'office@BÜCHER.example', 'office@bücher.example'],
    ['composed and decomposed domain', 'nfc@b\u00fccher.example', 'nfc@bu\u0308cher.example'],
  ])('takes two spellings of one address for one: %s', async (_, first, second) => {
    const { id } = await tenant(5);
    await add(id, { email: first });
    expect(await codeOf(add(id, { email: second }))).toBe('MAILBOX_ADDRESS_TAKEN');
    expect(await place(id)).toEqual({ counted: 1, owned: 1 });
  });

  it.each([
    ['ä', 'a'],
    ['ß', 'ss'],
    ['ı', 'i'],
    ['é', 'e'],
  ])('takes %s and %s for two addresses', async (first, second) => {
    const { id } = await tenant(5);
    await add(id, { email: `info@x${first}x.example` });
    expect(await codeOf(add(id, { email: `info@x${second}x.example` }))).toBe('done');
    // The compared form alone: the index does not fold an address, even one that the address rules accept.
    const rows: { id: number; email_key: string }[] = await app.strapi.db
      .connection('mailboxes_mailboxes')
      .orderBy('id', 'desc')
      .limit(2);
    const [last, before] = rows;
    await app.strapi.db
      .connection('mailboxes_mailboxes')
      .where({ id: before?.id })
      .update({ email_key: `${first}@club.example`, global_key: `${first}${id}` });
    await app.strapi.db
      .connection('mailboxes_mailboxes')
      .where({ id: last?.id })
      .update({ email_key: `${second}@club.example`, global_key: `${second}${id}` });
    const found = await app.strapi.db
      .connection('mailboxes_mailboxes')
      .where('email_key', `${second}@club.example`)
      .select('id');
    expect(found).toEqual([{ id: last?.id }]);
  });

  const onMariaDb = databaseName === 'mariadb' ? it : () => undefined;
  onMariaDb('compares addresses byte by byte on MariaDB', async () => {
    const [rows] = (await app.strapi.db.connection.raw(
      `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name, COLLATION_NAME AS collation FROM information_schema.COLUMNS
       WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME IN ('email_key', 'global_key', 'address_key', 'code_key', 'from_key', 'reply_key')`
    )) as [{ collation: string }[]];
    expect(rows).toHaveLength(7);
    expect(tally(rows.map(({ collation }) => collation))).toEqual({ utf8mb4_bin: 7 });
  });

  it('takes a place with a move in and gives it back with the move out, in parallel too', async () => {
    const [home, target] = [await tenant(6), await tenant(2)];
    const mailboxes = await times(6, () => add(home.id));
    const moves = await Promise.all(
      mailboxes.map(({ id }) => codeOf(app.service('mailboxes').update(id, { tenant: target.id }, { actor: OPERATOR })))
    );
    expect(tally(moves)).toEqual({ done: 2, MAILBOX_QUOTA_EXCEEDED: 4 });
    expect(await place(home.id)).toEqual({ counted: 4, owned: 4 });
    expect(await place(target.id)).toEqual({ counted: 2, owned: 2 });
    const moved = (await app.service('mailboxes').findMany({ actor: OPERATOR, tenant: target.id }))
      .filter((mailbox) => mailbox.tenant === target.id)
      .map(({ id }) => id);
    await Promise.all(
      [...moved, ...moved].map((id) => app.service('mailboxes').update(id, { tenant: home.id }, { actor: OPERATOR }))
    );
    expect(await place(home.id)).toEqual({ counted: 6, owned: 6 });
    expect(await place(target.id)).toEqual({ counted: 0, owned: 0 });
  });

  // SQLite has a single writer.
  const withRowLocks = databaseName === 'sqlite' ? () => undefined : it;

  withRowLocks(
    'locks both tenants of a move in the order of their ids, so that opposite moves never deadlock',
    async () => {
      const [from, to] = [await tenant(9), await tenant(9)];
      const mailbox = await add(from.id);
      const row = (id: string) => app.strapi.db.connection('mailboxes_tenants').where({ document_id: id }).forUpdate();
      const first = await app.strapi.db.connection.transaction();
      await row(from.id).transacting(first);
      const move = app.service('mailboxes').update(mailbox.id, { tenant: to.id }, { actor: OPERATOR });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const other = await app.strapi.db.connection.transaction();
      const isFree = await row(to.id)
        .noWait()
        .transacting(other)
        .then(
          () => true,
          () => false
        );
      await other.rollback();
      await first.rollback();
      expect(await move).toMatchObject({ tenant: to.id });
      expect(isFree).toBe(true);
    }
  );

  it('costs no place to move to where the address is taken', async () => {
    const [home, target] = [await tenant(5), await tenant(5)];
    await add(target.id, { email: 'taken@club.example' });
    const { id } = await add(home.id, { email: 'taken@club.example' });
    const move = app.service('mailboxes').update(id, { tenant: target.id }, { actor: OPERATOR });
    expect(await codeOf(move)).toBe('MAILBOX_ADDRESS_TAKEN');
    expect(await place(home.id)).toEqual({ counted: 1, owned: 1 });
    expect(await place(target.id)).toEqual({ counted: 1, owned: 1 });
  });

  it('gives the place back once, however often a mailbox is deleted at the same time', async () => {
    const { id } = await tenant(3);
    const mailbox = await add(id);
    await times(2, () => add(id));
    const deletions = await times(5, () => codeOf(app.service('mailboxes').delete(mailbox.id, { actor: OPERATOR })));
    expect(tally(deletions)).toEqual({ done: 1, NOT_FOUND: 4 });
    expect(await place(id)).toEqual({ counted: 2, owned: 2 });
    expect((await post(admin, { email: fresh(), tenant: id })).status).toBe(201);
  });

  it('keeps existing mailboxes when the limit falls below the count, and adds none', async () => {
    const { id } = await tenant(3);
    const mailboxes = await times(3, () => add(id));
    await app.service('tenants').update(id, { mailboxLimit: 1 }, { actor: OPERATOR });
    const writer = await app.person();
    await app.service('tenants').update(id, { members: 'everyone' }, { actor: OPERATOR });
    const list = await app.service('identities').listFor({ actor: { type: 'user', id: writer.id }, tenant: id });
    const offered = list.from.map((identity) => identity.id);
    expect(offered).toEqual(expect.arrayContaining(mailboxes.map((mailbox) => `mailbox:${mailbox.id}`)));
    await app.service('mailboxes').update(mailboxes[0]?.id ?? '', { name: 'Renamed' }, { actor: OPERATOR });
    expect(await post(admin, { email: fresh(), tenant: id })).toEqual({ status: 409, code: 'MAILBOX_QUOTA_EXCEEDED' });
    await times(2, (index) => app.service('mailboxes').delete(mailboxes[index]?.id ?? '', { actor: OPERATOR }));
    expect(await codeOf(add(id))).toBe('MAILBOX_QUOTA_EXCEEDED');
    expect(await place(id)).toEqual({ counted: 1, owned: 1 });
  });

  it('applies a limit of zero to every user, an operator and a super admin included', async () => {
    const { id } = await tenant(0);
    const root = await app.superAdmin();
    await app.service('tenants').update(id, { members: 'everyone' }, { actor: OPERATOR });
    for (const person of [admin, operator, root])
      expect((await post(person, { email: fresh(), tenant: id })).code).toBe('MAILBOX_QUOTA_EXCEEDED');
    expect(await codeOf(add(id))).toBe('MAILBOX_QUOTA_EXCEEDED');
    expect(await codeOf(add(id, { enabled: false }))).toBe('MAILBOX_QUOTA_EXCEEDED');
    expect(await codeOf(add(id, { global: true }))).toBe('MAILBOX_QUOTA_EXCEEDED');
    expect(await place(id)).toEqual({ counted: 0, owned: 0 });
  });

  it('takes the configuration where the tenant says nothing', async () => {
    const { id } = await tenant(null);
    await add(id);
    expect(await codeOf(add(id))).toBe('MAILBOX_QUOTA_EXCEEDED');
  });

  it('counts again at every start', async () => {
    const { id } = await tenant(5);
    await times(2, () => add(id));
    await app.strapi.db.connection('mailboxes_tenants').where({ document_id: id }).update({ mailbox_count: 5 });
    expect(await codeOf(add(id))).toBe('MAILBOX_QUOTA_EXCEEDED');
    await app.service('tenants').ensureDefault();
    expect(await place(id)).toEqual({ counted: 2, owned: 2 });
  });
});
