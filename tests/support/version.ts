import { execFileSync, fork, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');
const MAIN = path.join(__dirname, 'version-main.cjs');
const MIGRATIONS = ':(glob)server/src/database/migrations/[0-9]*.ts';

const git = (...args: string[]): string => {
  try {
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    throw new Error(
      'The commits before this one are needed to migrate from them: this is no git repository, or a shallow one ' +
        `(git fetch --unshallow). git ${args.join(' ')}: ${String((error as { stderr?: unknown }).stderr ?? error)}`
    );
  }
};

const isThere = (object: string): boolean => spawnSync('git', ['cat-file', '-e', object], { cwd: ROOT }).status === 0;

/** Returns the commit before the newest migration was added; without a migration the one before HEAD. */
export const previousCommit = (): string => {
  const added = git('log', '-1', '--diff-filter=A', '--format=%H', 'HEAD', '--', MIGRATIONS);
  const before = isThere(`${added}~1:server/src/register.ts`) ? `${added}~1` : 'HEAD~1';
  return git('rev-parse', '--verify', `${before}^{commit}`);
};

/** That commit's sources, in a folder from which the dependencies resolve. */
export const checkOut = (commit: string): { root: string; remove: () => void } => {
  const tmp = path.join(ROOT, 'tests', 'tmp');
  mkdirSync(tmp, { recursive: true });
  const root = mkdtempSync(path.join(tmp, 'version-'));
  const tar = execFileSync('git', ['archive', commit, 'server', 'strapi-server.ts', 'tests/app'], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  });
  execFileSync('tar', ['-x', '-C', root], { input: tar });
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
};

export interface Running<T> {
  ready: Promise<void>;
  go: () => void;
  result: Promise<T>;
}

/** Starts the work of one version in a process of its own; its output is shown when it fails. */
export const runVersion = <T>(
  job: { root: string; work: 'seed' | 'migrate' } & Record<string, unknown>,
  env: Record<string, string> = {}
): Running<T> => {
  const child: ChildProcess = fork(MAIN, [], {
    cwd: ROOT,
    env: { ...process.env, ...env, VERSION_JOB: JSON.stringify(job) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  let begun = (): void => undefined;
  const ready = new Promise<void>((resolve) => (begun = resolve));
  const result = new Promise<T>((resolve, reject) => {
    child.on('message', (message: { ready?: true; result?: T; error?: string }) => {
      if (message.ready) begun();
      else if ('error' in message) reject(new Error(`${message.error}\n${output}`));
      else resolve(message.result as T);
    });
    child.on('exit', (code) => reject(new Error(`the process ended with ${code}\n${output}`)));
  });
  return { ready: Promise.race([ready, result.then(() => undefined)]), go: () => void child.send('go'), result };
};
