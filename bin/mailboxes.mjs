#!/usr/bin/env node
/**
 * Commands for the operator, run in the folder of the Strapi application. They read its configuration and talk to its
 * database: Strapi is not booted, nothing is compiled, no schema is changed, and no message is delivered.
 *
 * Exit codes: 0 ok, 1 something needs attention, 2 error.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);

const HELP = `Usage: npx mailboxes <command>

Run it in the folder of the Strapi application, beside the running site or without it.

Commands:
  health            Prints what became of every accepted message, what waits and since when, which
                    mailboxes are paused, and which stored passwords no key opens. Only reads.
  rotate-secrets    Encrypts every stored password anew with the key that writes: the first one of
                    secrets.keys, or the encryption key of Strapi.

Options:
  --json            health: prints the answer as JSON
  -h, --help        prints this help
  -v, --version     prints the version of the plugin

Exit codes:
  0                 all is well
  1                 something needs attention
  2                 the command could not be carried out
`;

/** Configuration files may print: on stdout is the answer, and nothing else. */
const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
const say = (text) => answer(`${text}\n`);

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
  ['unreadable passwords', report.unreadable.length],
  ...report.unreadable.map(({ email }) => [`  ${email}`, 'no key of this site opens it']),
];

const COMMANDS = {
  health: {
    options: ['json'],
    writes: false,
    run: async (site, { json }) => {
      const report = await site.health();
      const lines = healthLines(report).map(([name, value]) => `${String(name).padEnd(20)} ${value}`);
      say(json ? JSON.stringify(report) : lines.join('\n'));
      return report.attention ? 1 : 0;
    },
  },
  'rotate-secrets': {
    options: [],
    writes: true,
    run: async (site) => {
      const { rotated, unreadable } = await site.rotateSecrets();
      say(`${rotated} written anew, ${unreadable} unreadable with the keys of this site`);
      return unreadable === 0 ? 0 : 1;
    },
  },
};

/** An invalid command line, reported in one sentence. */
class UsageError extends Error {
  constructor(sentence) {
    super(`${sentence} See: npx mailboxes --help`);
  }
}

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
};

const readWords = () => {
  const { positionals, tokens } = parseArgs({ allowPositionals: true, strict: false, tokens: true, options: OPTIONS });
  const given = tokens.filter(({ kind }) => kind === 'option');
  const values = Object.fromEntries(given.map(({ name }) => [name, true]));
  if (values.help || values.version) return { help: values.help, version: values.version };
  const [name, ...rest] = positionals;
  if (name === undefined && given.length === 0) return { missing: true };
  if (name === undefined) throw new UsageError('The command is missing.');
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(`"${name}" is not a command.`);
  if (rest.length > 0) throw new UsageError(`"${name}" takes no further word, not "${rest[0]}".`);
  const unknown = given.find((option) => !COMMANDS[name].options.includes(option.name) || option.value !== undefined);
  if (unknown) {
    const value = unknown.value === undefined ? '' : `=${unknown.value}`;
    throw new UsageError(`"${name}" has no option "${unknown.rawName}${value}".`);
  }
  return { command: COMMANDS[name], values };
};

const run = async () => {
  const { command, values, help, version, missing } = readWords();
  if (help) {
    answer(HELP);
    return 0;
  }
  if (version) {
    say(require('../package.json').version);
    return 0;
  }
  if (missing) {
    console.error(HELP);
    return 2;
  }
  const { openSite } = require('../dist/command/index.js');
  const site = await openSite(process.cwd(), { writes: command.writes });
  try {
    return await command.run(site, values);
  } finally {
    await site.close();
  }
};

run().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
);
