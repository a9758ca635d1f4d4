import { inspect } from 'node:util';
import { isForeignKeyViolation, isUniqueViolation } from '../../server/src/database/dialect';
import { TABLES } from '../../server/src/database/tables';
import { databaseName } from '../support/database';
import { siteConfig } from '../support/site';
import { boot, EVERYTHING, type App, type Person } from '../support/strapi';

jest.setTimeout(60_000);

const SUBJECT = 'Canary subject';
const TEXT = 'Canary text of the message';
const HTML = '<p>Canary text of the message</p>';
const BCC = 'canary-bcc@reader.example';
const NAME = 'Canary Name';
const CANARIES = [SUBJECT, TEXT, BCC, NAME, 'canary@club.example', 'canary-search'];
/** The database's own message: administrators need it to find the cause. */
const SAID = 'no room left for this row';

let app: App;
let ada: Person;

beforeAll(async () => {
  app = await boot({ config: siteConfig({ port: 2525 }, { delivery: { role: 'accept' } }) });
  ada = await app.person({ actions: EVERYTHING });
});

afterAll(() => app.stop());

const run = (sql: string) => app.strapi.db.connection.raw(sql);

const REFUSING: Record<typeof databaseName, (table: string, event: string) => [on: string[], off: string[]]> = {
  sqlite: (table, event) => [
    [`CREATE TRIGGER refusing BEFORE ${event} ON ${table} BEGIN SELECT RAISE(ABORT, '${SAID}'); END`],
    ['DROP TRIGGER refusing'],
  ],
  postgres: (table, event) => [
    [
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${SAID}'; END $$`,
      `CREATE TRIGGER refusing BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`,
    ],
    [`DROP TRIGGER refusing ON ${table}`, 'DROP FUNCTION refuse'],
  ],
  mariadb: (table, event) => [
    [
      `CREATE TRIGGER refusing BEFORE ${event} ON ${table} FOR EACH ROW
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${SAID}'`,
    ],
    ['DROP TRIGGER refusing'],
  ],
};

/** Error lines only: request lines contain URLs with the search terms. */
const errorsSince = (before: number): string =>
  app.logs
    .slice(before)
    .filter((line) => /error/.test(String((JSON.parse(line) as { level: unknown }).level)))
    .join('\n');

/** Makes the database refuse every such statement on the table while `work` runs. @returns the errors logged meanwhile */
const whileRefused = async (table: string, event: 'INSERT' | 'UPDATE', work: () => Promise<unknown>) => {
  const [on, off] = REFUSING[databaseName](table, event);
  for (const sql of on) await run(sql);
  const before = app.logs.length;
  try {
    await work();
  } finally {
    for (const sql of off) await run(sql);
  }
  return errorsSince(before);
};

/** As it is, and as statements carry bytes. */
const formsOf = (canary: string): string[] => {
  const bytes = Buffer.from(canary);
  return [canary, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64').slice(0, -4)];
};

const found = (text: string): string[] =>
  CANARIES.filter((canary) => formsOf(canary).some((form) => text.toLowerCase().includes(form.toLowerCase())));

const message = () => ({
  from: 'system',
  to: [{ email: 'canary@club.example', name: NAME }],
  bcc: [BCC],
  subject: SUBJECT,
  text: TEXT,
  html: HTML,
});

const submit = () => app.as(ada).post('/submissions', message()).expect(500);
const writeDraft = () => app.as(ada).post('/drafts', message()).expect(500);
const addMailbox = () => app.as(ada).post('/mailboxes', { email: 'canary@club.example', name: NAME }).expect(500);

describe('the log, when a statement fails', () => {
  it.each([
    [TABLES.messages, submit],
    [TABLES.chunks, submit],
    [TABLES.recipients, submit],
    [TABLES.submissions, submit],
    [TABLES.drafts, writeDraft],
    [TABLES.draftChunks, writeDraft],
    ['mailboxes_mailboxes', addMailbox],
  ])('holds the words of the database and no value for an INSERT into %s', async (table, work) => {
    const log = await whileRefused(table, 'INSERT', work);
    expect(log).toContain(SAID);
    expect(log).toContain(table);
    expect(found(log)).toEqual([]);
  });

  it('holds no value for an UPDATE of a draft', async () => {
    const { body } = await app.as(ada).post('/drafts', { subject: 'Hello' }).expect(201);
    const { id, version } = body.data;
    const log = await whileRefused(TABLES.drafts, 'UPDATE', () =>
      app
        .as(ada)
        .put(`/drafts/${id}`, { ...message(), version })
        .expect(500)
    );
    expect(log).toContain(SAID);
    expect(found(log)).toEqual([]);
  });

  it('holds no text that was searched for, in a table of Strapi either', async () => {
    // No statement reads this column by its name before the one that searches it.
    await run('ALTER TABLE admin_roles RENAME COLUMN name TO elsewhere');
    const before = app.logs.length;
    try {
      await app.as(ada).get('/pickers/roles?q=canary-search').expect(500);
    } finally {
      await run('ALTER TABLE admin_roles RENAME COLUMN elsewhere TO name');
    }
    const log = errorsSince(before);
    expect(log).toMatch(/ I?LIKE /);
    expect(found(log)).toEqual([]);
  });
});

describe('the error of a failed statement', () => {
  const insert = (values: object) => app.strapi.db.connection(TABLES.guardFindings).insert(values);
  const finding = { id: BCC, from_text: SUBJECT, caller: NAME, verdict: 'FORBIDDEN_FROM', count: 1 };
  const moments = { first_at: 1, last_at: 1 };
  const errorOf = (work: PromiseLike<unknown>): Promise<Error & { code?: string }> =>
    Promise.resolve(work).then(
      () => Promise.reject(new Error('it was not refused')),
      (error: Error) => error
    );
  const everythingIn = (error: Error): string => `${inspect(error, { showHidden: true, depth: 9 })} ${error.stack}`;

  it('keeps the code of a unique index, and not the value that is taken', async () => {
    await insert({ ...finding, ...moments });
    const error = await errorOf(insert({ ...finding, ...moments }));
    expect(isUniqueViolation(error)).toBe(true);
    expect(found(everythingIn(error))).toEqual([]);
  });

  it('is the same within a transaction', async () => {
    const error = await errorOf(
      app.strapi.db.transaction(async ({ trx }) => {
        await (trx as unknown as typeof app.strapi.db.connection)(TABLES.guardFindings).insert({
          ...finding,
          ...moments,
        });
      })
    );
    expect(isUniqueViolation(error)).toBe(true);
    expect(isForeignKeyViolation(error)).toBe(false);
    expect(found(everythingIn(error))).toEqual([]);
  });

  it('names the column that lacks a value', async () => {
    const error = await errorOf(insert({ ...finding, id: 'another', first_at: 1 }));
    expect(error.message).toContain('last_at');
    expect(found(everythingIn(error))).toEqual([]);
  });

  it('leaves statements on tables of others as they are', async () => {
    const error = await errorOf(app.strapi.db.connection('admin_roles').insert({ nothing: 'of-another' }));
    expect(error.message).toContain(databaseName === 'postgres' ? '$1' : 'of-another');
  });
});
