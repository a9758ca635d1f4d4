/**
 * Tests the public surface of the built package: its types under every module resolution of TypeScript, the examples of
 * docs/, and loading as CommonJS and as an ES module.
 *
 *   npm run verify:surface        after `npm run build`; the last line is `N passed, N failed`
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createChecks } from './checks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const FEWEST_ERRORS = 10;

const RESOLUTIONS = {
  node: { module: 'commonjs', moduleResolution: 'node' },
  node16: { module: 'node16', moduleResolution: 'node16' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

const COMPILER_OPTIONS = {
  target: 'es2022',
  lib: ['es2023'],
  types: [],
  strict: true,
  noEmit: true,
  // Strapi's own declarations are not ours to check; those of this package are read by what imports them.
  skipLibCheck: true,
  esModuleInterop: true,
};

const LOADS = `
  const names = Object.keys(loaded).filter((name) => name !== 'default' && name !== 'module.exports').sort().join();
  if (names !== 'isMailboxesError,mailboxes') throw new Error('exports ' + names);
  const service = (name) => ({ name });
  const { submissions, 'own-address': own } = loaded.mailboxes({ plugin: () => ({ service }) });
  if (submissions.name + own.name !== 'submissionsown-address') throw new Error('another service');
  let message = '';
  try { loaded.mailboxes({ plugin: () => undefined }); } catch (error) { message = error.message; }
  if (!message.startsWith('[mailboxes]')) throw new Error('no word about a missing plugin');
`;

const run = (cwd, ...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return status === 0 ? [] : `${stdout}${stderr}`.trim().split('\n');
};

/**
 * @param folder with the package and Strapi in its `node_modules`
 * @param check called with a rule and its problem
 */
export const proveSurface = (folder, check) => {
  const project = join(folder, 'surface');
  cpSync(join(root, 'tests/surface'), project, { recursive: true });
  cpSync(join(root, 'docs/examples'), join(project, 'examples'), { recursive: true });

  const wrong = readFileSync(join(project, 'surface.ts'), 'utf8').match(/@ts-expect-error/g)?.length ?? 0;
  check(
    `the types refuse ${wrong} mistakes, at least ${FEWEST_ERRORS}`,
    wrong < FEWEST_ERRORS ? `there are ${wrong}` : []
  );
  for (const [name, options] of Object.entries(RESOLUTIONS)) {
    const config = join(project, `tsconfig.${name}.json`);
    const include = ['surface.ts', 'examples/*.ts', ...(name === 'node' ? [] : ['module.mts'])];
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, ...options }, include }));
    check(
      `types and examples compile with moduleResolution ${name}`,
      run(project, join(root, 'node_modules/typescript/bin/tsc'), '-p', config)
    );
  }
  writeFileSync(join(project, 'load.cjs'), `const loaded = require('strapi-plugin-mailboxes');${LOADS}`);
  writeFileSync(join(project, 'load.mjs'), `import * as loaded from 'strapi-plugin-mailboxes';${LOADS}`);
  check('it loads as CommonJS', run(project, 'load.cjs'));
  check('it loads as an ES module', run(project, 'load.mjs'));
  rmSync(project, { recursive: true });
};

/** A folder beside the build, without an installation: only the package is copied. */
const besideTheBuild = () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailboxes-surface-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const own = join(modules, 'strapi-plugin-mailboxes');
  mkdirSync(own);
  for (const part of ['package.json', 'dist']) cpSync(join(root, part), join(own, part), { recursive: true });
  return folder;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { check, finish } = createChecks();
  const folder = besideTheBuild();
  try {
    proveSurface(folder, check);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  finish();
}
