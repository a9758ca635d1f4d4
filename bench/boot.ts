import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createEmptyDatabase, type TestDatabase } from '../tests/support/database';
import { collect, type Figure, type Settings } from './figures';
import { rotated } from './statistics';

const ROOT = path.resolve(__dirname, '..');
const SCENARIO = 'start in production mode, SQLite';
const AIM_MS = 150;
/** A median of fewer starts says little. */
const LEAST_STARTS = 5;

interface Start {
  ms: number;
  cpuMs: number;
  heapMb: number;
  rssMb: number;
}

const start = async ({ connection }: TestDatabase, plugin: boolean): Promise<Start> => {
  const child = fork(path.join(__dirname, 'boot-main.cjs'), [], {
    execArgv: ['--expose-gc'],
    // A start prints a banner.
    stdio: ['ignore', 'ignore', 2, 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      STRAPI_TELEMETRY_DISABLED: 'true',
      TEST_CONNECTION: JSON.stringify(connection),
      TEST_EMAIL_CONFIG: JSON.stringify({ settings: { defaultFrom: 'system@site.example' } }),
      TEST_ENCRYPTION_KEY: 'test-encryption-key',
      TEST_PLUGIN_DISABLED: String(!plugin),
      TEST_PLUGIN_FOLDER: ROOT,
    },
  });
  const ended = once(child, 'exit') as Promise<[code: number | null]>;
  const failed = ended.then(([code]) => Promise.reject(new Error(`the start ended with ${code}`)));
  const [result] = (await Promise.race([once(child, 'message'), failed])) as [Start];
  await ended;
  return result;
};

/** Starts the built plugin and a site without it in turn. @param built uses `dist` as it is */
export const boot = async ({ rounds, log, built }: Settings & { built: boolean }): Promise<Figure[]> => {
  if (!built) execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  const databases = { with: await createEmptyDatabase('sqlite'), without: await createEmptyDatabase('sqlite') };
  const figures = collect(SCENARIO);
  const measure = (which: 'with' | 'without'): Promise<Start> => start(databases[which], which === 'with');
  try {
    // The first start creates the tables.
    for (const which of ['with', 'without'] as const) await measure(which);
    const count = Math.max(rounds, LEAST_STARTS);
    for (let round = 0; round < count; round += 1) {
      const starts = {} as Record<'with' | 'without', Start>;
      for (const which of rotated(['with', 'without'] as const, round)) starts[which] = await measure(which);
      const [own, bare] = [starts.with, starts.without];
      figures.add('with the plugin, ms', own.ms);
      figures.add('without it, ms', bare.ms);
      figures.add('difference, ms', own.ms - bare.ms, { atMost: AIM_MS });
      figures.add('CPU, difference, ms', own.cpuMs - bare.cpuMs);
      figures.add('heap with the plugin, MB', own.heapMb);
      figures.add('heap, difference, MB', own.heapMb - bare.heapMb);
      figures.add('RSS with the plugin, MB', own.rssMb);
      figures.add('RSS, difference, MB', own.rssMb - bare.rssMb);
      log(`start, ${round + 1}/${count}: ${own.ms.toFixed(0)} ms with the plugin, ${bare.ms.toFixed(0)} without`);
    }
    return figures.figures();
  } finally {
    for (const database of Object.values(databases)) await database.drop();
  }
};
