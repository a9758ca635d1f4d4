import type { TestDatabase } from '../support/database';
import { createDatabase } from '../support/template';
import { longQueue, type QueueRun } from '../support/proof/long-queue';

const LIMIT_MS = 5 * 60_000;
const SHORT = 500;
const LONG = 20_000;
const DELIVERED = 200;

/** In short; `npm run bench:queue` has 100,000 and prints the plans. */
describe('a long queue', () => {
  const databases: TestDatabase[] = [];
  let short: QueueRun;
  let long: QueueRun;

  const run = async (queued: number): Promise<QueueRun> => {
    const database = await createDatabase();
    databases.push(database);
    return longQueue(database, queued, DELIVERED);
  };

  beforeAll(async () => {
    short = await run(SHORT);
    long = await run(LONG);
  }, LIMIT_MS);

  afterAll(() => Promise.all(databases.map((database) => database.drop())));

  it('takes no more statements for each mail than a short one', () => {
    expect(long.statementsPerMail).toBeLessThan(short.statementsPerMail * 1.5);
  });

  it('is never read from end to end', () => {
    expect(long.plans.length).toBeGreaterThan(5);
    expect(long.plans.filter(({ readsWholly }) => readsWholly.length > 0)).toEqual([]);
  });
});
