/**
 * Shows that the table of "who may send as what" (tests/unit/domain/identity.table.ts) guards every condition of the
 * rules: negates or drops one condition of `server/src/domain` at a time, as `mutants.txt` lists them, and runs the table
 * against that mutant.
 * Fails when no row notices, or when a text is no longer found once. Everything is compiled and run in memory:
 * no file is written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import swc from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const DOMAIN = join(root, 'server/src/domain');
const TABLE = join(root, 'tests/unit/domain/identity.table.ts');
const MUTANTS = 'scripts/mutants.txt';

/**
 * The mutants: a line names a file of `domain`, `text ⇒ replacement` is a mutant of it, and `⇒ replacement` one more of
 * the same text. White space in the text is ignored.
 */
const mutantsIn = (lines) => {
  const mutants = [];
  let [file, find] = ['', ''];
  for (const [index, line] of lines.split('\n').entries()) {
    const [left, replace] = line.split('⇒').map((part) => part.trim());
    if (line === '' || line.startsWith('#')) continue;
    if (replace === undefined) file = left;
    else mutants.push({ line: index + 1, file, find: (find = left || find), replace });
  }
  return mutants;
};

const compile = (source) =>
  swc.transformSync(source, {
    swcrc: false,
    configFile: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  }).code;

const compiled = new Map();
const compiledFile = (file) => {
  if (!compiled.has(file)) compiled.set(file, compile(readFileSync(file, 'utf8')));
  return compiled.get(file);
};

const fileOf = (path) => [`${path}.ts`, join(path, 'index.ts')].find((file) => existsSync(file));

/** Loads TypeScript files anew, with the given code in the place of some of them. */
const loader = (replaced = new Map()) => {
  const modules = new Map();
  const load = (file) => {
    if (modules.has(file)) return modules.get(file).exports;
    const module = { exports: {} };
    modules.set(file, module);
    const outside = createRequire(file);
    const require = (id) => (id.startsWith('.') ? load(fileOf(resolve(dirname(file), id))) : outside(id));
    new Function('require', 'module', 'exports', replaced.get(file) ?? compiledFile(file))(
      require,
      module,
      module.exports
    );
    return module.exports;
  };
  return load;
};

const { table, runRow } = loader()(TABLE);

/** The first row that notices; null: none. A mutant that throws is noticed. */
const firstFailingRow = (replaced) => {
  const load = loader(replaced);
  const [identity, tenant, grant] = ['identity', 'tenant', 'grant'].map((name) => load(fileOf(join(DOMAIN, name))));
  for (const row of table) {
    try {
      const { actual, expected } = runRow({ identity, tenant, grant }, row);
      if (!isDeepStrictEqual(actual, expected)) return row.sentence;
    } catch (error) {
      // A name that does not exist says that the mutation is wrong, not that the row noticed it.
      if (error instanceof ReferenceError) throw error;
      return row.sentence;
    }
  }
  return null;
};

/** Finds the text token by token, so that a formatter may wrap it. */
const pattern = (text) =>
  new RegExp(
    (text.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu) ?? [])
      .map((token) => token.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
      .join('\\s*'),
    'gu'
  );

/** Returns the mutated source, or the problem of the mutation. */
const mutate = (source, find, replace) => {
  const { length } = source.match(pattern(find)) ?? [];
  if (length !== 1) return { problem: `text found ${length ?? 0} times: ${find}` };
  return { mutant: source.replace(pattern(find), () => replace) };
};

const broken = firstFailingRow();
if (broken !== null) {
  console.error(`The table fails without any mutation: ${broken}`);
  process.exit(1);
}

const results = mutantsIn(readFileSync(join(root, MUTANTS), 'utf8')).map(({ line, file, find, replace }) => {
  const path = join(DOMAIN, file);
  const { mutant, problem } = mutate(readFileSync(path, 'utf8'), find, replace);
  const row = problem ?? firstFailingRow(new Map([[path, compile(mutant)]]));
  const verdict = problem ? 'STALE' : row === null ? 'SURVIVED' : 'killed';
  return { verdict, says: `${MUTANTS}:${line}`.padEnd(24) + verdict.padEnd(10) + (row ?? `${find} ⇒ ${replace}`) };
});

const bad = results.filter(({ verdict }) => verdict !== 'killed');
for (const { says } of [...results, ...bad]) console.log(says);
console.log(
  `\n${results.length} mutants, ${table.length} rows: ${results.length - bad.length} killed, ${bad.length} not`
);
process.exit(bad.length === 0 ? 0 : 1);
