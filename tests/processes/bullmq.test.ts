import { Queue } from 'bullmq';
import { startAppProcess, type AppProcess, type Timing } from '../support/app-process';
import { databaseName, type TestDatabase } from '../support/database';
import { letter } from '../support/letter';
import { ROBOT } from '../support/outbox';
import { openLedger, type Entry, type Ledger } from '../support/proof/ledger';
import { proofConfig } from '../support/proof/site';
import { startRedis, type RedisServer } from '../support/redis';
import { engines } from '../support/seed';
import { createGate, startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { createDatabase } from '../support/template';

const LIMIT_MS = 120_000;
/** No poll and no sweep helps: only jobs, and the return of Redis, wake a process. */
const NEVER: Timing = { pollMs: 3_600_000 };

const several = engines.includes('bullmq') && databaseName !== 'sqlite' ? describe : describe.skip;

/** Delivery §6: the processes of one site, woken over a Redis that is stopped, hangs or is flushed. */
several('processes woken by BullMQ', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let server: ScriptedServer;
  let redis: RedisServer;
  let accepting: AppProcess;
  const processes: AppProcess[] = [];
  let number = 0;

  const start = async (name: string, role: string, timing: Timing = NEVER): Promise<AppProcess> => {
    const config = proofConfig(server.port, { engine: 'bullmq', redis: redis.url, role, concurrency: 2 });
    const network = { ...(config.network as object), ehloName: `${name}.site.example` };
    const app = await startAppProcess(database, { ...config, network }, { timing, logLevel: 'info' });
    processes.push(app);
    await app.waitForLog(/Redis answers/);
    return app;
  };

  beforeAll(async () => {
    [database, server, redis] = await Promise.all([createDatabase(), startScriptedServer(), startRedis()]);
    ledger = openLedger(database);
    [accepting] = await Promise.all([start('accept', 'accept'), start('one', 'deliver'), start('two', 'deliver')]);
  }, LIMIT_MS);

  beforeEach(() => {
    server.reset();
    server.play({});
  });

  afterAll(async () => {
    await Promise.all(processes.map((app) => app.kill()));
    await ledger.close();
    await server.close();
    await redis.close();
    await database.drop();
  });

  const submit = (count: number, differs: object = {}): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        accepting.submit({
          actor: ROBOT,
          ...letter({ to: [`mail-${(number += 1)}@reader.example`], ...differs }),
        })
      )
    );
  const submitted = (ids: readonly string[]): Promise<Entry[]> =>
    Promise.all(ids.map((id) => ledger.until(id, ({ state }) => state === 'submitted')));
  const eachOnce = (count: number): void => {
    const recipients = server.accepted.flatMap(({ envelope }) => envelope.to);
    expect([recipients.length, new Set(recipients).size]).toEqual([count, count]);
  };

  it('share a burst at once', async () => {
    const gate = createGate();
    server.play({ replies: { dot: gate } });
    const ids = await submit(4);
    await server.waitFor('dot', 4, { timeoutMs: 20_000 });
    const sessions = new Set(server.log.filter(({ stage }) => stage === 'dot').map(({ session }) => session));
    const names = server.log.filter(({ stage, session }) => stage === 'ehlo' && sessions.has(session));
    gate.open();
    expect(new Set(names.map(({ arg }) => arg))).toEqual(new Set(['one.site.example', 'two.site.example']));
    await submitted(ids);
    eachOnce(4);
  });

  it('deliver a mail once when its job is doubled, stale or of an unknown submission', async () => {
    const gate = createGate();
    server.play({ replies: { dot: [gate] } });
    const [id = ''] = await submit(1);
    await server.waitFor('dot', 1, { timeoutMs: 20_000 });
    const { hostname, port } = new URL(redis.url);
    const queue = new Queue('outbox', { connection: { host: hostname, port: Number(port) }, prefix: 'mailboxes' });
    const options = { removeOnComplete: true, removeOnFail: true };
    await queue.addBulk(
      [
        { id, attempt: 1 },
        { id, attempt: 2 },
        { id, attempt: 99 },
        { id: 'unknown', attempt: 1 },
      ].map((data, index) => ({ name: 'due', data, opts: { ...options, jobId: `planted-${index}` } }))
    );
    while ((await queue.getJobCountByTypes('wait', 'active', 'delayed')) > 0)
      await new Promise((resolve) => setImmediate(resolve));
    gate.open();
    expect(await submitted([id])).toMatchObject([{ claims: 1 }]);
    eachOnce(1);
    await queue.close();
  });

  it('deliver mail that was accepted while Redis was stopped, once it is back', async () => {
    await redis.stop();
    await accepting.waitForLog(/Redis does not answer/);
    const ids = await submit(6);
    for (const id of ids) expect(await ledger.entry(id)).toMatchObject({ state: 'queued', claims: 0 });
    await redis.start();
    await submitted(ids);
    eachOnce(6);
    await submitted(await submit(1));
  });

  it('deliver mail that was accepted while Redis hung', async () => {
    redis.suspend();
    const ids = await submit(6);
    redis.resume();
    await submitted(ids);
    eachOnce(6);
  });

  it('retry a deferred submission by a job of its own', async () => {
    server.play({ replies: { rcpt: ['450 4.2.0 Greylisted'] } });
    const [id = ''] = await submit(1);
    await ledger.until(id, ({ attempts }) => attempts === 1);
    while ((await redis.client.exists(`mailboxes:outbox:${id}-2`)) === 0)
      await new Promise((resolve) => setImmediate(resolve));
    await accepting.call('submissions', 'cancel', id, { actor: ROBOT });
  });

  it(
    'deliver mail whose jobs were flushed',
    async () => {
      const sendAt = new Date(Date.now() + 5_000).toISOString();
      const ids = await submit(3, { sendAt });
      while ((await redis.client.zcard('mailboxes:outbox:delayed')) < 3)
        await new Promise((resolve) => setImmediate(resolve));
      await redis.client.flushall();
      await start('sweeper', 'deliver', { pollMs: 500 });
      await submitted(ids);
      eachOnce(3);
    },
    LIMIT_MS
  );
});
