import type { Submission } from '../../server/src/submissions/service';
import { prepareAppProcess, startAppProcess, type AppProcess } from '../support/app-process';
import type { TestDatabase } from '../support/database';
import { holdReply } from '../support/held-reply';
import { createDatabase } from '../support/template';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { letter } from '../support/letter';
import { ROBOT } from '../support/outbox';
import { proofConfig, SHORT } from '../support/proof/site';

/** Delivery §3 and §7 with a process that really ends, at the worst moments. */
describe('a process that ends in the middle', () => {
  let database: TestDatabase;
  let server: ScriptedServer;
  let first: AppProcess | undefined;
  let second: AppProcess | undefined;

  const start = (): Promise<AppProcess> => startAppProcess(database, proofConfig(server.port), { timing: SHORT });

  beforeEach(async () => {
    database = await createDatabase();
    server = await startScriptedServer();
    first = await start();
    prepareAppProcess();
  });

  afterEach(async () => {
    await first?.kill();
    await second?.kill();
    second = undefined;
    await server.close();
    await database.drop();
  });

  const submit = async (): Promise<string> => {
    const id = await first?.submit({ actor: ROBOT, ...letter() });
    if (id === undefined) throw new Error('there is no process');
    return id;
  };

  const bootAgain = async (): Promise<AppProcess> => {
    second = await start();
    return second;
  };
  const settled = (app: AppProcess, id: string): Promise<Submission> =>
    app.call('submissions', 'whenSettled', id, { actor: ROBOT, timeoutMs: 20_000 }) as Promise<Submission>;

  const kill = async (): Promise<void> => {
    await first?.kill();
    first = undefined;
  };

  it('before 354: the next one delivers, once', async () => {
    const { held: id, gate } = await holdReply(server, 'data', submit);
    await kill();
    gate.open();
    const app = await bootAgain();
    expect(await settled(app, id)).toMatchObject({ state: 'submitted', attempts: 1, error: null });
    expect({ accepted: server.accepted.length, completed: server.dataCompleted }).toEqual({
      accepted: 1,
      completed: 1,
    });
  }, 120_000);

  it('after the end of data: the submission is uncertain and is not sent again', async () => {
    const { held: id, gate } = await holdReply(server, 'dot', submit);
    await kill();
    gate.open();
    const app = await bootAgain();
    expect(await settled(app, id)).toMatchObject({
      state: 'uncertain',
      error: { code: 'UNCERTAIN' },
      recipients: [{ state: 'uncertain', reply: null }],
    });
    expect(server.sessions).toHaveLength(1);
  }, 120_000);

  it('in an orderly way before 354: it gives the claim back at once', async () => {
    const { held: id, gate } = await holdReply(server, 'data', submit);
    await first?.stop();
    first = undefined;
    expect(server.dataCompleted).toBe(0);
    gate.open();
    const app = await bootAgain();
    expect(await settled(app, id)).toMatchObject({ state: 'submitted', attempts: 1 });
    expect(server.accepted).toHaveLength(1);
  }, 120_000);

  it('in an orderly way after the end of data: it waits for the reply', async () => {
    const { held: id, gate } = await holdReply(server, 'dot', submit);
    const stopped = first?.stop();
    gate.open();
    await stopped;
    first = undefined;
    const app = await bootAgain();
    expect(await app.get(id, { actor: ROBOT })).toMatchObject({ state: 'submitted', attempts: 1 });
    expect(server.accepted).toHaveLength(1);
  }, 120_000);
});
