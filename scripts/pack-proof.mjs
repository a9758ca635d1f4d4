/**
 * Tests the package as a user gets it: packs it, checks every file in it, installs it with npm into a new Strapi
 * application outside the repository, compiles code against its types, boots that, tests the plugin's contract, builds
 * the admin panel, and opens the pages in a browser.
 *
 *   npm run test:package                 builds and verifies first
 *   npm run test:package -- --built      packs the dist/ that is there, after `npm run build` and `npm run verify`;
 *                                        fails when a source is younger
 *   npm run test:package -- --keep       leaves the application there and says where
 *
 * The last line is `N passed, N failed`.
 */
import { fork, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChecks } from './checks.mjs';
import { openPages } from './pack-proof-browser.mjs';
import { inspect } from './pack-proof-files.mjs';
import { isOutdated, missingEntries } from './stamp.mjs';
import { proveSurface } from './surface-proof.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const BOOT_LIMIT_MS = 120_000;

const { check, finish } = createChecks();

let started = Date.now();
const step = (title) => {
  console.log(`\n=== ${title}`);
  started = Date.now();
};
const took = () => console.log(`  (${((Date.now() - started) / 1000).toFixed(1)} s)`);

const npm = (cwd, ...args) => {
  const { status, error } = spawnSync('npm', args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`npm ${args[0]} ended with ${error?.message ?? status}`);
};

