import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface DelayProxyOptions {
  host: string;
  port: number;
  rttMs: number;
}

export interface DelayProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts a proxy on 127.0.0.1 in a process of its own: a server as far away as `rttMs`, half of it in each direction.
 * The handshake of a connection takes its round trips too.
 */
export const startDelayProxy = async (options: DelayProxyOptions): Promise<DelayProxy> => {
  const child = fork(join(__dirname, 'delay-proxy-main.ts'), [], {
    execArgv: ['-r', join(__dirname, 'typescript.cjs')],
  });
  child.send(options);
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the proxy ended'))),
  ])) as [number];
  return {
    port,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
};
