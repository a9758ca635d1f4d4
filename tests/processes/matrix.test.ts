import { prepareAppProcess, startAppProcess, type AppProcess } from '../support/app-process';
import { databaseName, type TestDatabase } from '../support/database';
import { holdReply } from '../support/held-reply';
import { letter } from '../support/letter';
import { ROBOT } from '../support/outbox';
import { openLedger, type Entry, type Ledger } from '../support/proof/ledger';
import { proofConfig, SHORT } from '../support/proof/site';
import { startRedis, type RedisServer } from '../support/redis';
import { engines, runsInFull, seedText } from '../support/seed';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { createDatabase } from '../support/template';

const LIMIT_MS = 120_000;
/** More than the buffers of both ends of a local connection take, so that a server that does not read holds it. */
const LARGE_TEXT = `${'A line of a very long mail that a slow server takes its time with.'.padEnd(76)}\n`.repeat(
  220_000
);

type Point = 'claimed' | 'after 354' | 'mid-body' | 'end of data' | '250 before commit';
type Signal = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP';
interface Expected {
  state: Entry['state'];
  /** How often the server has the message. */
  accepted: number;
}

const once: Expected = { state: 'submitted', accepted: 1 };
const doubt: Expected = { state: 'uncertain', accepted: 1 };
const brokenOff: Expected = { state: 'uncertain', accepted: 0 };

/** Result for a submission whose process is hit at that point, after another process has run. */
const MATRIX: [Point, Signal, Expected][] = [
  ['claimed', 'SIGKILL', once],
  ['claimed', 'SIGTERM', once],
  ['claimed', 'SIGSTOP', once],
  ['after 354', 'SIGKILL', once],
  ['after 354', 'SIGTERM', once],
  ['after 354', 'SIGSTOP', once],
  ['mid-body', 'SIGKILL', brokenOff],
  ['mid-body', 'SIGTERM', once],
  // The process continues, finds before the last chunk that its lease expired, and closes without the dot.
  ['mid-body', 'SIGSTOP', brokenOff],
  ['end of data', 'SIGKILL', doubt],
  ['end of data', 'SIGTERM', once],
  ['end of data', 'SIGSTOP', once],
  ['250 before commit', 'SIGKILL', doubt],
  ['250 before commit', 'SIGTERM', once],
  ['250 before commit', 'SIGSTOP', once],
];

/** Each point, each signal and each kind of ending at least once. */
const DIAGONAL: Record<Point, Signal> = {
  claimed: 'SIGKILL',
  'after 354': 'SIGTERM',
  'mid-body': 'SIGSTOP',
  'end of data': 'SIGKILL',
  '250 before commit': 'SIGSTOP',
};

const CASES = runsInFull ? MATRIX : MATRIX.filter(([point, signal]) => DIAGONAL[point] === signal);
const PART = runsInFull
  ? `all ${CASES.length} cases on ${databaseName}`
  : `${CASES.length} of ${MATRIX.length} cases on ${databaseName} with seed ${seedText}, TEST_ALL=1 runs all`;

/**
 * The reply that is held. Where the transaction of the process has to wait, the row, and on SQLite the file, is locked
 * until the server is at the later stage.
 */
const POINTS: Record<Point, { stage: 'data' | 'body-start' | 'dot'; lockedUntil?: 'go-ahead' | 'accepted' }> = {
  claimed: { stage: 'data' },
  'after 354': { stage: 'data', lockedUntil: 'go-ahead' },
  'mid-body': { stage: 'body-start' },
  'end of data': { stage: 'dot' },
  '250 before commit': { stage: 'dot', lockedUntil: 'accepted' },
};
const LOCKED: readonly Point[] = ['after 354', '250 before commit'];

/** Delivery §8, the kill matrix: one submission, one process that is hit, one that comes after it. */
describe.each(engines)(`a process that is hit, over the engine %s (${PART})`, (engine) => {
  let database: TestDatabase;
  let ledger: Ledger;
  let server: ScriptedServer;
  let redis: RedisServer | undefined;
  /** Takes the next submission: the process that survived the case before. */
  let app: AppProcess | undefined;
  let number = 0;

  const start = (): Promise<AppProcess> =>
    startAppProcess(database, proofConfig(server.port, redis && { engine, redis: redis.url }), { timing: SHORT });

  beforeAll(async () => {
    database = await createDatabase();
    ledger = openLedger(database);
    server = await startScriptedServer();
    if (engine === 'bullmq') redis = await startRedis();
  });

  afterAll(async () => {
    await app?.kill();
    await ledger.close();
    await server.close();
    await redis?.close();
    await database.drop();
  });

  const acceptedFor = (email: string): number =>
    server.accepted.filter(({ envelope }) => envelope.to.includes(email)).length;
  const seen = (stage: 'go-ahead' | 'accepted'): number => server.log.filter((entry) => entry.stage === stage).length;

  /** Brings a submission of a living process to the point. @returns function that continues the conversation */
  const bring = async (victim: AppProcess, email: string, point: Point) => {
    const { stage, lockedUntil } = POINTS[point];
    const text = stage === 'body-start' ? LARGE_TEXT : 'Hello';
    const { held: id, gate } = await holdReply(server, stage, () =>
      victim.submit({ actor: ROBOT, ...letter({ to: [email], subject: point, text }) })
    );
    if (!lockedUntil) return { id, goOn: async () => gate.open() };
    const unlock = await ledger.lock(id);
    const before = seen(lockedUntil);
    gate.open();
    await server.waitFor(lockedUntil, before + 1, { timeoutMs: 20_000 });
    return { id, goOn: unlock };
  };

  it.each(CASES)(
    'at "%s" by %s',
    async (point, signal, expected) => {
      const victim = app ?? (await start());
      prepareAppProcess();
      app = undefined;
      const email = `${point.replaceAll(' ', '-')}-${signal.toLowerCase()}-${(number += 1)}@reader.example`;
      const { id, goOn } = await bring(victim, email, point);
      await (signal === 'SIGSTOP' ? victim.suspend() : victim.signal(signal));
      // Stopped during a write it would keep SQLite's file locked for every process: that is another case.
      while (signal === 'SIGSTOP' && !LOCKED.includes(point) && !(await ledger.isFree())) {
        victim.signal('SIGCONT');
        await new Promise((resolve) => setImmediate(resolve));
        await victim.suspend();
      }
      if (signal === 'SIGKILL') await victim.gone();
      await goOn();
      if (signal === 'SIGTERM') await victim.gone();
      app = await start();
      if (signal === 'SIGSTOP') {
        // The other process settles the submission when the lease expires.
        if (point === 'claimed') await ledger.until(id, ({ state }) => state === 'submitted');
        if (point === 'mid-body' || point === 'end of data')
          await ledger.until(id, ({ state }) => state === 'uncertain');
        victim.signal('SIGCONT');
      }
      const settled = await ledger.until(id, ({ state }) => state === expected.state);
      // The stopped process must change nothing before it ends.
      if (signal === 'SIGSTOP') await victim.stop();
      expect(await ledger.entry(id)).toEqual(settled);
      expect(acceptedFor(email)).toBe(expected.accepted);
    },
    LIMIT_MS
  );
});
