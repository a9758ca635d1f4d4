import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SubmitInput } from '../../server/src/submissions/service';
import type { TestDatabase } from './database';
import { createStateWaiter } from './smtp/state-waiter';

type FromChild =
  { type: 'ready' } | { type: 'submitted'; id: string } | { type: 'stopped' } | { type: 'failed'; message: string };

/** A Strapi of its own process: it can be killed. */
export interface AppProcess {
  readonly pid: number;
  /** @returns the id of the accepted submission */
  submit(input: SubmitInput): Promise<string>;
  /** Tells it to destroy Strapi; resolves when that is done. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const BOOT_MS = 60_000;

/** Boots the test app with the plugin's configuration on the database, which has been set up before. */
export const startAppProcess = async (database: TestDatabase, config: Record<string, unknown>): Promise<AppProcess> => {
  const child = fork(join(__dirname, 'app-process-main.cjs'), [], {
    execArgv: [],
    env: {
      ...process.env,
      TEST_CONNECTION: JSON.stringify(database.connection),
      TEST_PLUGIN_CONFIG: JSON.stringify(config),
      TEST_EMAIL_CONFIG: JSON.stringify({ settings: { defaultFrom: 'system@site.example' } }),
      TEST_ENCRYPTION_KEY: 'test-encryption-key',
      TEST_PLUGIN_DISABLED: 'false',
      STRAPI_TELEMETRY_DISABLED: 'true',
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const waiter = createStateWaiter();
  const messages: FromChild[] = [];
  child.on('message', (message: FromChild) => {
    messages.push(message);
    if (message.type === 'failed') waiter.end(message.message);
    waiter.changed();
  });
  child.once('exit', () => waiter.end('the process ended'));
  const next = <T extends FromChild['type']>(type: T, nth = 1): Promise<Extract<FromChild, { type: T }>> =>
    waiter.until(
      () => messages.filter((message) => message.type === type)[nth - 1] as Extract<FromChild, { type: T }> | undefined,
      () => `"${type}" of the app's process`,
      { timeoutMs: BOOT_MS }
    );
  const exited = once(child, 'exit');
  await next('ready');

  let submitted = 0;
  return {
    pid: child.pid as number,
    submit: async (input) => {
      submitted += 1;
      child.send({ type: 'submit', input });
      return (await next('submitted', submitted)).id;
    },
    stop: async () => {
      child.send({ type: 'stop' });
      await next('stopped');
      child.disconnect();
      await exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};
