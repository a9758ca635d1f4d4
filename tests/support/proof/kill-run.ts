import type { SubmitInput } from '../../../server/src/submissions/service';
import { prepareAppProcess, startAppProcess, type AppProcess } from '../app-process';
import { createEmptyDatabase, type DatabaseName } from '../database';
import { randomFrom } from '../random';
import { startRedis, type RedisServer } from '../redis';
import { startMailServerProcess, type MailServerProcessOptions, type ServerSnapshot } from '../smtp/server-process';
import { openLedger, type Entry, type Ledger } from './ledger';
import { BUSY, proofConfig } from './site';

export interface KillRunOptions {
  database: DatabaseName;
  /** Strapi processes on the one database. */
  processes: number;
  kills: number;
  mails: number;
  /** Default: 'embedded'. Over 'bullmq', Redis is flushed at some kills, and stopped at others. */
  engine?: 'embedded' | 'bullmq';
  /** Seeds every random choice: victims, moments, faults of the server. */
  seed: number;
  /** Faults of the mail server. */
  faults?: Pick<MailServerProcessOptions, 'dropBefore354' | 'dropAfterDot' | 'greylist'>;
  /** The control: resends the uncertain submissions of expired leases. */
  retriesExpiredLeases?: boolean;
  log?: (line: string) => void;
}

export interface KillRun {
  options: KillRunOptions;
  /** Submissions acknowledged by a process, by the address of their only recipient. */
  acknowledged: ReadonlyMap<string, string>;
  /** Every mail passed to a process, acknowledged or not. */
  tried: readonly string[];
  entries: Entry[];
  server: ServerSnapshot;
  /** Counters of `health` afterwards. */
  health: Record<string, number>;
  seconds: number;
}

export const CONCURRENCY = 5;
/** Time limit of the slowest run after the last kill; a bound for broken code, never a pause. */
const SETTLE_MS = 240_000;
const TURN_MS = 250;
/** A single process reclaims its predecessor's submissions at the first poll after the lease expired. */
const STEPS_MS = 20_000;
const LARGE_TEXT = 'A line of a mail that takes more than one packet.\n'.repeat(12_000);

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, TURN_MS));

/** Strapi processes that are restarted after a kill. */
const createFleet = (boot: () => Promise<AppProcess>) => {
  const alive: AppProcess[] = [];
  const booting = new Set<Promise<void>>();
  const broken: unknown[] = [];

  const start = (): Promise<void> => {
    const started: Promise<void> = boot()
      .then((app) => void alive.push(app))
      .catch((error: unknown) => void broken.push(error))
      .finally(() => booting.delete(started));
    booting.add(started);
    return started;
  };

  return {
    alive,
    start,
    /** Resolves once at least `count` processes accept mail. */
    atLeast: async (count: number): Promise<void> => {
      while (alive.length < count) {
        if (broken.length > 0) throw broken[0];
        await Promise.race(booting);
      }
    },
    /** Kills a process and boots its replacement. */
    kill: async (index: number): Promise<void> => {
      const [victim] = alive.splice(index, 1);
      await victim?.kill();
      void start();
    },
    stop: async (): Promise<void> => {
      await Promise.all(booting);
      await Promise.all(alive.map((app) => app.kill()));
    },
  };
};

/** Waits until every submission is settled; makes deferred ones due at once. */
const settle = async (ledger: Ledger, eachTurn: () => Promise<unknown>): Promise<void> => {
  const until = Date.now() + SETTLE_MS;
  while ((await ledger.unsettled()) > 0) {
    if (Date.now() > until) return;
    await ledger.hurry();
    await eachTurn();
    await turn();
  }
};

/** Every second kill coincides with a fault of Redis: flushed, then stopped until the next kill. */
const disturb = async (redis: RedisServer, killed: number): Promise<void> => {
  if (killed % 4 === 0) await redis.client.flushall();
  if (killed % 4 === 2) await redis.stop();
  if (killed % 4 === 3) await redis.start();
};

/** Mail through processes that are killed again and again (delivery §8), and everything that is known afterwards. */
export const killRun = async (options: KillRunOptions): Promise<KillRun> => {
  const { processes, kills, mails, seed, faults = {}, retriesExpiredLeases = false, log = () => undefined } = options;
  const startedAt = Date.now();
  const random = randomFrom(seed);
  const pick = (upTo: number): number => Math.floor(random() * upTo);
  const database = await createEmptyDatabase(options.database);
  const ledger = openLedger(database);
  const redis = options.engine === 'bullmq' ? await startRedis() : null;
  const server = await startMailServerProcess({ seed, rcptDelayMs: 40, replyDelayMs: 200, ...faults });
  const fleet = createFleet(() =>
    startAppProcess(
      database,
      proofConfig(server.port, { concurrency: CONCURRENCY, ...(redis && { engine: 'bullmq', redis: redis.url }) }),
      { timing: BUSY }
    )
  );
  const acknowledged = new Map<string, string>();
  const tried: string[] = [];
  const underway = new Set<Promise<void>>();

  /** Submits through any live process. If it dies before the reply, acceptance is unknown. */
  const submit = (): void => {
    const app = fleet.alive[pick(fleet.alive.length)];
    const email = `mail-${tried.length + 1}@reader.example`;
    tried.push(email);
    const input: SubmitInput = {
      actor: { type: 'system', name: 'robot' },
      from: 'system',
      to: [email],
      subject: `Mail ${tried.length}`,
      text: tried.length % 10 === 0 ? LARGE_TEXT : 'Hello',
    };
    const answered = (app as AppProcess)
      .submit(input)
      .then(
        (id) => void acknowledged.set(email, id),
        (error: Error) => {
          if (!(app as AppProcess).ended) throw error;
        }
      )
      .finally(() => underway.delete(answered));
    underway.add(answered);
  };
  const doubt = (): Promise<unknown> => (retriesExpiredLeases ? ledger.retryExpiredLeases() : Promise.resolve());

  try {
    // Alone at first, because it creates the tables.
    await fleet.start();
    await fleet.atLeast(1);
    for (let number = 1; number < processes; number += 1) void fleet.start();
    await fleet.atLeast(processes);
    const perKill = Math.ceil(mails / Math.max(kills, 1));
    for (let killed = 0; killed < kills; killed += 1) {
      await fleet.atLeast(Math.max(1, processes - 1));
      for (let count = 0; count < perKill && tried.length < mails; count += 1) submit();
      prepareAppProcess();
      // RCPT, 354 and dot of each mail are a step; the kill happens at a random one.
      await server.waitForSteps(1 + pick(perKill * 2), { timeoutMs: STEPS_MS }).catch(() => undefined);
      if (redis) await disturb(redis, killed);
      await fleet.kill(pick(fleet.alive.length));
      await ledger.hurry();
      await doubt();
      log(`${options.database}: killed ${killed + 1} of ${kills}, ${server.acceptedCount} accepted`);
    }
    await fleet.atLeast(1);
    while (tried.length < mails) submit();
    await Promise.all(underway);
    await settle(ledger, doubt);
    const health = (await fleet.alive[0]?.call('health', 'report')) as KillRun['health'];
    return {
      options,
      acknowledged,
      tried,
      entries: await ledger.entries(),
      server: await server.snapshot(),
      health,
      seconds: Math.round((Date.now() - startedAt) / 1000),
    };
  } finally {
    await fleet.stop();
    await ledger.close();
    await server.stop();
    await redis?.close();
    await database.drop();
  }
};
