import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SubmitInput } from '../../server/src/submissions/service';
import type { Submission } from '../../server/src/contracts/answers';
import type { TestDatabase } from './database';
import { createStateWaiter, type WaitOptions } from './smtp/state-waiter';

type FromChild =
  | { type: 'ready' }
  | { type: 'answer'; call: number; result: unknown }
  | { type: 'refusal'; call: number; message: string; code?: string }
  | { type: 'stopped' }
  | { type: 'failed'; message: string };

/** A Strapi in a process of its own, so that a test can kill it. */
export interface AppProcess {
  readonly pid: number;
  /** Complete lines of its log. */
  readonly logs: readonly string[];
  readonly ended: boolean;
  /** Calls a method of one of the plugin's services, or of another one by its uid; rejects with `code` as the service did, or because it died. */
  call(service: string, method: string, ...args: unknown[]): Promise<unknown>;
  /** @returns the id of the accepted submission */
  submit(input: SubmitInput): Promise<string>;
  get(id: string, by: { actor: SubmitInput['actor'] }): Promise<Submission>;
  waitForLog(pattern: RegExp, options?: WaitOptions): Promise<string>;
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void;
  /** SIGSTOP; resolves when the kernel has stopped the process: until then it continues with the work at hand. */
  suspend(): Promise<void>;
  /** Resolves when the process has ended, for any reason. */
  gone(): Promise<void>;
  /** Destroys Strapi; resolves when the process has ended. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>;
}

export interface AppProcessOptions {
  /** Offset of its clock. */
  clockShiftMs?: number;
  /** Instead of the database's own: through a proxy, for example. */
  connection?: Record<string, unknown>;
  /** Times that have a lower bound in the configuration, or are no option of it. Default: those of the plugin. */
  timing?: Timing;
  /** Default: 'warn'. */
  logLevel?: 'info';
  /** Loads at once, but boots after that: an empty database gets its tables from one process alone. */
  after?: Promise<unknown>;
}

export interface Timing {
  leaseMs?: number;
  /** Interval at which due rows and expired leases are polled. */
  pollMs?: number;
  /** Interval at which the engine 'bullmq' searches for rows without a job; default: `pollMs`. */
  sweepMs?: number;
}

const BOOT_MS = 90_000;
const CALL_MS = 60_000;

