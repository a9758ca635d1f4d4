import { prepareAppProcess, startAppProcess, type AppProcess } from '../support/app-process';
import { databaseName, type TestDatabase } from '../support/database';
import { holdReply } from '../support/held-reply';
import { letter } from '../support/letter';
import { ROBOT } from '../support/outbox';
import { openLedger, type Ledger } from '../support/proof/ledger';
import { proofConfig, SHORT } from '../support/proof/site';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { createDatabase } from '../support/template';

const LIMIT_MS = 120_000;
const LEASE_MS = 1000;

/** The database is gone between the server's 250 and the moment at which it would be written. SQLite cannot be gone. */
(databaseName === 'sqlite' ? describe.skip : describe)('a database that is gone while a result is written', () => {
  let database: TestDatabase, ledger: Ledger, server: ScriptedServer, line: TcpProxy;
  const processes: AppProcess[] = [];

  const start = async (over: 'line' | 'directly', leaseMs: number): Promise<AppProcess> => {
    const { connection } = database.connection as { connection: Record<string, unknown> };
    const app = await startAppProcess(database, proofConfig(server.port), {
      timing: { ...SHORT, leaseMs },
      ...(over === 'line' && {
        connection: { ...database.connection, connection: { ...connection, host: '127.0.0.1', port: line.port } },
      }),
    });
    processes.push(app);
    return app;
  };

  beforeEach(async () => {
    database = await createDatabase();
    ledger = openLedger(database);
    server = await startScriptedServer();
    const { host, port } = database.connection.connection as { host: string; port: number };
    line = await startTcpProxy(host, port);
  });

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((app) => app.kill()));
    await ledger.close();
    await server.close();
    await line.close();
    await database.drop();
  });

  /** A submission that the server has said 250 to, and whose process cannot write that down. */
  const cutBeforeTheResult = async (app: AppProcess): Promise<string> => {
    const { held: id, gate } = await holdReply(server, 'dot', () =>
      app.submit({ actor: ROBOT, ...letter({ to: ['ada@reader.example'] }) })
    );
    line.cut();
    gate.open();
    await server.waitFor('accepted');
    await app.waitForLog(/could not be written/, { timeoutMs: 20_000 });
    return id;
  };

  it(
    'says so in the log, and has the result when it is back in time',
    async () => {
      const app = await start('line', 30_000);
      const id = await cutBeforeTheResult(app);
      line.restore();
      expect(await ledger.until(id, ({ state }) => state !== 'submitting')).toMatchObject({
        state: 'submitted',
        history: [{ claim: 1, result: 'accepted' }],
      });
      expect(server.dataCompleted).toBe(1);
    },
    LIMIT_MS
  );

  it(
    'leaves it uncertain when it is not, and nothing is sent again',
    async () => {
      const app = await start('line', LEASE_MS);
      prepareAppProcess();
      const id = await cutBeforeTheResult(app);
      const other = await start('directly', LEASE_MS);
      expect(await ledger.until(id, ({ state }) => state !== 'submitting')).toMatchObject({ state: 'uncertain' });
      line.restore();
      // Both work on: a mail of each, and the one in doubt is still what it was.
      server.play({});
      for (const living of [app, other]) {
        const next = await living.submit({
          actor: ROBOT,
          from: 'system',
          to: ['ben@reader.example'],
          subject: 'Next',
          text: 'Next',
        });
        await ledger.until(next, ({ state }) => state === 'submitted');
      }
      const { state } = await ledger.entry(id);
      expect(['uncertain', 'submitted']).toContain(state);
      expect(server.accepted.filter(({ envelope }) => envelope.to.includes('ada@reader.example'))).toHaveLength(1);
    },
    LIMIT_MS
  );
});
