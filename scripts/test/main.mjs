/**
 * Runs the suites, one jest run after the other, and counts.
 *
 *   npm test                                  what a change needs: every suite on SQLite, without the browser
 *   npm test -- unit                          one suite: unit, database, server, delivery, processes, e2e
 *   npm test -- database postgres             one suite on one database: sqlite, postgres, mariadb
 *   npm test -- server sqlite -t 'quota'      any other word and those after it go to jest
 *   npm test -- server --seed 8027a3d1        order of the files and rotation as in that run
 *   npm test -- --all                         every suite on every database, for a release
 *   CI=true npm test                          as .ci/run: the browser too, and the databases in rotation
 *
 * Missing packages are installed first. TEST_POSTGRES_URL and TEST_MARIADB_URL name other servers than the local ones. A
 * missing service skips its runs; with CI set or --all it is a failure. TEST_REPORT names a folder for a report of each run, as
 * JSON. The last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../install.mjs';
import { parse, planOf, rotated } from './plan.mjs';
import { failuresOf, slowestOf } from './report.mjs';
import { SERVICE_ENV, servicesOf } from './services.mjs';
import { onlyOnOneDatabase, shapesIn } from './shapes.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A bound for a suite that never ends because of a leaked handle. */
const SUITE_LIMIT_MS = 20 * 60_000;

/** A worker above this is replaced before its next file: Strapi leaks memory per boot, which slows down the next one. */
const WORKER_LIMIT = '1GB';

const asked = parse(process.argv.slice(2), process.env);
const { runs, leftOut } = planOf(asked);
const titleOf = ({ suite, database }) => (database ? `${suite} on ${database}` : suite);

/** Shapes of statements by suite, for each database; only whole suites are compared. */
const shapes = new Map();
const COMPARED = ['server', 'delivery'];
const recordsShapes = ({ suite }) => ['database', ...COMPARED].includes(suite) && asked.jest.length === 0;

/** jest takes one of these only. */
const saysWorkers = asked.jest.some((word) => /^(?:-i|-w|--runInBand|--maxWorkers)/.test(word));

/** jest with its counts; a run without a count, or one that ended badly without a failed test, is one failure. */
const jest = async (run) => {
  const { suite, database, workers } = run;
  const folder = mkdtempSync(join(tmpdir(), 'mailboxes-jest-'));
  const shapesFolder = mkdtempSync(join(tmpdir(), 'mailboxes-shapes-'));
  const outputFile = join(folder, 'result.json');
  const child = spawn(
    process.execPath,
    [
      require.resolve('jest/bin/jest'),
      '--selectProjects',
      suite,
      ...(saysWorkers ? [] : [`--maxWorkers=${workers}`]),
      `--workerIdleMemoryLimit=${WORKER_LIMIT}`,
      '--json',
      `--outputFile=${outputFile}`,
      ...(asked.jest.length > 0 ? ['--passWithNoTests', ...asked.jest] : []),
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: SUITE_LIMIT_MS,
      killSignal: 'SIGKILL',
      env: {
        ...process.env,
        ...SERVICE_ENV,
        TEST_SEED: asked.seed,
        ...(asked.all ? { TEST_ALL: '1' } : {}),
        ...(recordsShapes(run) ? { TEST_SHAPES: shapesFolder } : {}),
        ...(database ? { TEST_DB: database } : {}),
      },
    }
  );
  const [code, signal] = await new Promise((resolve) => child.on('exit', (...ending) => resolve(ending)));
  try {
    const result = JSON.parse(readFileSync(outputFile, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    if (recordsShapes(run)) shapes.set(titleOf(run), shapesIn(shapesFolder));
    return {
      passed: result.numPassedTests,
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
      failures: failuresOf(result, root),
      slowest: slowestOf(result, root),
    };
  } catch {
    const why = signal ? `was ended by ${signal}; the limit is ${SUITE_LIMIT_MS / 60_000} minutes` : 'gave no result';
    console.log(`jest ${why} (exit code ${code})`);
    return { passed: 0, failed: 1, skipped: 0, failures: [`FAILED ${titleOf(run)} › jest ${why}`] };
  } finally {
    for (const path of [folder, shapesFolder]) rmSync(path, { recursive: true, force: true });
  }
};

const execute = async (run) => {
  const title = titleOf(run);
  const { version, missing } = await servicesOf(run);
  if (missing !== null) {
    const needed = asked.ci || asked.all;
    console.log(`\n=== ${title}: ${needed ? 'FAILED' : 'SKIPPED'}, ${missing}`);
    return { title, passed: 0, failed: needed ? 1 : 0, skipped: 0, note: missing, failures: [] };
  }
  console.log(`\n=== ${title}${version}`);
  const start = Date.now();
  return { title, ...(await jest(run)), note: `${((Date.now() - start) / 1000).toFixed(1)} s` };
};

const compareShapes = () =>
  ['sqlite', 'postgres', 'mariadb'].flatMap((name) =>
    COMPARED.flatMap((suite) => {
      const [database, rotated] = [shapes.get(`database on ${name}`), shapes.get(`${suite} on ${name}`)];
      if (!database || !rotated) return [];
      console.log(
        `\n${rotated.size} statements of ${suite}, to be found among ${database.size} of database, on ${name}`
      );
      return onlyOnOneDatabase({ database, rotated });
    })
  );

const main = async () => {
  await install(console.log);
  console.log(
    `seed ${asked.seed}: rotated suites on ${rotated(asked.seed)}; to repeat: npm test -- SUITE DATABASE --seed ${asked.seed}`
  );
  const results = [];
  for (const run of runs) results.push(await execute(run));

  const compared = compareShapes();
  if (compared.length > 0)
    results.push({ title: 'statements', passed: 0, failed: compared.length, skipped: 0, note: '', failures: compared });
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const passed = sum('passed');
  const nothingRan = passed + sum('failed') === 0 && !results.some(({ note }) => !/^[\d.]+ s$/.test(note));
  const failed = nothingRan ? 1 : sum('failed');

  if (process.env.TEST_REPORT)
    for (const result of results)
      writeFileSync(join(process.env.TEST_REPORT, `${result.title.replaceAll(' ', '-')}.json`), JSON.stringify(result));
  console.log();
  console.table(
    Object.fromEntries(
      results.map(({ title, passed, failed, skipped, note }) => [title, { passed, failed, skipped, note }])
    )
  );
  for (const failure of results.flatMap(({ failures }) => failures)) console.log(`\n${failure}`);
  if (nothingRan) console.log('\nNo test ran.');
  if (leftOut.length > 0) console.log(`\nLeft out:\n${leftOut.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
};

await main();
