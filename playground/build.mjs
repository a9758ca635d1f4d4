import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCES, isOutdated, missingEntries, stampOf } from '../scripts/stamp.mjs';
import { ADMIN, ROOT, STATE } from './places.mjs';
import { writeApplication } from './site.mjs';

/** All that the build of the admin panel reads. */
const ADMIN_SOURCES = ['dist/admin', 'playground/app', 'package-lock.json', 'node_modules/@strapi/strapi/package.json'];

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
  const stamp = () => stampOf([...SOURCES, 'dist']);
  const complete = missingEntries().length === 0;
  if (complete && holds(stampFile, stamp())) return;
  if (!complete || isOutdated()) {
    log('Building the plugin …');
    await run(ROOT, process.execPath, [join(ROOT, 'node_modules/@strapi/sdk-plugin/bin/strapi-plugin.js'), 'build']);
  }
  mkdirSync(STATE, { recursive: true });
  writeFileSync(stampFile, stamp());
};

/** The admin panel with the plugin in it, rebuilt after a change of an input's content. */
export const buildAdmin = async (log) => {
  const stamp = stampOf(ADMIN_SOURCES);
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
