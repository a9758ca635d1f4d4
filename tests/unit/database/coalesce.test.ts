import { AsyncLocalStorage } from 'node:async_hooks';
import { coalesce } from '../../../server/src/database/coalesce';

/** Work that ends when the test calls `end`, with its batches. */
const controlled = () => {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const work = async (inputs: readonly number[]): Promise<number[]> => {
    batches.push([...inputs]);
    await new Promise<void>((resolve) => ends.push(resolve));
    return inputs.map((input) => input * 10);
  };
  const started = async (n: number): Promise<void> => {
    while (batches.length < n) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const end = async (nth: number): Promise<void> => {
    await started(nth);
    ends[nth - 1]?.();
  };
  return { batches, work, started, end };
};

describe('coalesce', () => {
  it('runs concurrent calls in one batch and returns each its own output', async () => {
    const { batches, work, end } = controlled();
    const run = coalesce(work);
    const outputs = Promise.all([run(1), run(2), run(3)]);
    await end(1);
    expect(await outputs).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('collects calls into the next batch while work runs', async () => {
    const { batches, work, started, end } = controlled();
    const run = coalesce(work);
    const first = run(1);
    await started(1);
    const others = Promise.all([run(2), run(3)]);
    await end(1);
    expect(await first).toBe(10);
    await end(2);
    expect(await others).toEqual([20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('starts a call immediately when no work runs', async () => {
    const { batches, work, end } = controlled();
    const run = coalesce(work);
    for (const n of [1, 2]) {
      const output = run(n);
      await end(n);
      expect(await output).toBe(n * 10);
    }
    expect(batches).toEqual([[1], [2]]);
  });

  it('limits the size of a batch', async () => {
    const seen: number[] = [];
    const run = coalesce(
      async (inputs: readonly number[]) => {
        seen.push(inputs.length);
        return inputs;
      },
      { most: 4 }
    );
    await Promise.all(Array.from({ length: 10 }, (_, index) => run(index)));
    expect(seen).toEqual([4, 4, 2]);
  });

  it('retries each call alone after a batch failed', async () => {
    const batches: number[][] = [];
    const run = coalesce(async (inputs: readonly number[]) => {
      batches.push([...inputs]);
      if (inputs.includes(2)) throw new Error('two is refused');
      return inputs;
    });
    expect(await Promise.allSettled([run(1), run(2), run(3)])).toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: { message: 'two is refused' } },
      { status: 'fulfilled', value: 3 },
    ]);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('runs further calls after a failure', async () => {
    const run = coalesce(async (inputs: readonly number[]) => {
      if (inputs.includes(1)) throw new Error('one is refused');
      return inputs;
    });
    await expect(run(1)).rejects.toThrow('one is refused');
    expect(await run(2)).toBe(2);
  });

  it('rejects a call if work returns fewer outputs than inputs', async () => {
    const run = coalesce(async () => []);
    await expect(run(1)).rejects.toThrow('must return one output per input');
  });

  it('runs work outside the async context of the caller', async () => {
    const storage = new AsyncLocalStorage<string>();
    const run = coalesce(async (inputs: readonly number[]) => inputs.map(() => storage.getStore() ?? 'no caller'));
    expect(await storage.run('a caller', () => run(1))).toBe('no caller');
  });
});
