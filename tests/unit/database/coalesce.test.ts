import { AsyncLocalStorage } from 'node:async_hooks';
import { coalesce } from '../../../server/src/database/coalesce';

/** Work that ends when the test says so, and what it was given. */
const controlled = () => {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const work = async (questions: readonly number[]): Promise<number[]> => {
    batches.push([...questions]);
    await new Promise<void>((resolve) => ends.push(resolve));
    return questions.map((question) => question * 10);
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

describe('combined calls', () => {
  it('of the same moment share one piece of work, and each gets its own answer', async () => {
    const { batches, work, end } = controlled();
    const ask = coalesce(work);
    const answers = Promise.all([ask(1), ask(2), ask(3)]);
    await end(1);
    expect(await answers).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('gather while work runs', async () => {
    const { batches, work, started, end } = controlled();
    const ask = coalesce(work);
    const first = ask(1);
    await started(1);
    const others = Promise.all([ask(2), ask(3)]);
    await end(1);
    expect(await first).toBe(10);
    await end(2);
    expect(await others).toEqual([20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('start at once when nothing runs any more', async () => {
    const { batches, work, end } = controlled();
    const ask = coalesce(work);
    for (const n of [1, 2]) {
      const answer = ask(n);
      await end(n);
      expect(await answer).toBe(n * 10);
    }
    expect(batches).toEqual([[1], [2]]);
  });

  it('are no more at once than wanted', async () => {
    const seen: number[] = [];
    const ask = coalesce(
      async (questions: readonly number[]) => {
        seen.push(questions.length);
        return questions;
      },
      { most: 4 }
    );
    await Promise.all(Array.from({ length: 10 }, (_, index) => ask(index)));
    expect(seen).toEqual([4, 4, 2]);
  });

  it('are tried alone where the shared work fails: one never fails another', async () => {
    const batches: number[][] = [];
    const ask = coalesce(async (questions: readonly number[]) => {
      batches.push([...questions]);
      if (questions.includes(2)) throw new Error('two is refused');
      return questions;
    });
    expect(await Promise.allSettled([ask(1), ask(2), ask(3)])).toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: { message: 'two is refused' } },
      { status: 'fulfilled', value: 3 },
    ]);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('go on after a failure', async () => {
    const ask = coalesce(async (questions: readonly number[]) => {
      if (questions.includes(1)) throw new Error('one is refused');
      return questions;
    });
    await expect(ask(1)).rejects.toThrow('one is refused');
    expect(await ask(2)).toBe(2);
  });

  it('fail where the work does not answer every question', async () => {
    const ask = coalesce(async () => []);
    await expect(ask(1)).rejects.toThrow('must answer every question');
  });

  it('run outside of the caller, whose transaction is not theirs', async () => {
    const storage = new AsyncLocalStorage<string>();
    const ask = coalesce(async (questions: readonly number[]) => questions.map(() => storage.getStore() ?? 'nobody'));
    expect(await storage.run('a caller', () => ask(1))).toBe('nobody');
  });
});
