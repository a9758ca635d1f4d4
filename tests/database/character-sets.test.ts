import { migrate } from '../../server/src/database/migrations';
import { TABLES } from '../../server/src/database/tables';
import { createMariadbOf, databaseName, type TestDatabase } from '../support/database';
import { siteConfig } from '../support/site';
import { boot, EVERYTHING, OPERATOR, type App, type Person } from '../support/strapi';

jest.setTimeout(120_000);

const ROCKET = '🚀 Größe';

/** On PostgreSQL and SQLite a text is a text. */
(databaseName === 'mariadb' ? describe.each(['utf8mb3', 'latin1']) : describe.skip.each(['utf8mb3']))(
  'a MariaDB database whose character set is %s',
  (charset) => {
    let database: TestDatabase;
    let app: App;
    let ada: Person;

    beforeAll(async () => {
      database = await createMariadbOf(charset);
      await start();
      ada = await app.person({ actions: EVERYTHING });
    });

    afterAll(async () => {
      await app.stop();
      await database.drop();
    });

    const start = async () => {
      app = await boot({ database, config: siteConfig({ port: 2525 }, { delivery: { role: 'accept' } }) });
    };
    const rows = async <T>(sql: string): Promise<T[]> => ((await app.strapi.db.connection.raw(sql)) as [T[]])[0];
    const found = async (url: string): Promise<unknown[]> =>
      (
        await app
          .as(ada)
          .get(`${url}${encodeURIComponent(ROCKET)}`)
          .expect(200)
      ).body.data;

    it('keeps every character of a message and of its recipients, and finds it by them', async () => {
      const to = [{ email: 'reader@news.example', name: ROCKET }];
      const { body } = await app
        .as(ada)
        .post('/submissions', { from: 'system', to, subject: ROCKET, text: ROCKET })
        .expect(202);
      const { body: read } = await app.as(ada).get(`/submissions/${body.data.id}`).expect(200);
      expect(read.data).toMatchObject({ subject: ROCKET, recipients: [{ name: ROCKET }] });
      expect(await found('/submissions?q=')).toMatchObject([{ id: body.data.id }]);
      expect(await found('/recipients?q=')).toMatchObject([{ email: 'reader@news.example', name: ROCKET }]);
    });

    it('keeps every character of a draft, and finds it by them', async () => {
      const { body } = await app.as(ada).post('/drafts', { subject: ROCKET, text: ROCKET }).expect(201);
      expect((await app.as(ada).get(`/drafts/${body.data.id}`)).body.data).toMatchObject({ subject: ROCKET });
      expect(await found('/drafts?q=')).toMatchObject([{ id: body.data.id }]);
    });

    it('looks for every character in the tables of Strapi, and finds nothing', async () => {
      const { id } = await app
        .service('mailboxes')
        .create({ email: 'b@club.example', name: 'Box' }, { actor: OPERATOR });
      for (const url of [
        '/mailboxes?q=',
        '/tenants?q=',
        '/pickers/users?q=',
        '/pickers/roles?q=',
        '/guard/findings?q=',
        `/mailboxes/${id}/who-may-use?q=`,
      ])
        expect([url, await found(url)]).toEqual([url, []]);
      const refusals = [
        app.as(ada).get(`/identities?tenant=${encodeURIComponent(ROCKET)}`),
        app.as(ada).get(`/mailboxes?tenant=${encodeURIComponent(ROCKET)}`),
        app.as(ada).post('/submissions', { from: `mailbox:${ROCKET}`, to: ['a@b.example'], subject: '', text: '' }),
      ];
      for (const { status } of await Promise.all(refusals)) expect([400, 403, 404]).toContain(status);
    });

    it('is logged once, with the tables of Strapi and the remedy', () => {
      const warnings = app.logs.filter((line) => line.includes('character set'));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(`have the character set ${charset}`);
      expect(warnings[0]).toContain('ALTER TABLE mailboxes_mailboxes CONVERT TO CHARACTER SET utf8mb4');
    });

    it('lets the migration widen tables that are there, and changes nothing else of them', async () => {
      const shape = async (): Promise<unknown[]> => [
        await rows(`SHOW CREATE TABLE ${TABLES.messages}`),
        await rows(`SHOW CREATE TABLE ${TABLES.submissions}`),
        await rows(`SHOW CREATE TABLE ${TABLES.recipients}`),
      ];
      const before = await shape();
      const { body } = await app
        .as(ada)
        .post('/submissions', { from: 'system', to: ['reader@news.example'], subject: 'Größe', text: 'Hello' })
        .expect(202);
      await rows(`DELETE FROM ${TABLES.messages} WHERE subject LIKE '%🚀%'`);
      await rows(`DELETE FROM ${TABLES.recipients} WHERE name LIKE '%🚀%'`);
      // As a version before this one made them.
      await rows(`ALTER TABLE ${TABLES.messages} DEFAULT CHARACTER SET ${charset},
        MODIFY id VARCHAR(64) CHARACTER SET ${charset} NOT NULL, MODIFY subject TEXT CHARACTER SET ${charset} NOT NULL`);
      await rows(`ALTER TABLE ${TABLES.submissions} DEFAULT CHARACTER SET ${charset},
        MODIFY lane VARCHAR(64) CHARACTER SET ${charset} NOT NULL DEFAULT 'system',
        MODIFY from_name VARCHAR(255) CHARACTER SET ${charset} DEFAULT NULL`);
      await rows(`ALTER TABLE ${TABLES.recipients} DEFAULT CHARACTER SET ${charset},
        MODIFY name VARCHAR(255) CHARACTER SET ${charset} DEFAULT NULL`);
      await rows(`DELETE FROM ${TABLES.migrations} WHERE name = '0008-utf8mb4'`);
      expect(await migrate(app.strapi)).toEqual(['0008-utf8mb4']);
      expect(await shape()).toEqual(before);
      expect((await app.as(ada).get(`/submissions/${body.data.id}`)).body.data).toMatchObject({ subject: 'Größe' });
    });

    it('takes emoji in names once the tables were converted as the log says, and compares addresses as before', async () => {
      const [warning = ''] = app.logs.filter((line) => line.includes('character set'));
      const { message } = JSON.parse(warning) as { message: string };
      for (const sql of message.slice(message.indexOf('ALTER DATABASE')).split('; ')) await rows(sql);
      await app.stop();
      await start();
      expect(app.logs.filter((line) => line.includes('character set'))).toEqual([]);
      await app.service('mailboxes').create({ email: 'a@club.example', name: ROCKET }, { actor: OPERATOR });
      const collations = await rows<{ c: string }>(
        `SELECT COLLATION_NAME AS c FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
         AND TABLE_NAME = 'mailboxes_mailboxes' AND COLUMN_NAME IN ('email_key', 'global_key')`
      );
      expect(collations.map(({ c }) => c)).toEqual(['utf8mb4_bin', 'utf8mb4_bin']);
    });
  }
);
