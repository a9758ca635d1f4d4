import { prepareAppProcess, startAppProcess, type AppProcess } from '../support/app-process';
import { databaseName, type TestDatabase } from '../support/database';
import { openLedger, type Ledger } from '../support/proof/ledger';
import { BUSY, proofConfig } from '../support/proof/site';
import { randomFrom } from '../support/random';
import { startMailServerProcess, type MailServerProcess } from '../support/smtp/server-process';
import { createDatabase } from '../support/template';

const PROCESSES = databaseName === 'sqlite' ? 1 : 2;
const KILLS = 5;
const PER_KILL = 8;
const LIMIT_MS = 240_000;

type Ending = { email: string; sent: boolean; code?: string };

/** Issue "guard": a guarded call is one attempt, even if its process is killed. */
describe('mail of Strapi itself, while its processes are killed', () => {
  let database: TestDatabase;
  let server: MailServerProcess;
  let ledger: Ledger;
  let apps: AppProcess[];

  beforeAll(async () => {
    database = await createDatabase();
    ledger = openLedger(database);
    server = await startMailServerProcess({
      rcptDelayMs: 40,
      replyDelayMs: 200,
      dropAfterDot: { every: 9, stored: true },
      dropBefore354: { every: 7 },
    });
    apps = [];
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.kill()));
    await ledger.close();
    await server.stop();
    await database.drop();
  });

  const start = async (): Promise<void> => {
    const config = { ...proofConfig(server.port), guard: { mode: 'enforce' } };
    apps.push(await startAppProcess(database, config, { timing: BUSY }));
  };

  it(
    'reaches the server at most once a call, and every call is accounted for',
    async () => {
      const random = randomFrom(7);
      const endings: Ending[] = [];
      const calls: Promise<void>[] = [];
      const send = (app: AppProcess): void => {
        const email = `mail-${calls.length}@reader.example`;
        const options = { to: email, subject: 'Reset your password', text: 'A secret link' };
        calls.push(
          app.call('plugin::email.email', 'send', options).then(
            () => void endings.push({ email, sent: true }),
            ({ code }: { code?: string }) => void endings.push({ email, sent: false, code })
          )
        );
      };

      for (let killed = 0; killed <= KILLS; killed += 1) {
        while (apps.length < PROCESSES) await start();
        if (killed < KILLS) prepareAppProcess();
        for (let number = 0; number < PER_KILL; number += 1) send(apps[number % PROCESSES] as AppProcess);
        if (killed === KILLS) break;
        await server.waitForSteps(1 + Math.floor(random() * PER_KILL * 2));
        await apps.shift()?.kill();
      }
      await Promise.all(calls);
      // Killed ones are ended by the process that is left, when their lease is over.
      for (const until = Date.now() + LIMIT_MS; (await ledger.unsettled()) > 0 && Date.now() < until;)
        await new Promise((resolve) => setTimeout(resolve, 100));

      const has = new Map<string, number>();
      for (const { envelope } of (await server.snapshot()).accepted)
        for (const to of envelope.to) has.set(to, (has.get(to) ?? 0) + 1);
      expect([...has].filter(([, times]) => times > 1)).toEqual([]);

      const entries = await ledger.entries();
      const stateOf = new Map(entries.map((entry) => [entry.email, entry]));
      expect(entries.filter(({ claims }) => claims !== 1)).toEqual([]);
      for (const { email, state, errorCode } of entries) {
        expect(['submitted', 'failed', 'uncertain']).toContain(state);
        if (state === 'submitted') expect(has.get(email)).toBe(1);
        if (state === 'failed') expect([errorCode, has.has(email)]).toEqual(['ATTEMPT_FAILED', false]);
      }
      // A result that a caller received must be stored; a process killed during the call may have written nothing yet.
      for (const { email, sent, code } of endings) {
        if (sent) expect(stateOf.get(email)).toMatchObject({ state: 'submitted' });
        else if (code !== undefined) expect(stateOf.get(email)).toMatchObject({ errorCode: code });
      }
      expect(endings).toHaveLength(calls.length);
      expect(endings.some(({ sent }) => sent)).toBe(true);
      expect(endings.some(({ sent, code }) => !sent && code === undefined)).toBe(true);
    },
    LIMIT_MS
  );

  it('leaves no text of a mail in the database', async () => {
    expect(await ledger.db('mailboxes_message_chunks').select('*')).toEqual([]);
  });
});
