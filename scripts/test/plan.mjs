import { execFileSync } from 'node:child_process';

const ALL = ['sqlite', 'postgres', 'mariadb'];

/**
 * The suites. `everywhere`: the outcome depends on the database, so that CI runs it on each. `rotated`: CI runs it on
 * one, chosen by the seed. null: no database at all.
 */
export const SUITES = {
  unit: { where: null, workers: 2 },
  database: { where: 'everywhere', workers: 2 },
  server: { where: 'rotated', workers: 2 },
  delivery: { where: 'rotated', workers: 2 },
  // Waits more than it computes.
  processes: { where: 'everywhere', workers: 3 },
  // A browser, a Strapi and two mail servers are enough for two cores.
  e2e: { where: null, workers: 1 },
};

/** The database that a seed (eight hex digits) chooses for rotated suites. */
export const rotated = (seed) => ALL[Number.parseInt(seed, 16) % ALL.length];

const seedOfHead = () => {
  try {
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return head.slice(0, 8);
  } catch {
    // An unpacked archive has no history.
    return '00000000';
  }
};

/** Suites, databases and our options stand first; the first other word and all words after it are jest's. */
export const parse = (words, env) => {
  const asked = {
    suites: [],
    databases: [],
    all: false,
    seed: env.TEST_SEED || seedOfHead(),
    ci: !['', 'false', undefined].includes(env.CI),
  };
  let index = 0;
  for (; index < words.length; index += 1) {
    const word = words[index];
    if (Object.hasOwn(SUITES, word)) asked.suites.push(word);
    else if (ALL.includes(word)) asked.databases.push(word);
    else if (word === '--all') asked.all = true;
    else if (word === '--seed') asked.seed = words[(index += 1)] ?? '';
    else break;
  }
  if (!/^[0-9a-f]{8}$/.test(asked.seed)) throw new Error(`--seed takes eight hex digits, not "${asked.seed}"`);
  return { ...asked, jest: words.slice(index) };
};

const databasesOf = (where, { databases, all, ci, seed }) => {
  if (where === null) return [null];
  if (databases.length > 0) return databases;
  if (all) return ALL;
  if (!ci) return ['sqlite'];
  return where === 'everywhere' ? ALL : [rotated(seed)];
};

/** @returns the runs of jest, and in words what a plain `npm test` leaves out */
export const planOf = (asked) => {
  const whole = asked.suites.length === 0;
  const everything = asked.all || asked.ci;
  const suites = whole ? Object.keys(SUITES).filter((suite) => suite !== 'e2e' || everything) : asked.suites;
  const runs = suites.flatMap((suite) =>
    databasesOf(SUITES[suite].where, asked).map((database) => ({ suite, database, workers: SUITES[suite].workers }))
  );
  const leftOut =
    whole && !everything && asked.databases.length === 0
      ? [
          'the browser suite: npm test -- e2e',
          'PostgreSQL and MariaDB: npm test -- database processes postgres mariadb',
          'every suite on every database, for a release: npm test -- --all',
        ]
      : [];
  return { runs, leftOut };
};
