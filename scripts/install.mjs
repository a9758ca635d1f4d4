import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** npm processes that run now. */
export const children = new Set();

const npm = (...args) =>
  new Promise((resolve, reject) => {
    const child = spawn('npm', args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    children.add(child);
    child.on('error', reject);
    child.on('exit', (code) => {
      children.delete(child);
      if (code === 0) resolve();
      else reject(new Error(`npm ${args[0]} ended with exit code ${code}`));
    });
  });

/** Installs the packages of package.json when one of them is missing. */
export const install = async (log) => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !existsSync(`${root}node_modules/${name}/package.json`)
  );
  if (missing.length === 0) return;
  log('Installing packages: once, three to five minutes …');
  await npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
};
