import type { Claim, DeliveryStore, Passage } from './store';

interface Waiting {
  claim: Claim;
  resolve: (passage: Passage) => void;
  reject: (error: unknown) => void;
}

/**
 * The point of no return: submissions that stand there at the same time share one transaction. While it runs, the
 * next ones gather.
 */
export const createGate = (store: Pick<DeliveryStore, 'pass'>) => {
  let waiting: Waiting[] = [];
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const passages = await store.pass(batch.map(({ claim }) => claim));
        for (const { claim, resolve } of batch) resolve(passages.get(claim.id) ?? 'lost');
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  };

  return (claim: Claim): Promise<Passage> =>
    new Promise((resolve, reject) => {
      waiting.push({ claim, resolve, reject });
      if (!running) void run();
    });
};

export type Gate = ReturnType<typeof createGate>;
