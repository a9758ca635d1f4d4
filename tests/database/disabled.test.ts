import type { TestDatabase } from '../support/database';
import { createDatabase } from '../support/template';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { siteConfig } from '../support/site';
import { boot, EDITOR, OPERATOR, type App, type Person } from '../support/strapi';
import { forgetEverything } from '../support/uninstall';

jest.setTimeout(120_000);

const KEY = { type: 'core', key: 'persisted_tables' } as const;
const FOREIGN = ['somebody_elses_table', { name: 'another_table' }];
const PASSWORD = 'correct horse battery';

/** Strapi drops tables without a schema at a boot; a plugin that was disabled for one must lose nothing. */
describe('a boot with the plugin disabled', () => {
  let server: MailServer;
  let database: TestDatabase;
  let config: Record<string, unknown>;
  let app: App, ada: Person;
  let role: number;
  let mailbox: string, tenant: string, submission: string;
  let before: Record<string, unknown[]>;

  /** Every row of every table that is ours, the link tables of members among them. */
  const rowsOfOurs = async ({ strapi }: App): Promise<Record<string, unknown[]>> => {
    const tables = (await strapi.db.dialect.schemaInspector.getTables()).filter((name) =>
      name.startsWith('mailboxes_')
    );
    const rows: Record<string, unknown[]> = {};
    // Running processes are no data: their rows end with the process.
    const data = tables.filter((name) => name !== 'mailboxes_processes');
    for (const table of data.sort()) rows[table] = await strapi.db.connection(table).select();
    return rows;
  };

  const permissions = async ({ strapi }: App): Promise<string[]> => {
    const found: { action: string }[] = await strapi.db.query('admin::permission').findMany();
    return found.map(({ action }) => action).sort();
  };

  const write = (from: string) =>
    app.service('submissions').submit({
      actor: { type: 'user', id: ada.id },
      tenant: 'club',
      from: from as 'system',
      to: ['reader@news.example'],
      subject: 'News',
      text: 'Hello',
    });

  beforeAll(async () => {
    server = await startMailServer({ tls: 'none', users: { 'club-login': PASSWORD } });
    database = await createDatabase();
    config = siteConfig(server);
    app = await boot({ config, database });
    role = await app.role(EDITOR, 'Editors of the club');
    ada = await app.person({ roles: [role], firstname: 'Ada' });
    const other = await app.role([]);
    const club = await app
      .service('tenants')
      .create({ name: 'Club', key: 'club', members: { users: [ada.id], roles: [other] } }, { actor: OPERATOR });
    tenant = club.id;
    const made = await app.service('mailboxes').create(
      {
        email: 'news@club.example',
        name: 'News',
        tenant,
        restricted: true,
        authenticated: true,
        smtp: {
          host: '127.0.0.1',
          port: server.port,
          encryption: 'none',
          auth: 'password',
          username: 'club-login',
          password: PASSWORD,
        },
      },
      { actor: OPERATOR }
    );
    mailbox = made.id;
    await app
      .service('mailboxes')
      .create({ email: 'office@club.example', name: 'Office', tenant }, { actor: OPERATOR });
    await app.service('grants').create({ mailbox, user: ada.id }, { actor: OPERATOR });
    await app.service('grants').create({ mailbox, role: other }, { actor: OPERATOR });
    submission = (await write(`mailbox:${mailbox}`)).id;
    await app.service('submissions').whenSettled(submission, { actor: { type: 'user', id: ada.id } });
    await app.as(ada).post('/drafts', { tenant: 'club', subject: 'News' }).expect(201);
    await app.strapi.store.set({ ...KEY, value: [...FOREIGN, ...((await app.strapi.store.get(KEY)) as unknown[])] });
    before = await rowsOfOurs(app);
    await app.stop();
  });

  afterAll(async () => {
    await app.stop();
    await database.drop();
    await server.close();
  });

  it('sees rows in every table before', () => {
    expect(Object.keys(before).length).toBeGreaterThanOrEqual(14);
    for (const table of [
      'secrets',
      'grants',
      'mailboxes',
      'tenants',
      'submissions',
      'attempts',
      'message_chunks',
      'draft_chunks',
    ])
      expect(before[`mailboxes_${table}`]?.length).toBeGreaterThan(0);
    expect(Object.keys(before).filter((name) => name.includes('member') && before[name]?.length)).toHaveLength(2);
  });

  it('leaves every table and row as it was', async () => {
    app = await boot({ config, database, disabled: true });
    expect(app.strapi.plugins.mailboxes).toBeUndefined();
    expect(await rowsOfOurs(app)).toEqual(before);
    await app.stop();
  });

  it('keeps the entries of others among the persisted tables, and adds ours once', async () => {
    app = await boot({ config, database });
    expect(await rowsOfOurs(app)).toEqual(before);
    const entries = (await app.strapi.store.get(KEY)) as unknown[];
    expect(entries).toEqual(expect.arrayContaining(FOREIGN));
    const ours = entries.filter((entry) => typeof entry === 'string' && entry.startsWith('mailboxes_'));
    expect(ours).toHaveLength(5);
    expect(new Set(ours).size).toBe(5);
  });

  it('removes only the ticked permissions of the roles, as Strapi does', async () => {
    expect((await permissions(app)).filter((action) => action === 'plugin::mailboxes.communication.send')).toHaveLength(
      1
    );
    await expect(write('system')).rejects.toMatchObject({ details: { code: 'FORBIDDEN_TO_SEND' } });
  });

  it('names the roles that lost theirs until they have them back, and does not name them again', async () => {
    const root = await app.superAdmin();
    const setup = async () => (await app.as(root).get('/mailboxes').expect(200)).body.meta.setup;
    const lost = [{ role, name: 'Editors of the club', actions: ['communication.send'] }];
    expect(await setup()).toMatchObject({ nobodyMaySend: true, lostPermissions: lost });
    await app.stop();
    app = await boot({ config, database });
    expect(await setup()).toMatchObject({ lostPermissions: lost });
    await app.strapi.db.query('admin::permission').create({
      data: {
        action: 'plugin::mailboxes.communication.send',
        properties: {},
        conditions: [],
        actionParameters: {},
        role,
      },
    });
    expect(await setup()).toMatchObject({ nobodyMaySend: false, lostPermissions: [] });
  });

  it('names no role whose permission was unticked while the plugin was enabled', async () => {
    const root = await app.superAdmin();
    const other = await app.role(['log.read'], 'Readers');
    await app.strapi.service('admin::role').assignPermissions(other, []);
    await app.stop();
    app = await boot({ config, database });
    const { body } = await app.as(root).get('/mailboxes').expect(200);
    expect(body.meta.setup.lostPermissions).toEqual([]);
  });

  it('names no role for a permission that this version no longer registers', async () => {
    const root = await app.superAdmin();
    const other = await app.role(['log.read'], 'Auditors');
    const action = 'plugin::mailboxes.audit.read';
    const data = { action, properties: {}, conditions: [], actionParameters: {}, role: other };
    await app.strapi.db.query('admin::permission').create({ data });
    const store = () => app.strapi.store({ type: 'plugin', name: 'mailboxes' });
    await store().set({ key: 'rolePermissions', value: { [other]: ['plugin::mailboxes.log.read', action] } });
    await store().set({ key: 'lostPermissions', value: { [other]: ['plugin::mailboxes.templates.manage'] } });
    await app.stop();
    app = await boot({ config, database });
    const { body } = await app.as(root).get('/mailboxes').expect(200);
    expect(body.meta.setup.lostPermissions).toEqual([]);
    expect(await permissions(app)).not.toContain(action);
  });

  it('clears the lost permissions for the operator only', async () => {
    const manager = await app.person({ actions: ['mailboxes.read'] });
    const root = await app.superAdmin();
    await app.as(manager).delete('/lost-permissions').expect(403);
    await app.strapi
      .store({ type: 'plugin', name: 'mailboxes' })
      .set({ key: 'lostPermissions', value: { [role]: ['plugin::mailboxes.log.read'] } });
    const names = async () =>
      (await app.as(manager).get('/mailboxes').expect(200)).body.meta.setup.lostPermissions.map(
        ({ name }: { name: string }) => name
      );
    expect(await names()).toEqual(['Editors of the club']);
    await app.as(root).delete('/lost-permissions').expect(204);
    expect(await names()).toEqual([]);
  });

  it('still opens the password and sends through the mailbox', async () => {
    const { id } = await write(`mailbox:${mailbox}`);
    const settled = await app.service('submissions').whenSettled(id, { actor: { type: 'user', id: ada.id } });
    expect(settled).toMatchObject({ state: 'submitted', error: null });
    const messages = await server.waitForMessages(2);
    expect(messages.map(({ authenticatedAs }) => authenticatedAs)).toEqual(['club-login', 'club-login']);
    expect(await app.service('submissions').get(submission, { actor: { type: 'user', id: ada.id } })).toMatchObject({
      state: 'submitted',
    });
  });

  it('leaves nothing to a new installation after the statements of the documentation', async () => {
    await app.stop();
    app = await boot({ config, database, disabled: true });
    await forgetEverything(app.strapi);
    expect(await rowsOfOurs(app)).toEqual({});
    const stored = await app.strapi.db.connection('strapi_core_store_settings').select('key');
    expect(stored.map(({ key }: { key: string }) => key).filter((key) => key.startsWith('plugin_mailboxes'))).toEqual(
      []
    );
    await app.stop();
    app = await boot({ config, database });
    const { body } = await app
      .as(await app.superAdmin())
      .get('/mailboxes')
      .expect(200);
    expect(body).toMatchObject({ data: [], meta: { setup: { lostPermissions: [] } } });
  });
});
