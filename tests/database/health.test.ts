import path from 'node:path';
import { pauseTransport, readPause } from '../../server/src/outbox/transport-state';
import type { Health } from '../../server/src/submissions/queries/health';
import { runCommand } from '../support/command';
import type { TestDatabase } from '../support/database';
import { createDatabase } from '../support/template';
import { OPERATOR, boot, type App } from '../support/strapi';
import { statementsOf } from '../support/statements';
import { submittedAs, type PutState } from '../support/states';
import { createTypescriptApp } from '../support/typescript-app';

jest.setTimeout(120_000);

const ROOT = path.resolve(__dirname, '../..');
const ROBOT = { type: 'system', name: 'robot' } as const;
const CONFIG = {
  mailboxLimit: 10,
  systemActors: { robot: { mailboxes: 'all' } },
  delivery: { role: 'accept' },
  system: {
    from: { email: 'system@site.example' },
    transport: { host: 'mail.site.example', port: 587, encryption: 'starttls', auth: 'none' },
  },
};

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let app: App;

beforeAll(async () => {
  database = await createDatabase();
  app = await boot({ database, config: CONFIG });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

const report = () => app.service('health').report();
const rows = (id: string) => app.strapi.db.connection('mailboxes_submissions').where({ id });
const put = (state: PutState) => submittedAs(app, ROBOT, state);

/** Runs the command beside the Strapi that is running. */
const command = async (words: string[], options: { cwd?: string; mayWrite?: boolean; config?: object } = {}) => {
  const { delivery: _, ...config } = CONFIG;
  return runCommand(words, {
    cwd: options.cwd ?? path.join(ROOT, 'tests/app'),
    mayWrite: options.mayWrite,
    env: {
      TEST_CONNECTION: JSON.stringify(database.connection),
      TEST_PLUGIN_CONFIG: JSON.stringify({ ...config, ...options.config }),
      TEST_EMAIL_CONFIG: '{}',
      TEST_ENCRYPTION_KEY: 'test-encryption-key',
      TEST_PLUGIN_DISABLED: 'false',
      // Strapi's own log lines must not get into the output.
      TEST_LOG_LEVEL: 'debug',
    },
  });
};

const sumOf = ({ submitted, failed, uncertain, canceled, waiting }: Health): number =>
  submitted + failed + uncertain + canceled + waiting;

describe('health', () => {
  it('is fine while nothing was accepted', async () => {
    expect(await report()).toEqual({
      accepted: 0,
      submitted: 0,
      failed: 0,
      uncertain: 0,
      canceled: 0,
      waiting: 0,
      oldestWaitingSeconds: null,
      late: 0,
      failedLastDay: 0,
      paused: [],
      unreadable: [],
      attention: false,
    });
  });

  it('exits with 0 and prints a table', async () => {
    const { code, stdout } = await command(['health']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^accepted +0$/m) });
    for (const name of ['submitted', 'failed', 'uncertain', 'canceled', 'waiting', 'oldest waiting', 'paused'])
      expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  });

  it('counts every accepted submission once: the other counts add up to accepted', async () => {
    const states: PutState[] = ['held', 'queued', 'claimed', 'transmitting', 'submitted', 'submitted', 'canceled'];
    for (const state of states) await put(state);
    const seen = await report();
    expect(seen).toMatchObject({ accepted: 7, submitted: 2, failed: 0, uncertain: 0, canceled: 1, waiting: 4 });
    expect(sumOf(seen)).toBe(seen.accepted);
    // All of them are for tomorrow.
    expect(seen).toMatchObject({ oldestWaitingSeconds: null, late: 0, attention: false });
  });

  it('reports the waiting time of the oldest due submission', async () => {
    const id = await put('queued');
    await rows(id).update({ due_at: Date.now() - 10 * 60_000 });
    const seen = await report();
    expect(seen).toMatchObject({ late: 0, attention: false });
    expect(seen.oldestWaitingSeconds).toBeGreaterThanOrEqual(599);
    expect(seen.oldestWaitingSeconds).toBeLessThan(720);
    await rows(id).delete();
  });

  it.each<[string, Partial<Health>, () => Promise<() => PromiseLike<unknown>>]>([
    [
      'one is uncertain',
      { uncertain: 1 },
      async () => {
        const id = await put('uncertain');
        return () => rows(id).delete();
      },
    ],
    [
      'one failed in the last 24 hours',
      { failed: 1, failedLastDay: 1 },
      async () => {
        const id = await put('failed');
        return () => rows(id).delete();
      },
    ],
    [
      'one has been due for more than 30 minutes',
      { late: 1 },
      async () => {
        const id = await put('queued');
        await rows(id).update({ due_at: Date.now() - 31 * 60_000 });
        return () => rows(id).delete();
      },
    ],
    [
      'a mailbox rests',
      { paused: [expect.objectContaining({ email: 'news@club.example', code: 'SECRET_REQUIRED' })] as never },
      async () => {
        const { id } = await app.service('mailboxes').create(
          {
            email: 'news@club.example',
            name: 'News',
            authenticated: true,
            smtp: { host: 'mail.club.example', port: 587, encryption: 'starttls', auth: 'password', username: 'news' },
          },
          { actor: OPERATOR }
        );
        return () => app.service('mailboxes').delete(id, { actor: OPERATOR });
      },
    ],
  ])('needs attention while %s', async (_, expected, prepare) => {
    const undo = await prepare();
    const seen = await report();
    expect(seen).toMatchObject({ ...expected, attention: true });
    expect(sumOf(seen)).toBe(seen.accepted);
    await undo();
    expect(await report()).toMatchObject({ attention: false });
  });

  it('needs no attention for failures of the day before', async () => {
    const id = await put('failed');
    await rows(id).update({ settled_at: Date.now() - 25 * HOUR_MS });
    expect(await report()).toMatchObject({ failed: 1, failedLastDay: 0, attention: false });
    await rows(id).delete();
  });

  it('reads any number of mailboxes in the same statements', async () => {
    const knex = app.strapi.db.connection;
    const statements = async () => (await statementsOf(app.strapi, report)).length;
    const secretsOf = (names: string[]) =>
      names.map((mailbox) => ({ mailbox, field: 'smtp.password', value: '', key_id: '', set_at: 0 }));
    await knex('mailboxes_secrets').insert(secretsOf(['lost-0']));
    const few = await statements();
    await knex('mailboxes_secrets').insert(secretsOf(Array.from({ length: 250 }, (_, n) => `lost-${n + 1}`)));
    expect(await statements()).toBe(few);
    await knex('mailboxes_secrets').where('mailbox', 'like', 'lost-%').delete();
  });

  it('exits with 1 when attention is needed, and starts no delivery', async () => {
    const due = await put('queued');
    await rows(due).update({ due_at: Date.now() - 2 * HOUR_MS, next_attempt_at: Date.now() - 1000 });
    const { code, stdout } = await command(['health', '--json']);
    const seen = JSON.parse(stdout) as Health;
    expect(code).toBe(1);
    expect(seen).toMatchObject({ late: 1, attention: true });
    expect(sumOf(seen)).toBe(seen.accepted);
    const { oldestWaitingSeconds: _, ...counts } = await report();
    expect(seen).toMatchObject(counts);
    expect(await app.service('submissions').get(due, { actor: ROBOT })).toMatchObject({ state: 'queued', attempts: 0 });
    expect(await app.strapi.db.connection('mailboxes_attempts').where({ submission: due })).toEqual([]);
    await rows(due).delete();
  });

  it('reads a built TypeScript application whose files and database refuse every write', async () => {
    const site = await createTypescriptApp();
    await put('uncertain');
    const before = await site.files();
    const { code, stdout, stderr } = await command(['health', '--json'], { cwd: site.folder, mayWrite: false });
    expect(stderr).not.toContain('ERR_');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(await report())));
    expect(code).toBe(1);
    expect(await site.files()).toEqual(before);
    await site.remove();
  });

  it('leaves the system mailbox paused though its settings have changed', async () => {
    const connection = app.strapi.db.connection;
    await pauseTransport(connection, 'system', { code: 'HOST_NOT_ALLOWED', message: 'Not allowed.' });
    const other = { from: CONFIG.system.from, transport: { ...CONFIG.system.transport, host: 'other.site.example' } };
    const { stdout } = await command(['health', '--json'], { config: { system: other } });
    expect(JSON.parse(stdout)).toMatchObject({ paused: [{ id: 'system', code: 'HOST_NOT_ALLOWED' }] });
    expect(await readPause(connection, 'system')).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    await connection('mailboxes_transports').where({ id: 'system' }).delete();
  });
});
