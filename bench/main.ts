/**
 * `npm run bench`: cost of durability. Measures the plugin beside nodemailer alone and Strapi's own provider, interleaved
 * in one run on one machine: only ratios are comparable between machines (docs/performance.md).
 *
 *   npm run bench                          every scenario and database, 7 rounds
 *   npm run bench -- postgres throughput   some databases (sqlite, sqlite-wal, postgres, mariadb) and scenarios (below)
 *   npm run bench -- --short               fewer and shorter rounds
 *   npm run bench -- --out FILE.md         writes the table to FILE.md and all values to FILE.json, too
 *   npm run bench -- --against 8027a3d     accepting by another revision in the same rounds; also the folder of a clone
 *   npm run bench -- --statements          statements by frequency per submission
 *   npm run bench -- --plain               without TLS and login: only the protocol
 *   npm run bench -- boot --built          the build in dist/ as it is
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkOut } from '../tests/support/version';
import { boot } from './boot';
import { runCommand } from './command';
import { drain } from './drain';
import type { Figure, Settings } from './figures';
import { idle } from './idle';
import { readMachine, type Machine } from './machine';
import { VARIANTS, withPlace, type Place, type Variant } from './place';
import { PROCESS_RTTS, processes } from './processes';
import { heading, table, type Results } from './table';
import { throughput } from './throughput';

const SCENARIOS = ['throughput', 'idle', 'drain', 'processes', 'boot'] as const;
type Scenario = (typeof SCENARIOS)[number];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    mails: { type: 'string' },
    out: { type: 'string' },
    against: { type: 'string' },
    statements: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
  },
});
const unknown = positionals.find((name) => ![...VARIANTS, ...SCENARIOS].some((known) => known === name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${[...VARIANTS, ...SCENARIOS].join(', ')}`);

const chosen = <T extends string>(all: readonly T[]): readonly T[] => {
  const some = all.filter((name) => positionals.includes(name));
  return some.length > 0 ? some : all;
};
const variants = chosen(VARIANTS);
const scenarios = chosen(SCENARIOS);
const isChosen = (...some: Scenario[]): boolean => some.some((scenario) => scenarios.includes(scenario));

const settings: Settings = {
  rounds: Number(values.rounds ?? (values.short ? 3 : 7)),
  mails: Number(values.mails ?? (values.short ? 100 : 300)),
  samples: values.short ? 10 : 20,
  log: (line) => console.error(line),
};

/** SQLite serves one process. */
const SHARED: readonly Variant[] = ['postgres', 'mariadb'];
const RTTS = [0, 20] as const;

const statements: string[] = [];

/** Scenarios of one delivering site; `appFolder` is the application of another revision. */
const withOneSite = async (place: Place, appFolder: string | null): Promise<Figure[]> => {
  const site = await place.startSite({ database: await place.createDatabase() });
  const figures: Figure[] = [];
  if (isChosen('throughput')) {
    const accepting = async (folder?: string) =>
      place.startSite({
        role: 'accept',
        database: await place.createDatabase(),
        ...(folder !== undefined && { folder }),
      });
    const sites = {
      site,
      accepting: await accepting(),
      former: appFolder === null ? null : await accepting(appFolder),
    };
    const result = await throughput(place, sites, settings);
    figures.push(...result.figures);
    statements.push('', `${place.variant}, statements per submission:`, ...result.statements);
  }
  if (isChosen('idle')) for (const rttMs of RTTS) figures.push(...(await idle(place, site, rttMs, settings)));
  if (isChosen('drain')) figures.push(...(await drain(place, site, settings)));
  return figures;
};

const measure = async (variant: Variant, appFolder: string | null): Promise<Figure[]> => {
  const { plain } = values;
  const figures: Figure[] = [];
  if (isChosen('throughput', 'idle', 'drain'))
    figures.push(...(await withPlace(variant, { plain, rtts: RTTS }, (place) => withOneSite(place, appFolder))));
  if (isChosen('processes') && SHARED.includes(variant))
    figures.push(...(await withPlace(variant, { plain, rtts: PROCESS_RTTS }, (place) => processes(place, settings))));
  if (isChosen('boot') && variant === 'sqlite') figures.push(...(await boot({ ...settings, built: values.built })));
  return figures;
};

/** The folder or the commit that `--against` names. */
const openFormer = (named: string | undefined): { app: string | null; remove: () => void } => {
  if (named === undefined) return { app: null, remove: () => undefined };
  const { root, remove } = existsSync(named) ? { root: path.resolve(named), remove: () => undefined } : checkOut(named);
  return { app: path.join(root, 'tests/app'), remove };
};

const write = (out: string, lines: readonly string[], results: Results, machine: Machine): void => {
  const { name, dir } = path.parse(out);
  const { rounds, mails } = settings;
  const content = { machine, rounds, mails, against: values.against, results: Object.fromEntries(results) };
  writeFileSync(out, `${lines.join('\n')}\n`);
  writeFileSync(path.join(dir, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`);
};

const main = async (): Promise<void> => {
  const startedAt = performance.now();
  const machine = await readMachine();
  const former = openFormer(values.against);
  const results: [Variant, Figure[]][] = [];
  let lines: string[] = [];
  try {
    for (const variant of variants) {
      const figures = await measure(variant, former.app).catch((error: unknown): Figure[] => {
        // The figures of the other databases are kept.
        console.error(error);
        process.exitCode = 1;
        return [];
      });
      if (figures.length > 0) results.push([variant, figures]);
      lines = [heading(machine, { ...settings, plain: values.plain }), '', ...table(results)];
      if (values.out !== undefined) write(values.out, lines, results, machine);
    }
  } finally {
    former.remove();
  }
  if (results.length === 0) throw new Error(`${scenarios.join(' and ')} on ${variants.join(', ')}: no figures`);
  console.log(lines.join('\n'));
  if (values.statements) console.log(statements.join('\n'));
  settings.log(`${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes`);
};

runCommand(main);
