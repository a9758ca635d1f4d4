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

const packagesOf = (lock) => (existsSync(lock) ? JSON.parse(readFileSync(lock, 'utf8')).packages : {});

/** Installs the packages of package.json when one of them is missing or of another version than package-lock.json has. */
export const install = async (log) => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const wanted = packagesOf(`${root}package-lock.json`);
  const installed = packagesOf(`${root}node_modules/.package-lock.json`);
  const stale = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => {
    const place = `node_modules/${name}`;
    return !existsSync(`${root}${place}/package.json`) || installed[place]?.version !== wanted[place]?.version;
  });
  if (stale.length === 0) return;
  log('Installing packages: once, three to five minutes …');
  await npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
};
