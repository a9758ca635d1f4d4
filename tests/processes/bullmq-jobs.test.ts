import { openJobQueue, type JobQueue } from '../../server/src/outbox/engines/jobs';
import { startRedis, type RedisServer } from '../support/redis';
import { createStateWaiter } from '../support/smtp/state-waiter';

/** Delivery §6: a job is a wake-up that one process takes. */
describe('jobs in Redis', () => {
  let redis: RedisServer;
  const queues: JobQueue[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    await redis.client.flushall();
  });

  afterAll(() => redis.close());

  /** A process with its own connections. `take` waits until it has taken a number of jobs. */
  const open = async (handler?: () => Promise<void>) => {
    const waiter = createStateWaiter();
    const state = { isUp: false, taken: 0 };
    const queue = await openJobQueue({
      redis: redis.url,
      prefix: 'test',
      onUp: () => {
        state.isUp = true;
        waiter.changed();
      },
      onDown: () => undefined,
      onError: (error) => waiter.end(String(error)),
    });
    queues.push(queue);
    if (handler)
      queue.take(() => {
        state.taken += 1;
        waiter.changed();
        return handler();
      });
    await waiter.until(
      () => state.isUp,
      () => 'a connection'
    );
    const taken = (count: number): Promise<true> =>
      waiter.until(
        () => state.taken >= count,
        () => `${count} jobs taken, not ${state.taken}`
      );
    return { queue, taken };
  };

  const job = (id: string, attempt: number, delayMs = 0) => ({ wakeup: { id, attempt }, delayMs });
  const ended = async (): Promise<void> => undefined;
  const count = (list: 'active' | 'delayed' | 'wait'): Promise<number> =>
    list === 'delayed' ? redis.client.zcard('test:outbox:delayed') : redis.client.llen(`test:outbox:${list}`);

  it('wakes a process for a later attempt while another one keeps the job of an earlier attempt', async () => {
    let release = (): void => undefined;
    const stopped = await open(() => new Promise((resolve) => (release = resolve)));
    await stopped.queue.add([job('a', 1)]);
    await stopped.taken(1);
    const other = await open(ended);
    await other.queue.add([job('a', 2)]);
    await other.taken(1);
    release();
  });

  it('leaves further jobs to other processes while one is kept', async () => {
    let release = (): void => undefined;
    const full = await open(() => new Promise((resolve) => (release = resolve)));
    await full.queue.add([job('a', 1)]);
    await full.taken(1);
    const free = await open(ended);
    await full.queue.add([job('b', 1), job('c', 1), job('d', 1)]);
    await free.taken(3);
    release();
  });

  it('adds a job for the same attempt again once the first one was taken', async () => {
    const { queue, taken } = await open(ended);
    await queue.add([job('a', 1)]);
    await taken(1);
    while ((await count('active')) > 0) await new Promise((resolve) => setImmediate(resolve));
    await queue.add([job('a', 1)]);
    await taken(2);
  });

  it('keeps one job for an attempt that several processes add', async () => {
    const [first, second] = [await open(), await open()];
    await Promise.all([first.queue.add([job('a', 1)]), second.queue.add([job('a', 1)])]);
    expect(await count('wait')).toBe(1);
  });

  it('replaces the delayed job of a submission that was moved to another time', async () => {
    const { queue } = await open();
    await queue.add([job('a', 1, 3_600_000)]);
    await queue.add([{ wakeup: { id: 'a', attempt: 1, moved: true }, delayMs: 0 }]);
    expect([await count('delayed'), await count('wait')]).toEqual([0, 1]);
  });

  it('holds the id and the attempt, and no more', async () => {
    const { queue } = await open();
    await queue.add([job('a', 3)]);
    expect(JSON.parse(String(await redis.client.hget('test:outbox:a-3', 'data')))).toEqual({ id: 'a', attempt: 3 });
  });

  it('rejects at once without a connection, and keeps nothing for later', async () => {
    const { queue } = await open();
    await redis.stop();
    await expect(queue.add([job('a', 1)])).rejects.toThrow();
    await redis.start();
    const other = await open();
    expect(await count('wait')).toBe(0);
    await other.queue.add([job('b', 1)]);
    expect(await count('wait')).toBe(1);
  });
});
