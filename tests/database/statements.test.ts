import type { Knex, Queries } from '../../server/src/database/dialect';
import type { Actor } from '../../server/src/domain/actor';
import { databaseName } from '../support/database';
import { isControl, statementsOf, type Statement } from '../support/statements';
import { boot, OPERATOR, type App, type Person } from '../support/strapi';

jest.setTimeout(60_000);

const MAILBOXES = 10_000;
const GRANTS = 3_000;
const GLOBAL = 20;
const OF_NEIGHBOUR = 10;
const LIMIT = 5;

/** Reading the facts of a decision costs the same number of statements however many mailboxes there are (rules §8). */
describe('statements of a decision', () => {
  let app: App;
  let ada: Person;
  let neighbour: Person;
  let knex: Knex;
  /** `big` owns almost all mailboxes, `small` a few. */
  let big: { id: string };
  let small: { id: string };
  let asked: Record<string, { actor: Actor; tenant?: string }>;

  beforeAll(async () => {
    app = await boot({
      config: {
        mailboxLimit: 100_000,
        // Delivery looks for work every few seconds: its statements are not those of a decision.
        delivery: { role: 'accept' },
        system: {
          from: { email: 'system@site.example' },
          transport: { host: 'mail.site.example', port: 587, encryption: 'starttls', auth: 'none' },
        },
        systemActors: {
          newsdesk: { mailboxes: 'all', tenant: 'big' },
          robot: { mailboxes: ['small-1@club.example'], tenant: 'small' },
        },
      },
    });
    knex = app.strapi.db.connection;
    const roles = [await app.role(['communication.send']), await app.role([]), await app.role(['communication.send'])];
    ada = await app.person({ roles, firstname: 'Ada' });
    neighbour = await app.person({ roles: roles.slice(0, 2), firstname: 'Ben' });
    const tenants = app.service('tenants');
    big = await tenants.create(
      { name: 'Big', key: 'big', members: { users: [ada.id], roles: [roles[2] ?? 0] } },
      { actor: OPERATOR }
    );
    small = await tenants.create(
      { name: 'Small', key: 'small', members: { users: [neighbour.id], roles: [roles[1] ?? 0] } },
      { actor: OPERATOR }
    );
    for (const [tenant, n] of [
      [big, 10],
      [small, OF_NEIGHBOUR],
    ] as const)
      await insertMailboxes(tenant === big ? 'big' : 'small', tenant.id, 1, n);
    asked = {
      'a user with three roles': { actor: { type: 'user', id: ada.id }, tenant: 'big' },
      'a user of a small tenant': { actor: { type: 'user', id: neighbour.id }, tenant: 'small' },
      'a user who names no tenant': { actor: { type: 'user', id: ada.id } },
      'a system actor for all mailboxes': { actor: { type: 'system', name: 'newsdesk' } },
      'a system actor of a small tenant': { actor: { type: 'system', name: 'robot' } },
    };
  });

  afterAll(() => app.stop());

  const idOf = (name: string, n: number): string => `${name}${n}`.padEnd(24, 'x');

  const insertMailboxes = async (name: string, tenant: string, first: number, last: number): Promise<void> => {
    const [row]: { id: number }[] = await knex('mailboxes_tenants').where({ document_id: tenant }).select('id');
    const rows = Array.from({ length: last - first + 1 }, (_, index) => {
      const email = `${name}-${first + index}@club.example`;
      const global = name === 'big' && first > 1 && index < GLOBAL;
      return {
        document_id: idOf(name, first + index),
        tenant_id: row?.id,
        email,
        email_key: email,
        global_key: global ? email : null,
        name: email,
        enabled: true,
        sender: true,
        reply: index % 2 === 0,
        global,
        restricted: index % 3 !== 0,
        authenticated: false,
      };
    });
    for (let at = 0; at < rows.length; at += 500) await knex('mailboxes_mailboxes').insert(rows.slice(at, at + 500));
  };

  /** Spread over the mailboxes, for the users and roles of this test and for many others. */
  const insertGrants = async (): Promise<void> => {
    const mailboxes: { id: number }[] = await knex('mailboxes_mailboxes').orderBy('id').select('id');
    const others = await Promise.all(Array.from({ length: 20 }, () => app.role([])));
    const rows = mailboxes.slice(0, GRANTS).map(({ id }, index) => ({
      document_id: idOf('grant', index),
      mailbox_id: id,
      user_id: index % 50 === 0 ? ada.id : null,
      role_id: index % 50 === 0 ? null : index % 50 === 1 ? ada.roles[2] : others[index % 20],
      expires_at: null,
      granted_at: 1,
    }));
    for (let at = 0; at < rows.length; at += 500) await knex('mailboxes_grants').insert(rows.slice(at, at + 500));
  };

  const capture = async (work: () => Promise<unknown>): Promise<Statement[]> =>
    (await statementsOf(app.strapi, work)).filter((statement) => !isControl(statement));

  const questions = (question: { actor: Actor; tenant?: string }) => {
    const identities = app.service('identities');
    return {
      listFor: () => identities.listFor(question),
      check: () => identities.check({ ...question, from: `mailbox:${idOf('small', 1)}`, replyTo: 'system' }),
    };
  };

  const countAll = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const [who, question] of Object.entries(asked)) {
      for (const [name, ask] of Object.entries(questions(question))) {
        const started = process.hrtime.bigint();
        counts[`${name}: ${who}`] = (await capture(ask)).length;
        timings.push(`${name}: ${who} ${Number((process.hrtime.bigint() - started) / 1_000_000n)} ms`);
      }
    }
    const all = Object.values(asked).map((question) => ({ ...question, from: 'system' as const }));
    const decide = () => app.strapi.db.transaction(({ trx }) => app.service('identities').decide(trx as Queries, all));
    counts['point of no return of five submissions'] = (await capture(decide)).length;
    return counts;
  };

  const timings: string[] = [];
  let few: Record<string, number>;

  it('are at most five', async () => {
    few = await countAll();
    for (const count of Object.values(few)) expect(count).toBeLessThanOrEqual(LIMIT);
  });

  it('are as many at 10,000 mailboxes and 3,000 grants as at 20', async () => {
    await insertMailboxes('big', big.id, 11, MAILBOXES - OF_NEIGHBOUR);
    await insertGrants();
    timings.length = 0;
    await analyze();
    expect(await countAll()).toEqual(few);
    process.stdout.write(`${databaseName}: ${JSON.stringify(few)}\n${timings.join('\n')}\n`);
  });

  it('list the permitted identities at that size, too', async () => {
    const { from } = await app
      .service('identities')
      .listFor({ actor: { type: 'user', id: neighbour.id }, tenant: small.id });
    // Every third of ten is not restricted, and so is every third of the twenty global ones.
    expect(from.filter(({ source }) => source === 'mailbox')).toHaveLength(4 + 7);
    expect(from.filter(({ global }) => global)).toHaveLength(7);
  });

  it('read mailboxes and grants by an index for a tenant that owns few of them', async () => {
    const plans = new Set<string>();
    for (const [who, question] of Object.entries(asked)) {
      if (!who.endsWith('of a small tenant')) continue;
      for (const ask of Object.values(questions(question))) {
        for (const statement of await capture(ask)) {
          const lines = await plan(statement);
          const scanned = lines.filter(isFullScan);
          lines.forEach((line) => plans.add(line));
          expect({ who, scanned, sql: scanned.length > 0 ? statement.sql : '' }).toEqual({ who, scanned: [], sql: '' });
        }
      }
    }
    expect(plans.size).toBeGreaterThan(1);
    process.stdout.write(`${[...plans].join('\n')}\n`);
  });

  const analyze = async (): Promise<void> => {
    const tables = ['mailboxes_mailboxes', 'mailboxes_grants', 'mailboxes_tenants', 'admin_users'];
    if (databaseName === 'sqlite') await knex.raw('ANALYZE');
    else for (const table of tables) await knex.raw(`ANALYZE ${databaseName === 'mariadb' ? 'TABLE ' : ''}??`, [table]);
  };

  /** How the database reads our two large tables: `m` is mailboxes, `g` is grants. One line for each table. */
  const plan = async ({ sql, bindings }: Statement): Promise<string[]> => {
    const values = bindings as (string | number)[];
    if (databaseName === 'sqlite') {
      const rows = (await knex.raw(`EXPLAIN QUERY PLAN ${sql}`, values)) as { detail: string }[];
      return rows.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH) [mg]\b/.test(detail));
    }
    if (databaseName === 'postgres') {
      const { rows } = (await knex.raw(`EXPLAIN ${sql.replace(/\$\d+/g, '?')}`, values)) as {
        rows: { 'QUERY PLAN': string }[];
      };
      return rows.map((row) => row['QUERY PLAN'].trim()).filter((line) => /mailboxes_(mailboxes|grants)/.test(line));
    }
    const [rows] = (await knex.raw(`EXPLAIN ${sql}`, values)) as [{ table: string; type: string; key: string }[]];
    return rows
      .filter(({ table }) => ['m', 'g'].includes(table))
      .map(({ table, type, key }) => `${table}: ${type} by ${key}`);
  };

  const isFullScan = (line: string): boolean =>
    ({
      sqlite: /^SCAN /,
      postgres: /Seq Scan on/,
      mariadb: /: (ALL|index) by/,
    })[databaseName].test(line);
});
