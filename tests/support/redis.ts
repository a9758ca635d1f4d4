import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from './free-port';

/** A Redis of the test's own, which it may stop and flush. */
export interface RedisServer {
  readonly url: string;
  readonly client: Redis;
  /** SIGSTOP: it keeps connections and does not answer. */
  suspend(): void;
  resume(): void;
  /** Ends the server without saving; `start` starts an empty one at the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts `redis-server` on 127.0.0.1 with nothing on disk. */
export const startRedis = async (): Promise<RedisServer> => {
  const port = await freePort();
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  let server: ChildProcess | null = null;
  const end = (): void => void server?.kill('SIGKILL');
  process.once('exit', end);

  const start = async (): Promise<void> => {
    server = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      {
        stdio: 'ignore',
      }
    );
    if (client.status === 'wait') await client.connect().catch(() => undefined);
    // The client queues the command until it is connected.
    await client.ping();
  };
  const stop = async (): Promise<void> => {
    const ended = server;
    server = null;
    if (ended?.exitCode !== null) return;
    const exit = once(ended, 'exit');
    ended.kill('SIGKILL');
    await exit;
  };
  await start();

  return {
    url: `redis://127.0.0.1:${port}`,
    client,
    suspend: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    stop,
    start,
    close: async () => {
      client.disconnect();
      process.off('exit', end);
      await stop();
    },
  };
};