/** @throws when `dist/` is missing, incomplete, or older than a source: a stale build is never packed */
const assertFresh = () => {
  const missing = missingEntries();
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}; run npm run build`);
  if (isOutdated()) throw new Error('dist/ is older than a source; run npm run build');
};

/**
 * Packs into `folder` and unpacks it there: `package/` is what the registry would hold.
 *
 * @param built use the present `dist/` instead of `prepack`
 */
const pack = (folder, built) => {
  if (built) assertFresh();
  npm(root, 'pack', '--pack-destination', folder, ...(built ? ['--ignore-scripts'] : []));
  const tarball = join(folder, `${pkg.name}-${pkg.version}.tgz`);
  const { status } = spawnSync('tar', ['-xzf', tarball, '-C', folder], { stdio: 'inherit' });
  if (status !== 0) throw new Error('tar could not unpack the package');
  return { tarball, unpacked: join(folder, 'package') };
};

const CONFIG = {
  server: { host: '127.0.0.1', port: 0, app: { keys: ['key-a', 'key-b'] }, logger: { updates: { enabled: false } } },
  admin: {
    auth: { secret: 'admin-secret' },
    apiToken: { salt: 'api-token-salt' },
    transfer: { token: { salt: 'transfer-token-salt' } },
    secrets: { encryptionKey: 'an-encryption-key-of-this-throw-away-application' },
    flags: { nps: false, promoteEE: false },
  },
  database: { connection: { client: 'sqlite', connection: { filename: '.tmp/data.db' }, useNullAsDefault: true } },
};

const SQLITE = 'node_modules/better-sqlite3';
const SQLITE_BINARY = `${SQLITE}/build/Release/better_sqlite3.node`;

/** This process loads the binary of the checkout, so that its ABI is the one that `app` runs on, too. */
const canReuseSqlite = () => {
  if (!existsSync(join(root, SQLITE_BINARY))) return false;
  const { status } = spawnSync(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:').close()"], {
    cwd: root,
  });
  return status === 0;
};

/**
 * Copies SQLite's compiled binary from the checkout, which saves a download or a compilation. Where npm installed
 * another version of the driver, its own install script runs instead.
 */
const reuseSqlite = (app) => {
  const versionIn = (folder) => JSON.parse(readFileSync(join(folder, SQLITE, 'package.json'), 'utf8')).version;
  if (versionIn(app) === versionIn(root)) cpSync(join(root, SQLITE_BINARY), join(app, SQLITE_BINARY));
  else npm(join(app, SQLITE), 'run', 'install');
};

/** A plain JavaScript application, as `create-strapi` makes it, with the versions this repository is developed with. */
const scaffold = (app, tarball, buildsSqlite) => {
  const pinned = (...names) => Object.fromEntries(names.map((name) => [name, pkg.devDependencies[name]]));
  const files = {
    'package.json': {
      name: 'mailboxes-package-proof',
      version: '0.0.0',
      private: true,
      dependencies: {
        ...pinned('@strapi/strapi', 'better-sqlite3', 'react', 'react-dom', 'react-router-dom', 'styled-components'),
        [pkg.name]: `file:${tarball}`,
      },
      // Without an id Strapi sends no telemetry.
      strapi: { uuid: false },
      // npm requires a decision about every install script; only SQLite's driver has something to build.
      allowScripts: { 'better-sqlite3': buildsSqlite, '@swc/core': true, esbuild: true, 'core-js-pure': false },
    },
  };
  for (const folder of ['config', 'public/uploads', 'database/migrations', 'src/api', 'src/admin', '.tmp']) {
    mkdirSync(join(app, folder), { recursive: true });
  }
  for (const [name, value] of Object.entries(files)) writeFileSync(join(app, name), JSON.stringify(value, null, 2));
  for (const [name, value] of Object.entries(CONFIG)) {
    writeFileSync(join(app, 'config', `${name}.js`), `module.exports = ${JSON.stringify(value, null, 2)};\n`);
  }
  writeFileSync(
    join(app, 'src/admin/app.js'),
    "export default { config: { locales: ['de'], notifications: { releases: false } } };\n"
  );
  cpSync(join(root, 'playground/app/favicon.png'), join(app, 'favicon.png'));
  for (const part of ['boot', 'serve']) {
    cpSync(join(root, `scripts/pack-proof-${part}.cjs`), join(app, `${part}.cjs`));
  }
};

/** Bundles the admin panel with the plugin in it, as a user has to after installing. */
const buildAdmin = (app) => {
  const { status } = spawnSync(process.execPath, ['node_modules/@strapi/strapi/bin/strapi.js', 'build'], {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  check('strapi build bundles the admin panel', status === 0 ? [] : `exit code ${status}`);
  if (status !== 0) return;
  const chunks = readdirSync(join(app, 'build')).filter((file) => file.endsWith('.js'));
  const texts = JSON.parse(readFileSync(join(root, 'admin/src/translations/settings.de.json'), 'utf8'));
  check(
    "the plugin's admin half is in it",
    chunks.some((file) => readFileSync(join(app, 'build', file), 'utf8').includes(texts['settings.subtitle']))
      ? []
      : 'its German texts are in no file of the build'
  );
};

/** The command of the package, as the operator runs it. */
const runCommand = (app) => {
  const run = (...args) =>
    spawnSync(process.execPath, [join('node_modules', pkg.name, 'bin/mailboxes.mjs'), ...args], {
      cwd: app,
      env: { ...process.env, NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true' },
      encoding: 'utf8',
    });
  const rotated = run('rotate-secrets');
  check(
    'mailboxes rotate-secrets runs',
    rotated.status === 0 && rotated.stdout.includes('0 written anew')
      ? []
      : `${rotated.status}: ${rotated.stdout}${rotated.stderr}`
  );
  const health = run('health', '--json');
  check(
    'mailboxes health answers whether a mail was lost',
    health.status === 0 && JSON.parse(health.stdout).accepted === 0
      ? []
      : `${health.status}: ${health.stdout}${health.stderr}`
  );
  const unknown = run('nothing');
  check('an unknown command is a usage error', unknown.status === 2 ? [] : `${unknown.status}: ${unknown.stderr}`);
};

/** Boots the application in a process of its own; every message from it is one check. */
const boot = (app) =>
  new Promise((resolve) => {
    const child = fork(join(app, 'boot.cjs'), {
      cwd: app,
      env: { ...process.env, NODE_ENV: 'production', NODE_PATH: '', STRAPI_TELEMETRY_DISABLED: 'true' },
      timeout: BOOT_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let ended = false;
    child.on('message', (message) => {
      if (message.end) ended = true;
      else check(message.rule, message.problems);
    });
    child.on('exit', (code, signal) => {
      check(
        'the application boots and stops by itself',
        ended && code === 0 ? [] : `exit code ${code}, signal ${signal}${ended ? '' : ', before the last check'}`
      );
      resolve();
    });
  });

const folder = mkdtempSync(join(tmpdir(), 'mailboxes-package-'));
const keep = process.argv.includes('--keep');
try {
  step('npm pack');
  const { tarball, unpacked } = pack(folder, process.argv.includes('--built'));
  took();

  step('files of the package');
  inspect(unpacked, check);

  step('npm install into a new Strapi application');
  const app = join(folder, 'app');
  const reusesSqlite = canReuseSqlite();
  scaffold(app, tarball, !reusesSqlite);
  npm(app, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');
  if (reusesSqlite) reuseSqlite(app);
  const own = join(app, 'node_modules', pkg.name, 'node_modules');
  check(
    'the application and the plugin share one copy of every peer',
    Object.keys(pkg.peerDependencies).filter((name) => existsSync(join(own, name)))
  );
  took();

  step('what other code gets of it');
  proveSurface(app, check);
  took();

  step('boot');
  await boot(app);
  took();

  step('the command');
  runCommand(app);
  took();

  step('strapi build');
  buildAdmin(app);
  took();

  step('the pages in a browser');
  await openPages(app, check);
  took();
} catch (error) {
  check('the proof runs to its end', error.message);
} finally {
  if (keep) console.log(`\nkept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}

finish();
