/**
 * `npm run bench:queue`: compares 100,000 queued submissions with 1,000: statements per delivered message, their time
 * and plans, and memory.
 *
 *   npm run bench:queue                       SQLite, PostgreSQL, MariaDB
 *   npm run bench:queue -- sqlite --queued 20000 --deliver 500
 */
import { createEmptyDatabase, type DatabaseName } from '../tests/support/database';
import { longQueue, type QueueRun } from '../tests/support/proof/long-queue';
import { readArguments, runCommand } from './command';

const { databases, queued, deliver } = readArguments(['sqlite', 'postgres', 'mariadb'], {
  queued: 100_000,
  deliver: 2000,
});
/** Enough that the short queue does not run dry. */
const SHORT = 1000;

const run = async (name: DatabaseName, length: number, some: number): Promise<QueueRun> => {
  const database = await createEmptyDatabase(name);
  try {
    return await longQueue(database, length, some);
  } finally {
    await database.drop();
  }
};

const show = (name: DatabaseName, short: QueueRun, long: QueueRun): void => {
  console.log(`\n## ${name}\n`);
  console.log(`| | ${short.queued} queued | ${long.queued} queued |\n| --- | --- | --- |`);
  const row = (title: string, of: (queue: QueueRun) => string): void =>
    console.log(`| ${title} | ${of(short)} | ${of(long)} |`);
  row('delivered', ({ delivered }) => String(delivered));
  row('statements per mail', ({ statementsPerMail }) => statementsPerMail.toFixed(2));
  row('database ms per mail', ({ databaseMsPerMail }) => databaseMsPerMail.toFixed(2));
  row('heap in MB after each quarter', ({ heapMb }) => heapMb.join(' → '));
  console.log('\nMilliseconds, and the plan with the long queue:\n');
  for (const { text, steps, readsWholly } of long.plans) {
    const [before, now] = [short, long].map(({ statements }) => statements.find((one) => one.text === text)?.ms);
    console.log(`- ${before?.toFixed(2) ?? '–'} → ${now?.toFixed(2) ?? '–'}: \`${text.slice(0, 220)}\``);
    console.log(`  ${readsWholly.length > 0 ? '**reads it wholly** ' : ''}${steps.join('; ')}`);
  }
};

const main = async (): Promise<void> => {
  let wholly = 0;
  for (const name of databases) {
    const short = await run(name, SHORT, Math.min(deliver, SHORT * 0.8));
    const long = await run(name, queued, deliver);
    show(name, short, long);
    wholly += long.plans.filter(({ readsWholly }) => readsWholly.length > 0).length;
  }
  console.log(wholly === 0 ? '\nNo statement reads a growing table wholly.' : `\n${wholly} statements do.`);
  process.exitCode = wholly === 0 ? 0 : 1;
};

runCommand(main);
