import { migrate, MIGRATIONS } from '../../server/src/database/migrations';
import type { Migration } from '../../server/src/database/migrations/migration';
import { createEmptyDatabase, type TestDatabase } from '../support/database';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { boot, OPERATOR, type App } from '../support/strapi';
import { checkOut, previousCommit, ROOT, runVersion } from '../support/version';

jest.setTimeout(180_000);

const PASSWORD = 'correct horse battery';
const NAMES = MIGRATIONS.map(({ name }) => name);

const configFor = (server: MailServer) => ({
  system: {
    from: { email: 'system@site.example' },
    transport: { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'none' },
  },
  network: { allow: ['127.0.0.1'] },
});

interface Seeded {
  user: number;
  mailbox: string;
  grant: string;
  submission: Record<string, unknown> & { id: string };
}

describe('migrations', () => {
  let server: MailServer;
  let database: TestDatabase;
  let app: App | null;

  beforeAll(async () => {
    server = await startMailServer({ tls: 'none', users: { login: PASSWORD } });
  });

  beforeEach(async () => {
    app = null;
    database = await createEmptyDatabase();
  });

  afterEach(async () => {
    await app?.stop();
    await database.drop();
  });

  afterAll(() => server.close());

  const start = async (): Promise<App> => (app = await boot({ config: configFor(server), database }));

  const recorded = async ({ strapi }: App): Promise<string[]> =>
    (await strapi.db.connection('mailboxes_migrations').orderBy('name').select('name')).map(
      ({ name }: { name: string }) => name
    );

  const ourTables = async ({ strapi }: App): Promise<string[]> =>
    (await strapi.db.dialect.schemaInspector.getTables()).filter((name) => name.startsWith('mailboxes_')).sort();

  /** Data written by a version before this one. */
  const seed = (root: string): Promise<Seeded> =>
    runVersion<Seeded>(
      { root, work: 'seed', port: server.port },
      {
        TEST_CONNECTION: JSON.stringify(database.connection),
        TEST_PLUGIN_CONFIG: JSON.stringify(configFor(server)),
        TEST_EMAIL_CONFIG: '{}',
        TEST_ENCRYPTION_KEY: 'test-encryption-key',
        TEST_PLUGIN_DISABLED: 'false',
        STRAPI_TELEMETRY_DISABLED: 'true',
      }
    ).result;

  const expectEverything = async (now: App, { user, mailbox, grant, submission }: Seeded): Promise<void> => {
    const actor = { type: 'user', id: user } as const;
    expect(await now.service('mailboxes').findOne(mailbox, { actor: OPERATOR })).toMatchObject({
      email: 'News@club.example',
      restricted: true,
      smtp: { hasPassword: true },
      state: 'ok',
    });
    expect(await now.service('grants').findMany({ actor: OPERATOR, mailbox })).toMatchObject([{ id: grant, user }]);
    expect(await now.service('submissions').get(submission.id, { actor })).toMatchObject(submission);
    const from = `mailbox:${mailbox}` as const;
    const { id } = await now
      .service('submissions')
      .submit({ actor, from, to: ['reader@news.example'], subject: 'News', text: 'Hello' });
    expect(await now.service('submissions').whenSettled(id, { actor })).toMatchObject({ state: 'submitted' });
    expect(server.messages.at(-1)).toMatchObject({ authenticatedAs: 'login' });
  };

  it('keep the data that the version before this one wrote', async () => {
    const version = checkOut(previousCommit());
    try {
      const seeded = await seed(version.root);
      expect(seeded.submission).toMatchObject({ state: 'submitted' });
      const now = await start();
      expect(await recorded(now)).toEqual(NAMES);
      await expectEverything(now, seeded);
    } finally {
      version.remove();
    }
  });

  it('run once, and in their order', async () => {
    const now = await start();
    expect(await recorded(now)).toEqual(NAMES);
    expect(await migrate(now.strapi)).toEqual([]);
    const order: string[] = [];
    const more = ['9001-b', '9000-a'].map((name): Migration => ({ name, up: async () => void order.push(name) }));
    expect(await migrate(now.strapi, more)).toEqual(['9001-b', '9000-a']);
    expect(await migrate(now.strapi, more)).toEqual([]);
    expect(order).toEqual(['9001-b', '9000-a']);
  });

  it('are completed at the next start after a kill in the middle, and keep the existing rows', async () => {
    const seeded = await seed(ROOT);
    let now = await start();
    const tables = await ourTables(now);
    // As after a kill on a database that commits at every change of a table: some tables, and no record.
    for (const table of ['mailboxes_audit', 'mailboxes_last_choices', 'mailboxes_transports'])
      await now.strapi.db.connection.schema.dropTable(table);
    await now.strapi.db.connection('mailboxes_migrations').delete();
    await now.stop();
    now = await start();
    expect(await recorded(now)).toEqual(NAMES);
    expect(await ourTables(now)).toEqual(tables);
    await expectEverything(now, seeded);
  });

  it('leave no record and no lock behind when one fails, and resume at the failed one', async () => {
    const now = await start();
    let broken = true;
    const half: Migration = {
      name: '9000-half',
      up: async ({ create }) => {
        await create('mailboxes_half_one', (table) => void table.string('id', 10));
        if (broken) throw new Error('killed');
        await create('mailboxes_half_two', (table) => void table.string('id', 10));
      },
    };
    await expect(migrate(now.strapi, [half])).rejects.toThrow('killed');
    expect(await recorded(now)).toEqual(NAMES);
    broken = false;
    expect(await migrate(now.strapi, [half])).toEqual(['9000-half']);
    expect(await ourTables(now)).toEqual(expect.arrayContaining(['mailboxes_half_one', 'mailboxes_half_two']));
  });

  it('run once when two processes start at the same time', async () => {
    const now = await start();
    const tables = await ourTables(now);
    const own = tables.filter((name) => !/^mailboxes_(mailboxes|grants|tenants)/.test(name));
    expect(own.length).toBeGreaterThanOrEqual(10);
    for (const table of own) await now.strapi.db.connection.schema.dropTable(table);
    await now.stop();
    app = null;
    const job = { root: ROOT, work: 'migrate', connection: database.connection } as const;
    const processes = [runVersion<string[]>(job), runVersion<string[]>(job), runVersion<string[]>(job)];
    await Promise.all(processes.map(({ ready }) => ready));
    processes.forEach(({ go }) => go());
    const ran = await Promise.all(processes.map(({ result }) => result));
    expect(ran.flat().sort()).toEqual(NAMES);
    const again = await start();
    expect(await ourTables(again)).toEqual(tables);
    expect(await recorded(again)).toEqual(NAMES);
  });

  it('change no table inside a transaction where the database commits each change', async () => {
    const now = await start();
    for (const table of ['mailboxes_audit', 'mailboxes_attempts'])
      await now.strapi.db.connection.schema.dropTable(table);
    await now.strapi.db.connection('mailboxes_migrations').delete();
    const said: unknown[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((...words) => void said.push(...words));
    try {
      expect(await migrate(now.strapi)).toEqual(NAMES);
    } finally {
      log.mockRestore();
    }
    expect(said).toEqual([]);
  });
});
