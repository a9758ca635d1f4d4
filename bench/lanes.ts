/**
 * `npm run bench:lanes`: how much two mailboxes with hanging servers slow down a third one. One server replies to the
 * final dot with one byte every 20 seconds, one is unreachable; measures the rate of the third alone and beside them.
 *
 *   npm run bench:lanes                       SQLite and PostgreSQL, 3 rounds
 *   npm run bench:lanes -- sqlite --mails 500 --rounds 1 --connections 100
 */
import { createEmptyDatabase, type DatabaseName } from '../tests/support/database';
import { openFullPort } from '../tests/support/smtp/full-port';
import { startScriptedServer } from '../tests/support/smtp/scripted-server';
import { startMailServerProcess } from '../tests/support/smtp/server-process';
import { bootForDelivery, mailboxAt, submit } from '../tests/support/outbox';
import type { App } from '../tests/support/strapi';
import { readArguments, runCommand } from './command';

const { databases, mails, rounds, connections } = readArguments(['sqlite', 'postgres'], {
  mails: 800,
  rounds: 3,
  connections: 5,
});
/** More than the hanging lanes can lease, so that they never run dry. */
const QUEUED = 200;

/** CPU time per message is comparable on a busy machine too. */
interface Rate {
  perSecond: number;
  cpuMs: number;
}

/** Queues the messages in a paused lane, then measures from its end until the last one is submitted. */
const rateOf = async (app: App, mailbox: string): Promise<Rate> => {
  const lane = () => app.strapi.db.connection('mailboxes_transports').where({ id: mailbox });
  await lane().update({ paused_code: 'UNREACHABLE' });
  const done = new Promise<void>((resolve) => {
    let left = mails + 1;
    const stop = app.strapi.eventHub.on('mailboxes.submission.submitted', async () => {
      left -= 1;
      if (left > 0) return;
      stop();
      resolve();
    });
  });
  for (let count = 0; count < mails; count += 1) await submit(app, `mailbox:${mailbox}`);
  await lane().update({ paused_code: null });
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  // A new submission wakes the worker.
  await submit(app, `mailbox:${mailbox}`);
  await done;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (mails * 1000) / (performance.now() - startedAt), cpuMs: (user + system) / 1000 / mails };
};

const untilNothingIsUnderWay = async (app: App): Promise<void> => {
  const underWay = () => app.strapi.db.connection('mailboxes_submissions').where({ state: 'submitting' }).select('id');
  while (((await underWay()) as unknown[]).length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
};

const run = async (name: DatabaseName): Promise<void> => {
  const database = await createEmptyDatabase(name);
  const server = await startMailServerProcess({ countsOnly: true });
  const drips = await startScriptedServer({ replies: { dot: { drip: '250 2.0.0 Ok: queued', everyMs: 20_000 } } });
  const full = await openFullPort();
  const app = await bootForDelivery({ database });
  try {
    const working = await mailboxAt(app, server.port);
    await rateOf(app, working);
    const measure = async (): Promise<Rate[]> => {
      const rates: Rate[] = [];
      for (let round = 0; round < rounds; round += 1) rates.push(await rateOf(app, working));
      return rates;
    };
    const before = await measure();
    const hanging: string[] = [];
    for (const port of [drips.port, full.port]) {
      const mailbox = await mailboxAt(app, port, {}, { limits: { connections } });
      hanging.push(mailbox);
      for (let count = 0; count < QUEUED; count += 1) await submit(app, `mailbox:${mailbox}`);
    }
    await drips.waitFor('dot', 5);
    const beside = await measure();
    // Measures alone again: the machine may have become faster or slower meanwhile.
    await app.strapi.db
      .connection('mailboxes_transports')
      .whereIn('id', hanging)
      .update({ paused_code: 'UNREACHABLE' });
    await drips.close();
    await full.close();
    await untilNothingIsUnderWay(app);
    const alone = [...before, ...(await measure())];
    const median = (rates: Rate[]): number =>
      rates.map(({ perSecond }) => perSecond).sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? NaN;
    const shown = (rates: Rate[]): string =>
      rates.map(({ perSecond, cpuMs }) => `${perSecond.toFixed(0)} (${cpuMs.toFixed(1)} ms)`).join(', ');
    console.log(
      `${name}, mails a second (processor time of each): alone ${shown(alone)}; beside two that hang ${shown(beside)}: ${((100 * median(beside)) / median(alone)).toFixed(0)} %`
    );
  } finally {
    await app.stop();
    await server.stop();
    await database.drop();
  }
};

const main = async (): Promise<void> => {
  console.log(`${mails} mails, ${connections} connections for each mailbox that hangs, 5 slots`);
  for (const name of databases) await run(name);
};

runCommand(main);
