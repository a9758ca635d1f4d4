import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(__dirname, '../..');
const COMPILED = path.join(ROOT, 'node_modules/.cache/mailboxes-typescript');

/** Makes Node reject every write of a file except to the cache of compiled sources. */
const NO_WRITES = [
  process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission',
  '--allow-fs-read=*',
  `--allow-fs-write=${COMPILED}/*`,
  '--allow-addons',
];

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs `npx mailboxes …` as an operator would, with the sources of this repository.
 *
 * @param cwd the folder of the application
 */
export const runCommand = (
  words: readonly string[],
  { cwd, env = {}, mayWrite = true }: { cwd: string; env?: Record<string, string>; mayWrite?: boolean }
): Promise<Ended> =>
  promisify(execFile)(
    process.execPath,
    [
      ...(mayWrite ? [] : NO_WRITES),
      '--require',
      path.join(ROOT, 'tests/support/command-sources.cjs'),
      path.join(ROOT, 'bin/mailboxes.mjs'),
      ...words,
    ],
    { cwd, env: { ...process.env, STRAPI_TELEMETRY_DISABLED: 'true', ...env } }
  ).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr })
  );
