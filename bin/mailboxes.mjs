#!/usr/bin/env node
/**
 * Commands for the operator, run in the folder of the Strapi application. They load the application without
 * delivering anything.
 *
 *   npx mailboxes health [--json]    did we lose a mail? What became of everything that was accepted, and what rests
 *   npx mailboxes rotate-secrets     writes every stored password anew with the first key of `secrets.keys`
 *
 * Exit codes: 0 ok, 1 something needs attention, 2 error.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = 'usage: mailboxes health [--json] | mailboxes rotate-secrets';

/** What the application logs goes to stderr: on stdout is the answer, and nothing else. */
const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
const say = (text) => answer(`${text}\n`);

const load = async () => {
  const { compileStrapi, createStrapi } = createRequire(join(process.cwd(), 'package.json'))('@strapi/strapi');
  const app = createStrapi(await compileStrapi());
  await app.register();
  app.config.set('plugin::mailboxes.delivery', { ...app.config.get('plugin::mailboxes.delivery', {}), role: 'accept' });
  await app.bootstrap();
  return app;
};

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** The two largest units: `1 d 2 h`. */
const age = (seconds) => {
  const parts = [];
  let left = seconds;
  for (const [unit, size] of UNITS) {
    if (left >= size) parts.push(`${Math.floor(left / size)} ${unit}`);
    left %= size;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
};

const healthLines = (report) => [
  ...['accepted', 'submitted', 'failed', 'uncertain', 'canceled', 'waiting'].map((key) => [key, report[key]]),
  ['oldest waiting', report.oldestWaitingSeconds === null ? '-' : age(report.oldestWaitingSeconds)],
  ['late (over 30 min)', report.late],
  ['failed in 24 h', report.failedLastDay],
  ['paused', report.paused.length],
  ...report.paused.map(({ id, email, code, at }) => [`  ${email ?? id}`, `${code} since ${at}`]),
];

const COMMANDS = {
  health: async (app, { json }) => {
    const report = await app.plugin('mailboxes').service('health').report();
    const lines = healthLines(report).map(([name, value]) => `${String(name).padEnd(20)} ${value}`);
    say(json ? JSON.stringify(report) : lines.join('\n'));
    return report.attention ? 1 : 0;
  },
  'rotate-secrets': async (app) => {
    const { rotated, unreadable } = await app.plugin('mailboxes').service('secrets').rotate();
    say(`${rotated} written anew, ${unreadable} unreadable with the keys of this site`);
    return unreadable === 0 ? 0 : 1;
  },
};

const run = async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
  const [name] = positionals;
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (!command || positionals.length !== 1 || (values.json && name !== 'health')) {
    console.error(USAGE);
    return 2;
  }
  const app = await load();
  try {
    return await command(app, values);
  } finally {
    await app.destroy();
  }
};

run().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
);