/** Loads Strapi and the plugin in a process that has no database yet. @param preload runs before all other modules */
const load = (preload: readonly string[] = [], env: Record<string, string> = {}): ChildProcess =>
  fork(join(__dirname, 'app-process-main.cjs'), [], {
    execArgv: preload.flatMap((file) => ['-r', join(__dirname, file)]),
    env: { ...process.env, STRAPI_TELEMETRY_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

/** The handles of a child that keep this process running. */
const handlesOf = (child: ChildProcess): { ref: () => void; unref: () => void }[] =>
  [child, child.channel, child.stdout, child.stderr] as never;

/** Loaded, without a site: at most one per worker. */
let spare: ChildProcess | null = null;

const takeSpare = (): ChildProcess | null => {
  const taken = spare;
  spare = null;
  if (taken?.connected !== true) return null;
  for (const handle of handlesOf(taken)) handle.ref();
  return taken;
};

/**
 * Starts to load a process for the next `startAppProcess`, while the test waits for something else: loading takes two
 * thirds of the CPU time of a start. The spare has no site and no database before it is taken, keeps no run alive, and
 * exits with the run.
 */
export const prepareAppProcess = (): void => {
  if (spare?.connected === true) return;
  spare = load();
  spare.on('error', () => undefined);
  for (const handle of handlesOf(spare)) handle.unref();
};

/** Boots the test app with the plugin's configuration on the database, which has been set up before. */
export const startAppProcess = async (
  database: TestDatabase,
  config: Record<string, unknown>,
  { clockShiftMs, connection = database.connection, timing = {}, logLevel, after }: AppProcessOptions = {}
): Promise<AppProcess> => {
  // The clock must be shifted before any module captures `Date`: no spare can be used.
  const child =
    clockShiftMs === undefined
      ? (takeSpare() ?? load())
      : load(['clock-shift.cjs'], { CLOCK_SHIFT_MS: String(clockShiftMs) });
  const waiter = createStateWaiter();
  const state = { ready: false, stopped: false, ended: false, calls: 0 };
  const calls = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const logs: string[] = [];

  for (const stream of [child.stdout, child.stderr]) {
    let unfinished = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      logs.push(...lines);
      waiter.changed();
    });
  }
  const fail = (reason: string): void => {
    waiter.end(reason);
    for (const { reject } of calls.values()) reject(new Error(reason));
    calls.clear();
  };
  child.on('message', (message: FromChild) => {
    if (message.type === 'ready') state.ready = true;
    if (message.type === 'stopped') state.stopped = true;
    if (message.type === 'failed') fail(message.message);
    if (message.type === 'answer') calls.get(message.call)?.resolve(message.result);
    if (message.type === 'refusal')
      calls.get(message.call)?.reject(Object.assign(new Error(message.message), { code: message.code }));
    if (message.type === 'answer' || message.type === 'refusal') calls.delete(message.call);
    waiter.changed();
  });
  // Sending to a process that has just been killed emits an error.
  child.on('error', () => undefined);
  const exited = once(child, 'exit').then(() => {
    state.ended = true;
    fail('the process ended');
  });
  await after;
  child.send({
    type: 'boot',
    site: {
      timing,
      env: {
        TEST_CONNECTION: JSON.stringify(connection),
        TEST_PLUGIN_CONFIG: JSON.stringify(config),
        TEST_EMAIL_CONFIG: JSON.stringify({ settings: { defaultFrom: 'system@site.example' } }),
        TEST_ENCRYPTION_KEY: 'test-encryption-key',
        TEST_PLUGIN_DISABLED: 'false',
        ...(logLevel && { TEST_LOG_LEVEL: logLevel }),
      },
    },
  });
  await waiter.until(
    () => state.ready,
    () => `"ready" of the app's process; it said: ${logs.slice(-20).join('\n')}`,
    { timeoutMs: BOOT_MS }
  );

  const call = (service: string, method: string, ...args: unknown[]): Promise<unknown> => {
    if (state.ended) return Promise.reject(new Error('the process ended'));
    const number = (state.calls += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        calls.delete(number);
        reject(new Error(`${service}.${method} has not answered for ${CALL_MS} ms`));
      }, CALL_MS);
      const first =
        <T>(end: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          end(value);
        };
      calls.set(number, { resolve: first(resolve), reject: first(reject) });
      child.send({ type: 'call', call: number, service, method, args });
    });
  };

  return {
    pid: child.pid as number,
    logs,
    get ended() {
      return state.ended;
    },
    call,
    submit: async (input) => ((await call('submissions', 'submit', input)) as Submission).id,
    get: (id, by) => call('submissions', 'get', id, by) as Promise<Submission>,
    waitForLog: (pattern, options) =>
      waiter.until(
        () => logs.find((line) => pattern.test(line)),
        () => `${pattern} in its log: ${logs.slice(-20).join('\n')}`,
        options
      ),
    signal: (signal) => void child.kill(signal),
    suspend: async () => {
      child.kill('SIGSTOP');
      // The state follows the name, which may hold blanks (proc(5)).
      while (!/\) T /.test(await readFile(`/proc/${child.pid}/stat`, 'utf8')))
        await new Promise((resolve) => setImmediate(resolve));
    },
    gone: () => exited,
    stop: async () => {
      child.send({ type: 'stop' });
      await waiter.until(
        () => state.stopped,
        () => '"stopped" of the app\'s process',
        { timeoutMs: BOOT_MS }
      );
      child.disconnect();
      await exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};
