import type { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RedisSettings } from '../../contracts/redis';
import type { Wakeup } from './engine';

export interface JobQueueDependencies {
  redis: string | RedisSettings;
  /** First part of every key in Redis. */
  prefix: string;
  /** Redis answers: at the start, or again. */
  onUp: () => void;
  /** Redis does not answer; called once for each loss. */
  onDown: (reason: string) => void;
  /** Errors while Redis answers. */
  onError: (error: unknown) => void;
}

export interface Delayed {
  wakeup: Wakeup;
  delayMs: number;
}

/** Jobs in Redis. Each is a wake-up that one of the processes takes. */
export interface JobQueue {
  isUp(): boolean;
  /** Rejects when Redis does not answer: nothing is kept for later. */
  add(jobs: readonly Delayed[]): Promise<void>;
  /** Takes one job at a time; the next one when the promise has resolved. */
  take(handler: () => Promise<void>): void;
  /** Takes no further job. */
  stop(): void;
  close(): Promise<void>;
}

const NAME = 'outbox';
/** A Redis that accepts connections and does not answer must not keep commands in memory. */
const COMMAND_MS = 5_000;
const CONNECT_MS = 10_000;
const CLOSE_MS = 2_000;
/** A job may be taken by a process whose clock is behind the adding one by this much: then its row is due there, too. */
const CLOCK_MARGIN_MS = 20;
/** Nothing reads the stream of events. */
const EVENTS = 100;
/** Of jobs that another process has taken over or a flush has deleted: a wake-up too few or too many. */
const HARMLESS = /missing (?:key|lock)|renew lock|stalled/i;

/** The optional packages are loaded here only, and only with the engine 'bullmq'. */
const loadPackages = async () => {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { ...bullmq, Redis: ioredis.Redis };
  } catch (error) {
    throw new Error(
      '[mailboxes] config "delivery.engine": \'bullmq\' needs the packages bullmq and ioredis in the application: npm install bullmq ioredis',
      { cause: error }
    );
  }
};

/** The attempt is part of the id: BullMQ ignores a job whose id exists, and one of an earlier attempt may still exist. */
const jobIdOf = ({ id, attempt }: Wakeup): string => `${id}-${attempt}`;

/** @throws with the command to run, without the optional packages */
export const openJobQueue = async (dependencies: JobQueueDependencies): Promise<JobQueue> => {
  const { redis, prefix, onUp, onDown, onError } = dependencies;
  const packages = await loadPackages();
  let closing = false;
  const options = {
    ...(typeof redis === 'string' ? { url: redis } : redis),
    connectTimeout: CONNECT_MS,
    // null ends the attempts to connect.
    retryStrategy: (times: number) => (closing ? null : Math.min(times * 200, 2_000)),
  };
  const client = connect(packages.Redis, options, { onUp, onDown: (reason) => closing || onDown(reason) });
  const queue: Queue = new packages.Queue(NAME, {
    connection: client,
    prefix,
    streams: { events: { maxLen: EVENTS } },
  });
  let worker: Worker | null = null;
  queue.on('error', () => undefined);

  return {
    isUp: () => client.status === 'ready',
    add: async (jobs) => {
      for (const { wakeup } of jobs) if (wakeup.moved) await queue.remove(jobIdOf(wakeup));
      await queue.addBulk(
        jobs.map(({ wakeup: { id, attempt, ...rest }, delayMs }) => ({
          name: 'due',
          data: { id, attempt },
          opts: {
            jobId: jobIdOf({ id, attempt, ...rest }),
            attempts: 1,
            removeOnComplete: true,
            removeOnFail: true,
            ...(delayMs > 0 ? { delay: Math.ceil(delayMs) + CLOCK_MARGIN_MS } : {}),
          },
        }))
      );
    },
    take: (handler) => {
      worker = new packages.Worker(NAME, handler, {
        connection: { ...options, maxRetriesPerRequest: null },
        prefix,
        runRetryDelay: 1_000,
      });
      worker.on('error', (error) => {
        if (client.status === 'ready' && !HARMLESS.test(error.message)) onError(error);
      });
    },
    stop: () => void worker?.close(),
    close: async () => {
      closing = true;
      await within(CLOSE_MS, Promise.all([worker?.close(), queue.close()]));
      client.disconnect();
    },
  };
};

const connect = (
  Client: typeof Redis,
  { url, ...options }: { url?: string; [option: string]: unknown },
  { onUp, onDown }: { onUp: () => void; onDown: (reason: string) => void }
): Redis => {
  // A command fails at once without a connection, and when the connection breaks: no queue grows.
  const bounded = { ...options, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: COMMAND_MS };
  const client = url === undefined ? new Client(bounded) : new Client(url, bounded);
  let reason = 'the connection was closed';
  let isDown = false;
  client.on('error', (error: Error) => (reason = error.message));
  client.on('ready', () => {
    isDown = false;
    onUp();
  });
  client.on('close', () => {
    if (!isDown) onDown(reason);
    isDown = true;
  });
  return client;
};

const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work.catch(() => undefined),
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    }),
  ]);
  clearTimeout(timer);
};
