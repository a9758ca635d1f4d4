/**
 * Runs every suite on every database it belongs to, one after the other, and counts.
 *
 *   npm test                                  all suites, all databases
 *   npm test -- unit                          one suite
 *   npm test -- server postgres               one suite on one database
 *   npm test -- server sqlite -t 'quota'      whatever else is there goes to jest
 *
 * TEST_POSTGRES_URL and TEST_MARIADB_URL name other servers than the local ones. A database that does not answer is
 * skipped; with CI set it is a failure. The last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));

/** A suite that leaks a handle never ends by itself; CI has 90 minutes for everything. */
const SUITE_LIMIT_MS = 30 * 60_000;
const CONNECT_LIMIT_MS = 5_000;

const postgresUrl = process.env.TEST_POSTGRES_URL || 'postgres://postgres@127.0.0.1:5432/postgres';
const mariadbUrl = process.env.TEST_MARIADB_URL || 'mysql://root@127.0.0.1:3306/mysql';

/** The server's version, or an error when it cannot be used. */
const DATABASES = {
  sqlite: async () => 'in a file',
  postgres: async () => {
    const { Client } = require('pg');
    const client = new Client({ connectionString: postgresUrl, connectionTimeoutMillis: CONNECT_LIMIT_MS });
    await client.connect();
    const { rows } = await client.query('SHOW server_version');
    await client.end();
    return rows[0].server_version;
  },
  mariadb: async () => {
    const client = await require('mysql2/promise').createConnection({
      uri: mariadbUrl,
      connectTimeout: CONNECT_LIMIT_MS,
    });
    const [rows] = await client.query('SELECT VERSION() AS version');
    await client.end();
    return rows[0].version;
  },
};

const SUITES = {
  unit: [null],
  server: ['sqlite', 'postgres', 'mariadb'],
  delivery: ['sqlite', 'postgres', 'mariadb'],
  e2e: [null],
};

/** What of a suite concerns a database, where that is not all of it: several processes meet in every one. */
const PART = { delivery: { postgres: 'tests/delivery/processes/', mariadb: 'tests/delivery/processes/' } };

/** Suites and databases stand first; the first word that is neither, and all behind it, is jest's. */
const parse = (words) => {
  const suites = [];
  const databases = [];
  let index = 0;
  for (; index < words.length; index += 1) {
    if (words[index] in SUITES) suites.push(words[index]);
    else if (words[index] in DATABASES) databases.push(words[index]);
    else break;
  }
  return { suites, databases, jest: words.slice(index) };
};

const asked = parse(process.argv.slice(2));
const runs = Object.entries(SUITES)
  .filter(([suite]) => asked.suites.length === 0 || asked.suites.includes(suite))
  .flatMap(([suite, databases]) => databases.map((database) => ({ suite, database })))
  .filter(({ database }) => asked.databases.length === 0 || asked.databases.includes(database));

/** The first lines of what each failed test said, with its name. */
const failuresOf = ({ testResults }) =>
  testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const said = failed.map(({ fullName, failureMessages }) => [fullName, failureMessages.join('\n')]);
    if (failed.length === 0 && assertionResults.length === 0 && message) said.push(['does not run', message]);
    return said.map(([title, text]) => {
      const lines = stripVTControlCharacters(text).split('\n').slice(0, 12);
      return `FAILED ${relative(root, name)} › ${title}\n${lines.map((line) => `  ${line.slice(0, 300)}`).join('\n')}`;
    });
  });

/** jest with what it counted; a run that counted nothing, or that ended badly with nothing failed, is one failure. */
const jest = async ({ suite, database }) => {
  const part = PART[suite]?.[database];
  const folder = mkdtempSync(join(tmpdir(), 'mailboxes-jest-'));
  const outputFile = join(folder, 'result.json');
  const child = spawn(
    process.execPath,
    [
      require.resolve('jest/bin/jest'),
      '--selectProjects',
      suite,
      // A browser, a Strapi and two mail servers are enough for two cores.
      `--maxWorkers=${suite === 'e2e' ? 1 : 2}`,
      // Each file loads Strapi anew into the same process, and the more of it lies about, the slower the next one is.
      ...(suite === 'server' ? ['--workerIdleMemoryLimit=1200MB'] : []),
      '--json',
      `--outputFile=${outputFile}`,
      ...(part && asked.jest.length === 0 ? [part] : []),
      ...(asked.jest.length > 0 ? ['--passWithNoTests', ...asked.jest] : []),
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: SUITE_LIMIT_MS,
      killSignal: 'SIGKILL',
      env: {
        ...process.env,
        TEST_POSTGRES_URL: postgresUrl,
        TEST_MARIADB_URL: mariadbUrl,
        ...(database ? { TEST_DB: database } : {}),
      },
    }
  );
  const [code, signal] = await new Promise((resolve) => child.on('exit', (...ending) => resolve(ending)));
  try {
    const result = JSON.parse(readFileSync(outputFile, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
      failures: failuresOf(result),
    };
  } catch {
    const why = signal ? `was ended by ${signal}; the limit is ${SUITE_LIMIT_MS / 60_000} minutes` : 'gave no result';
    console.log(`jest ${why} (exit code ${code})`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const run = async ({ suite, database }) => {
  const title = database ? `${suite} on ${database}` : suite;
  let version = '';
  try {
    version = database ? ` (${await DATABASES[database]()})` : '';
  } catch (error) {
    const why = error.message || error.code || String(error);
    console.log(`\n=== ${title}: ${process.env.CI ? 'FAILED' : 'SKIPPED'}, the database does not answer: ${why}`);
    return { title, passed: 0, failed: process.env.CI ? 1 : 0, skipped: 0, note: 'database does not answer' };
  }
  console.log(`\n=== ${title}${version}`);
  const start = Date.now();
  return { title, ...(await jest({ suite, database })), note: `${((Date.now() - start) / 1000).toFixed(1)} s` };
};

const results = [];
for (const next of runs) results.push(await run(next));

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const passed = sum('passed');
const nothingRan = passed + sum('failed') === 0 && !results.some(({ note }) => note === 'database does not answer');
const failed = nothingRan ? 1 : sum('failed');

console.log();
console.table(
  Object.fromEntries(
    results.map(({ title, passed, failed, skipped, note }) => [title, { passed, failed, skipped, note }])
  )
);
for (const failure of results.flatMap(({ failures }) => failures ?? [])) console.log(`\n${failure}`);
if (nothingRan) console.log('\nNo test ran.');
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
