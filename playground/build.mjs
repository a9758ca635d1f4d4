import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN, ROOT, TEMPLATE } from './places.mjs';
import { writeApplication } from './site.mjs';

const SOURCES = ['strapi-server.ts', 'strapi-admin.tsx', 'server', 'admin', 'package.json', 'tsconfig.json'];
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

/** Runs to its end; what it says is shown only when it fails. */
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

/** `dist/` as it is in the package, made anew when a source is younger. */
export const buildPlugin = async (log) => {
  const entries = ENTRIES.map((entry) => join(ROOT, 'dist', entry));
  const changed = Math.max(
    ...SOURCES.flatMap((source) => filesOf(join(ROOT, source))).map((file) => statSync(file).mtimeMs)
  );
  if (entries.every((entry) => existsSync(entry) && statSync(entry).mtimeMs >= changed)) return;
  log('Building the plugin …');
  await run(ROOT, process.execPath, [join(ROOT, 'node_modules/@strapi/sdk-plugin/bin/strapi-plugin.js'), 'build']);
};

/** The admin panel with the plugin in it; made anew when what goes into it has another content. */
export const buildAdmin = async (log) => {
  const hash = createHash('sha256');
  const inputs = [join(ROOT, 'dist/admin'), TEMPLATE, join(ROOT, 'node_modules/@strapi/strapi/package.json')];
  for (const file of inputs.flatMap(filesOf)) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  const stamp = hash.digest('hex');
  const stampFile = join(ADMIN, 'stamp');
  const built = join(ADMIN, 'build');
  if (existsSync(join(built, 'index.html')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
    return built;
  log('Building the admin panel; this takes about a minute …');
  writeApplication(ADMIN, { port: 1337, smtp: { system: 2525 }, ca: null });
  await run(ADMIN, process.execPath, [join(ROOT, 'node_modules/@strapi/strapi/bin/strapi.js'), 'build'], {
    NODE_ENV: 'production',
    STRAPI_TELEMETRY_DISABLED: 'true',
  });
  writeFileSync(stampFile, stamp);
  return built;
};
