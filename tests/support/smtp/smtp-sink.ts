import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port';

const PROGRAM = '/usr/sbin/smtp-sink';

/** Postfix's test server is there: Debian's package `postfix` brings it. */
export const hasSmtpSink = (): boolean => existsSync(PROGRAM);

export interface SmtpSink {
  port: number;
  /** The transactions that it has written down, as text. */
  transactions(): Promise<string[]>;
  stop(): Promise<void>;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Starts one; `faults` as its manual has them: `['-q', '.']` hangs up at the dot. */
export const startSmtpSink = async (faults: readonly string[]): Promise<SmtpSink> => {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-sink-'));
  const port = await freePort();
  // It gives its rights away if it has any.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  if (user.length > 0) await chmod(folder, 0o777);
  const args = [...user, ...faults, '-d', `${folder}/mail.`, `inet:127.0.0.1:${port}`, '100'];
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`smtp-sink ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    transactions: async () => Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8'))),
    stop: async () => {
      child.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
};
