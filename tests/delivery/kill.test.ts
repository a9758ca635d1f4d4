import { startAppProcess, type AppProcess } from '../support/app-process';
import type { TestDatabase } from '../support/database';
import { createDatabase } from '../support/template';
import { createGate, startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { bootForDelivery, ROBOT, settled } from '../support/outbox';
import type { App } from '../support/strapi';

const LEASE_SECONDS = 3;

/** Delivery §3 and §7 with a process that really ends, at the worst moments. */
describe('a process that ends in the middle', () => {
  let database: TestDatabase;
  let server: ScriptedServer;
  let first: AppProcess | undefined;
  let second: App | undefined;
  let config: Record<string, unknown>;

  beforeEach(async () => {
    database = await createDatabase();
    server = await startScriptedServer();
    config = {
      systemActors: { robot: { mailboxes: 'all' } },
      network: { allow: ['127.0.0.1'] },
      system: {
        from: { email: 'system@site.example' },
        transport: { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'none' },
      },
      delivery: { leaseSeconds: LEASE_SECONDS, shutdownGraceMs: 5000 },
    };
    first = await startAppProcess(database, config);
  });

  afterEach(async () => {
    await first?.kill();
    await second?.stop();
    second = undefined;
    await server.close();
    await database.drop();
  });

  const submit = async (): Promise<string> => {
    const id = await first?.submit({
      actor: ROBOT,
      from: 'system',
      to: ['ada@reader.example'],
      subject: 'Hello',
      text: 'Hello',
    });
    if (id === undefined) throw new Error('there is no process');
    return id;
  };

  const bootAgain = async (): Promise<App> => {
    second = await bootForDelivery({ database, config });
    return second;
  };

  const kill = async (): Promise<void> => {
    await first?.kill();
    first = undefined;
  };

  it('before 354: the next one delivers, once', async () => {
    const gate = createGate();
    server.play({ replies: { data: [gate] } });
    const id = await submit();
    await server.waitFor('data');
    await kill();
    gate.open();
    const app = await bootAgain();
    const submission = await app.service('submissions').get(id, { actor: ROBOT });
    expect(await settled(app, submission)).toMatchObject({ state: 'submitted', attempts: 1, error: null });
    expect({ accepted: server.accepted.length, completed: server.dataCompleted }).toEqual({
      accepted: 1,
      completed: 1,
    });
  }, 120_000);

  it('after the end of data: nobody knows, and nothing is sent again', async () => {
    const gate = createGate();
    server.play({ replies: { dot: [gate] } });
    const id = await submit();
    await server.waitFor('dot');
    await kill();
    gate.open();
    const app = await bootAgain();
    const submission = await app.service('submissions').get(id, { actor: ROBOT });
    expect(await settled(app, submission)).toMatchObject({
      state: 'uncertain',
      error: { code: 'UNCERTAIN' },
      recipients: [{ state: 'uncertain', reply: null }],
    });
    expect(server.sessions).toHaveLength(1);
  }, 120_000);

  it('in an orderly way before 354: it gives the claim back at once', async () => {
    const gate = createGate();
    server.play({ replies: { data: [gate] } });
    const id = await submit();
    await server.waitFor('data');
    await first?.stop();
    first = undefined;
    expect(server.dataCompleted).toBe(0);
    gate.open();
    const app = await bootAgain();
    const submission = await app.service('submissions').get(id, { actor: ROBOT });
    expect(await settled(app, submission)).toMatchObject({ state: 'submitted', attempts: 1 });
    expect(server.accepted).toHaveLength(1);
  }, 120_000);

  it('in an orderly way after the end of data: it waits for the reply', async () => {
    const gate = createGate();
    server.play({ replies: { dot: [gate] } });
    const id = await submit();
    await server.waitFor('dot');
    const stopped = first?.stop();
    gate.open();
    await stopped;
    first = undefined;
    const app = await bootAgain();
    expect(await app.service('submissions').get(id, { actor: ROBOT })).toMatchObject({
      state: 'submitted',
      attempts: 1,
    });
    expect(server.accepted).toHaveLength(1);
  }, 120_000);
});
