import { fork } from 'node:child_process';
import { once } from 'node:events';

/* Functions of a process of its own, called over its IPC channel. */

type Functions = Record<string, (...args: never[]) => Promise<unknown>>;

export interface Remote<Api extends Functions> {
  readonly pid: number;
  call<K extends keyof Api & string>(name: K, ...args: Parameters<Api[K]>): Promise<Awaited<ReturnType<Api[K]>>>;
  /** Calls the `stop` of the process; resolves when it has ended. */
  stop(): Promise<void>;
}

interface Call {
  call: number;
  name: string;
  args: unknown[];
}
type Answer = { call: number; result?: unknown; error?: string };

/** The call that starts the process with its options. */
const START = 'start';

/** Starts a file that calls `serve`; resolves when it has started. Its output is written to stderr. */
export const startRemote = async <Api extends Functions>(file: string, options: unknown): Promise<Remote<Api>> => {
  const child = fork(file, [], {
    execArgv: ['-r', require.resolve('../tests/support/typescript.cjs')],
    stdio: ['ignore', 2, 2, 'ipc'],
    serialization: 'advanced',
  });
  const calls = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  let count = 0;
  child.on('message', ({ call, result, error }: Answer) => {
    const waiting = calls.get(call);
    calls.delete(call);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(error));
  });
  const exited = once(child, 'exit').then(() => {
    for (const { reject } of calls.values()) reject(new Error(`${file} ended`));
  });
  const send = (name: string, args: unknown[]): Promise<never> =>
    new Promise((resolve, reject) => {
      calls.set((count += 1), { resolve, reject });
      child.send({ call: count, name, args } satisfies Call);
    });
  await send(START, [options]);
  return {
    pid: child.pid as number,
    call: (name, ...args) => send(name, args),
    stop: async () => {
      await send('stop', []);
      child.disconnect();
      await exited;
    },
  };
};

/** Answers the calls of the parent process. @param start makes the functions from the options */
export const serve = <Options>(start: (options: Options) => Promise<Functions>): void => {
  let functions: Functions = {};
  const run = async ({ name, args }: Call): Promise<unknown> => {
    if (name === START) functions = await start(args[0] as Options);
    else return functions[name]?.(...(args as never[]));
  };
  process.on('message', (message: Call) => {
    const { call } = message;
    run(message).then(
      (result) => process.send?.({ call, result } satisfies Answer),
      (error: Error) => process.send?.({ call, error: error.stack ?? String(error) } satisfies Answer)
    );
  });
  process.on('disconnect', () => process.exit(0));
};
