/**
 * Everything a change has to pass (`.ci/run`): the steps of steps.mjs with their budgets. The output of a step is printed
 * when it ends. At the end: seconds per step, the slowest files and tests of each jest run, failures, and in the last line
 * `N passed, N failed` over all suites, where each other failed step and each exceeded budget is one failure.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slownessOfMachine } from './machine.mjs';
import { PHASES } from './steps.mjs';

const OVER = 1.2;
/** Multiple of its budget after which a hanging step is ended. */
const LIMIT = 3;
const CLOSING = /^(\d+) passed, (\d+) failed$/gm;

const folder = mkdtempSync(join(tmpdir(), 'mailboxes-check-'));
const reports = join(folder, 'reports');
mkdirSync(reports);

/** Steps that run now. */
const running = new Set();

const endGroup = ({ pid }) => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};

/** Slowness of the machine as a multiple of the reference: the maximum of this run's measurements. */
let slowness = 1;

const measure = async () => {
  const now = await slownessOfMachine();
  slowness = Math.max(slowness, now.slowness);
  console.log(`machine: the fixed work takes ${now.seconds.toFixed(1)} s; budgets × ${slowness.toFixed(2)}`);
};

const execute = async ({ title, budget, command, needed = false }) => {
  console.log(`----- ${title} begins`);
  const file = join(folder, `${title.replaceAll(' ', '-')}.log`);
  const output = createWriteStream(file);
  const start = performance.now();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that all of it can be ended.
    detached: true,
    env: { ...process.env, TEST_REPORT: reports },
  });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(output, { end: false });
  running.add(child);
  const limit = setTimeout(
    () => {
      output.write(`\nended: it has run for ${LIMIT} times its budget\n`);
      endGroup(child);
    },
    budget * slowness * LIMIT * 1000
  );
  const code = await new Promise((resolve) => child.on('error', () => resolve(-1)).on('close', resolve));
  clearTimeout(limit);
  running.delete(child);
  await new Promise((resolve) => output.end(resolve));
  const seconds = (performance.now() - start) / 1000;
  const text = readFileSync(file, 'utf8');
  console.log(`\n##### ${title}: ${seconds.toFixed(0)} s\n${text}`);
  const closing = [...text.matchAll(CLOSING)].at(-1);
  const [passed, failed] = closing ? [Number(closing[1]), Number(closing[2])] : [0, 0];
  return { title, budget, seconds, passed, failed: code !== 0 && failed === 0 ? 1 : failed, code, needed, closing };
};

/** Steps in their order, until one that the others need has failed. */
const runLane = async (steps, results) => {
  for (const step of steps) {
    const result = await execute(step);
    results.push(result);
    if (result.needed && result.failed > 0) return;
  }
};

const runAll = async () => {
  const results = [];
  for (const lanes of PHASES) {
    await measure();
    await Promise.all(lanes.map((steps) => runLane(steps, results)));
    if (results.some(({ needed, failed }) => needed && failed > 0)) break;
  }
  return results;
};

const overBudget = (results) => results.filter(({ seconds, budget }) => seconds > budget * slowness * OVER);

const rowOf = ({ title, seconds, budget, code, closing }) => {
  const share = Math.round((seconds / (budget * slowness)) * 100);
  const said = closing?.[0] ?? (code === 0 ? 'ok' : `failed with exit code ${code}`);
  return `${title.padEnd(22)} ${seconds.toFixed(0).padStart(5)} / ${String(budget).padEnd(4)} s ${String(share).padStart(4)} %   ${said}`;
};

const reportsOf = () =>
  readdirSync(reports)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(reports, name), 'utf8')));

const check = async () => {
  const start = performance.now();
  const results = await runAll();
  // A machine may have become slower meanwhile.
  if (overBudget(results).length > 0) await measure();
  const slow = overBudget(results);

  for (const { title, slowest, note } of reportsOf()) {
    if (!slowest) continue;
    console.log(`\n=== ${title}, ${note}: the slowest files\n${slowest.files.join('\n')}`);
    console.log(`--- the slowest tests\n${slowest.tests.join('\n')}`);
  }
  for (const failure of reportsOf().flatMap(({ failures }) => failures)) console.log(`\n${failure}`);
  console.log('\nstep                 seconds / budget');
  for (const result of results) console.log(rowOf(result));
  for (const { title } of slow) console.log(`FAILED ${title} › takes more than 120 % of its budget`);
  const seconds = (performance.now() - start) / 1000;
  console.log(`all                    ${seconds.toFixed(0)} s; budgets × ${slowness.toFixed(2)}`);

  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return { passed: sum('passed'), failed: sum('failed') + slow.length };
};

const stop = () => {
  for (const child of running) endGroup(child);
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    stop();
    process.exit(1);
  });

const { passed, failed } = await check().catch((error) => {
  console.log(error);
  return { passed: 0, failed: 1 };
});
stop();
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
