import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN, ROOT, STATE, TEMPLATE } from './places.mjs';
import { writeApplication } from './site.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const SOURCES = [
  ...['strapi-server.ts', 'strapi-admin.tsx', 'server', 'admin', 'package.json', 'tsconfig.json'].map((name) =>
    join(ROOT, name)
  ),
  LOCK,
];
const DIST = join(ROOT, 'dist');
const ENTRIES = [
  'admin/index.js',
  'admin/index.mjs',
  'server/index.js',
  'server/index.mjs',
  'public/index.js',
  'public/index.mjs',
];

/** All files of a folder, always in the same order; of a file, itself. */
const filesOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => filesOf(join(path, name)))
    : [path];

const hashOf = (paths) => {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  return hash.digest('hex');
};

/** The latest change below a path. A deleted file shows in its folder alone. */
const changedAt = (path) => {
  const { mtimeMs } = statSync(path);
  return statSync(path).isDirectory()
    ? Math.max(mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))))
    : mtimeMs;
};

const holds = (file, stamp) => existsSync(file) && readFileSync(file, 'utf8') === stamp;

const running = new Set();

/** Ends what `run` started and is still going on. A bundler at work hears no polite signal, and there is nothing to save. */
export const stopBuilding = () =>
  Promise.all(
    [...running].map(
      (child) =>
        new Promise((resolve) => {
          child.once('close', resolve);
          child.kill('SIGKILL');
        })
    )
  );

/** Runs a command to its end; shows its output only on failure. */
const run = (cwd, command, args, env = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    running.add(child);
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      if (code === 0) resolve();
      else reject(new Error(`${Buffer.concat(output)}\n${args.join(' ')} ended with exit code ${code}`));
    });
  });

/**
 * `dist/` as it is in the package, rebuilt after a change of a source. A build of `npm run build` counts as well: either it
 * is younger than all sources, or sources and build have the content of the last time that this was so.
 */
export const buildPlugin = async (log) => {
  const stampFile = join(STATE, 'plugin-stamp');
  const entries = ENTRIES.map((entry) => join(DIST, entry));
  const stamp = () => hashOf([...SOURCES, DIST]);
  const complete = entries.every((entry) => existsSync(entry));
  if (complete && holds(stampFile, stamp())) return;
  const isYounger = () =>
    Math.min(...entries.map((entry) => statSync(entry).mtimeMs)) >= Math.max(...SOURCES.map(changedAt));
  if (!complete || !isYounger()) {
    log('Building the plugin …');
    await run(ROOT, process.execPath, [join(ROOT, 'node_modules/@strapi/sdk-plugin/bin/strapi-plugin.js'), 'build']);
  }
  mkdirSync(STATE, { recursive: true });
  writeFileSync(stampFile, stamp());
};

/** The admin panel with the plugin in it, rebuilt after a change of an input's content. */
export const buildAdmin = async (log) => {
  const stamp = hashOf([join(DIST, 'admin'), TEMPLATE, LOCK, join(ROOT, 'node_modules/@strapi/strapi/package.json')]);
  const stampFile = join(ADMIN, 'stamp');
  const built = join(ADMIN, 'build');
  if (existsSync(join(built, 'index.html')) && holds(stampFile, stamp)) return built;
  log('Building the admin panel; this takes about a minute …');
  writeApplication(ADMIN, { port: 1337, smtp: { system: 2525 }, ca: null });
  await run(ADMIN, process.execPath, [join(ROOT, 'node_modules/@strapi/strapi/bin/strapi.js'), 'build'], {
    NODE_ENV: 'production',
    STRAPI_TELEMETRY_DISABLED: 'true',
  });
  writeFileSync(stampFile, stamp);
  return built;
};
