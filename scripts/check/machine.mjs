import { createHash } from 'node:crypto';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

/** Seconds that the work takes on the machine for which the budgets were written (2 cores), with nothing beside it. */
const REFERENCE_SECONDS = 2.6;
const THREADS = 2;
const ROUNDS = 14;

/** A fixed piece of pure computing: hashes, strings, sorting, JSON. */
const compute = () => {
  let digest = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    const rows = Array.from({ length: 40_000 }, (_, index) => ({
      id: (index * 7919) % 40_009,
      text: createHash('sha256').update(`${round} ${index} ${digest}`).digest('hex'),
    }));
    rows.sort((a, b) => a.id - b.id || a.text.localeCompare(b.text));
    digest = createHash('sha256')
      .update(JSON.stringify(JSON.parse(JSON.stringify(rows))))
      .digest('hex');
  }
  return digest;
};

if (!isMainThread) parentPort.postMessage(compute());

/** Times the fixed work on two threads. @returns how many times slower this machine is now than the reference, at least 1 */
export const slownessOfMachine = async () => {
  const start = performance.now();
  await Promise.all(
    Array.from(
      { length: THREADS },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(fileURLToPath(import.meta.url));
          worker.once('message', resolve).once('error', reject);
        })
    )
  );
  const seconds = (performance.now() - start) / 1000;
  return { seconds, slowness: Math.max(1, seconds / REFERENCE_SECONDS) };
};
