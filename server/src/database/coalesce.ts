import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { isJoined } from './transaction';

interface Call<I, O> {
  input: I;
  resolve: (output: O) => void;
  reject: (error: unknown) => void;
}

export interface CoalesceOptions {
  /** Maximum number of calls per batch, which is also the number of single runs after a failure. */
  most?: number;
}

/** Event-loop turns without a new call after which the batch is closed. */
const QUIET_TURNS = 3;
const MOST_TURNS = 50;

/**
 * Batches concurrent calls into one run of `work`, for example one transaction with one flush to the disk. A single call
 * starts within a few turns of the event loop; while work runs, further calls wait for the next batch.
 *
 * If a batch fails, each of its calls is retried alone, so that one call never fails another. `work` must therefore leave
 * nothing behind when it fails, as a transaction does. It runs outside every caller's transaction and request, except for
 * a caller whose transaction the services join: that call runs alone, inside the transaction.
 *
 * @param work returns one output per input, in the same order
 */
export const coalesce = <I, O>(
  work: (inputs: readonly I[]) => Promise<readonly O[]>,
  { most = 100 }: CoalesceOptions = {}
): ((input: I) => Promise<O>) => {
  const detached = AsyncLocalStorage.snapshot();
  let waiting: Call<I, O>[] = [];
  let running = false;

  const runBatch = async (batch: readonly Call<I, O>[]): Promise<void> => {
    try {
      const outputs = await work(batch.map(({ input }) => input));
      if (outputs.length !== batch.length) throw new Error('[mailboxes] work must return one output per input');
      batch.forEach(({ resolve }, index) => resolve(outputs[index] as O));
    } catch (error) {
      if (batch.length === 1) batch.forEach(({ reject }) => reject(error));
      else await Promise.all(batch.map((call) => runBatch([call])));
    }
  };

  /**
   * Waits for concurrent calls that arrive in the next turns of the event loop. SQLite blocks this thread, so they cannot
   * arrive while work runs.
   */
  const collectCalls = async (): Promise<void> => {
    for (let turns = 0, quiet = 0; quiet < QUIET_TURNS && turns < MOST_TURNS && waiting.length < most; turns += 1) {
      const before = waiting.length;
      await turn();
      quiet = waiting.length > before ? 0 : quiet + 1;
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await collectCalls();
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await runBatch(batch);
    }
    running = false;
  };

  const runAlone = async (input: I): Promise<O> => {
    const [output] = await work([input]);
    return output as O;
  };

  return (input) => {
    if (isJoined()) return runAlone(input);
    return new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (running) return;
      running = true;
      void detached(run);
    });
  };
};
