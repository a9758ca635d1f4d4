import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { isJoined } from './transaction';

interface Waiting<Q, A> {
  question: Q;
  resolve: (answer: A) => void;
  reject: (error: unknown) => void;
}

export interface CombineOptions {
  /** How many share one piece of work at most: what it costs to run them alone, should it fail. */
  most?: number;
}

/** So many turns in which nobody came: nobody is on the way. */
const QUIET_TURNS = 3;
const MOST_TURNS = 50;

/**
 * Lets calls that come at the same time share one piece of work, such as one transaction and its flush to the disk.
 * A call that comes alone starts within a few turns of the event loop; while work runs, the next calls gather.
 *
 * Where the shared work fails, each call is tried again alone: what is wrong with one never fails another. So `work`
 * must leave nothing behind when it fails, as a transaction does. It runs outside of every caller's transaction and
 * request; for a caller whose transaction it has to take part in it runs alone, inside.
 *
 * @param work one answer per question, in the same order
 */
export const coalesce = <Q, A>(
  work: (questions: readonly Q[]) => Promise<readonly A[]>,
  { most = 100 }: CombineOptions = {}
): ((question: Q) => Promise<A>) => {
  const detached = AsyncLocalStorage.snapshot();
  let waiting: Waiting<Q, A>[] = [];
  let running = false;

  const settle = async (batch: readonly Waiting<Q, A>[]): Promise<void> => {
    try {
      const answers = await work(batch.map(({ question }) => question));
      if (answers.length !== batch.length) throw new Error('[mailboxes] combined work must answer every question');
      batch.forEach(({ resolve }, index) => resolve(answers[index] as A));
    } catch (error) {
      if (batch.length === 1) batch.forEach(({ reject }) => reject(error));
      else await Promise.all(batch.map((one) => settle([one])));
    }
  };

  /**
   * Calls of the same moment come along: those that others on their way here make in the next turns of the event loop.
   * A database that works in this thread, like SQLite, leaves them no other time.
   */
  const gather = async (): Promise<void> => {
    for (let turns = 0, quiet = 0; quiet < QUIET_TURNS && turns < MOST_TURNS && waiting.length < most; turns += 1) {
      const before = waiting.length;
      await turn();
      quiet = waiting.length > before ? 0 : quiet + 1;
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await gather();
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await settle(batch);
    }
    running = false;
  };

  const alone = async (question: Q): Promise<A> => {
    const [answer] = await work([question]);
    return answer as A;
  };

  return (question) => {
    if (isJoined()) return alone(question);
    return new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (running) return;
      running = true;
      void detached(run);
    });
  };
};
