/**
 * `npm run test:kill`: mail through Strapi processes that are killed, on every database, and a table of the outcomes
 * (delivery §8).
 *
 *   npm run test:kill                            in full
 *   npm run test:kill -- sqlite postgres         only these databases
 *   npm run test:kill -- --mails 60 --kills 5    smaller; --seed 7 another course of events
 *
 * Exit code 1: a promise was broken, or the control that breaks them on purpose went unnoticed.
 */
import { parseArgs } from 'node:util';
import type { DatabaseName } from '../support/database';
import { killRun, type KillRun, type KillRunOptions } from '../support/proof/kill-run';
import { broken, rowOf } from '../support/proof/verdict';

const PROCESSES: Record<DatabaseName, number> = { sqlite: 1, postgres: 4, mariadb: 4 };

const FAULTS: KillRunOptions['faults'] = {
  dropBefore354: { probability: 0.05 },
  dropAfterDot: { probability: 0.02, stored: true },
  greylist: { probability: 0.1 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mails: { type: 'string', default: '600' },
    kills: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const chosen = (positionals.length > 0 ? positionals : Object.keys(PROCESSES)) as DatabaseName[];
const [mails, kills, seed] = [Number(values.mails), Number(values.kills), Number(values.seed)];

const variants = (database: DatabaseName): [title: string, KillRunOptions][] => {
  const options = { database, processes: PROCESSES[database], mails, kills, seed, log: note };
  return [
    ['kills and faults', { ...options, faults: FAULTS }],
    ['kills, faults, BullMQ', { ...options, engine: 'bullmq', faults: FAULTS }],
    ['no faults', { ...options, kills: 0, mails: Math.ceil(mails / 4) }],
    ['control: retry on expired lease', { ...options, retriesExpiredLeases: true }],
  ];
};

const note = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
};

const main = async (): Promise<void> => {
  const runs: [title: string, run: KillRun][] = [];
  for (const database of chosen)
    for (const [title, options] of variants(database)) {
      if (values.only && !title.includes(values.only)) continue;
      console.log(`${database}, ${title} …`);
      const run = await killRun(options);
      runs.push([title, run]);
      for (const problem of broken(run)) console.log(`  BROKEN: ${problem}`);
    }
  console.log(`\nseed ${seed}`);
  console.table(runs.map(([title, run]) => ({ run: title, ...rowOf(run) })));
  const problems = runs.flatMap(([, run]) => broken(run));
  console.log(problems.length === 0 ? 'Every promise held.' : `${problems.length} broken.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
};

void main();
