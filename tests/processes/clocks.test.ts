import { startAppProcess, type AppProcess } from '../support/app-process';
import { databaseName, type TestDatabase } from '../support/database';
import { createDatabase } from '../support/template';
import { letter } from '../support/letter';
import { ROBOT } from '../support/outbox';
import { openLedger, type Ledger } from '../support/proof/ledger';
import { proofConfig } from '../support/proof/site';
import { createGate, startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';

const LIMIT_MS = 120_000;
const LEASE_SECONDS = 3;
const MINUTE_MS = 60_000;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** Delivery §3: leases and due times are compared with the database's clock alone. SQLite has one process, and one clock. */
(databaseName === 'sqlite' ? describe.skip : describe)('two processes whose clocks are five minutes apart', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let server: ScriptedServer;
  let ahead: AppProcess, behind: AppProcess;
  let number = 0;

  beforeAll(async () => {
    database = await createDatabase();
    ledger = openLedger(database);
    server = await startScriptedServer();
    const config = proofConfig(server.port, { leaseSeconds: LEASE_SECONDS });
    const first = startAppProcess(database, config, { clockShiftMs: 2.5 * MINUTE_MS });
    const second = startAppProcess(database, config, { clockShiftMs: -2.5 * MINUTE_MS, after: first });
    [ahead, behind] = await Promise.all([first, second]);
  }, LIMIT_MS);

  afterAll(async () => {
    await Promise.all([ahead, behind].map((app) => app.kill()));
    await ledger.close();
    await server.close();
    await database.drop();
  });

  const submit = (app: AppProcess): Promise<string> =>
    app.submit({ actor: ROBOT, ...letter({ to: [`mail-${(number += 1)}@reader.example`] }) });

  it(
    'hand over each mail once, at once',
    async () => {
      server.play({});
      const before = server.accepted.length;
      const ids = await Promise.all(Array.from({ length: 40 }, (_, index) => submit(index % 2 ? ahead : behind)));
      for (const id of ids) await ledger.until(id, ({ state }) => state === 'submitted');
      const recipients = server.accepted.slice(before).flatMap(({ envelope }) => envelope.to);
      expect(new Set(recipients).size).toBe(40);
      expect(recipients).toHaveLength(40);
    },
    LIMIT_MS
  );

  it.each([
    ['ahead', () => ahead],
    ['behind', () => behind],
  ])(
    'take no live lease from a process with another clock: %s',
    async (_which, holder) => {
      const gate = createGate();
      server.play({ replies: { dot: [gate] } });
      const dots = server.dataCompleted;
      const id = await submit(holder());
      await server.waitFor('dot', dots + 1, { timeoutMs: 20_000 });
      const leaseOf = async (): Promise<number> =>
        Number((await ledger.db('mailboxes_submissions').where({ id }).first('lease_until')).lease_until);
      const first = await leaseOf();
      // Both look for expired ones meanwhile; it is renewed three times over.
      while ((await leaseOf()) < first + 3 * LEASE_SECONDS * 1000) {
        expect(await ledger.entry(id)).toMatchObject({ state: 'submitting', claims: 1 });
        await turn();
      }
      gate.open();
      expect(await ledger.until(id, ({ state }) => state !== 'submitting')).toMatchObject({ state: 'submitted' });
    },
    LIMIT_MS
  );
});
