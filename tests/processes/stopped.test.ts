import { prepareAppProcess, startAppProcess, type AppProcess } from '../support/app-process';
import type { TestDatabase } from '../support/database';
import { ROBOT } from '../support/outbox';
import { openLedger, type Ledger } from '../support/proof/ledger';
import { proofConfig, SHORT } from '../support/proof/site';
import { createGate, startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { createDatabase } from '../support/template';

const LIMIT_MS = 120_000;

/** SIGSTOP beyond the lease, then SIGCONT, with a person who asks for another try meanwhile (delivery §3.5). */
describe('a process stopped for longer than its lease', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let server: ScriptedServer;
  const processes: AppProcess[] = [];

  const start = async (): Promise<AppProcess> => {
    const app = await startAppProcess(database, proofConfig(server.port), { timing: SHORT });
    processes.push(app);
    return app;
  };

  beforeAll(async () => {
    database = await createDatabase();
    ledger = openLedger(database);
    server = await startScriptedServer();
  });

  afterAll(async () => {
    await Promise.all(processes.map((app) => app.kill()));
    await ledger.close();
    await server.close();
    await database.drop();
  });

  it(
    'has its late success recorded on its attempt when a later attempt was begun, and overwrites nothing',
    async () => {
      const [gate, second] = [createGate(), createGate()];
      server.play({ replies: { dot: [gate, second] } });
      const slow = await start();
      prepareAppProcess();
      const letter = { actor: ROBOT, from: 'system' as const, to: ['ada@reader.example'], subject: 'Hello' };
      const id = await slow.submit({ ...letter, text: 'Hello' });
      await server.waitFor('dot');
      await slow.suspend();
      const other = await start();
      await ledger.until(id, ({ state }) => state === 'uncertain');

      await other.call('submissions', 'retry', id, { actor: ROBOT });
      await server.waitFor('dot', 2, { timeoutMs: 20_000 });
      gate.open();
      slow.signal('SIGCONT');
      const during = await ledger.until(id, ({ history }) => history[0]?.late === true);
      expect(during).toMatchObject({
        state: 'submitting',
        recipientState: 'pending',
        history: [
          { claim: 1, late: true, reply: expect.stringMatching(/^250/) },
          { claim: 2, late: false, result: null },
        ],
      });

      second.open('550 5.7.1 Not again');
      expect(await ledger.until(id, ({ state }) => state !== 'submitting')).toMatchObject({
        state: 'failed',
        errorCode: 'CONTENT_REJECTED',
        history: [
          { claim: 1, late: true, reply: expect.stringMatching(/^250/) },
          { claim: 2, late: false, reply: expect.stringMatching(/^550/) },
        ],
      });
      expect(server.dataCompleted).toBe(2);
    },
    LIMIT_MS
  );
});
