import { databaseName } from '../support/database';
import { killRun, type KillRunOptions } from '../support/proof/kill-run';
import { broken, judge } from '../support/proof/verdict';
import { engines } from '../support/seed';

/** SQLite serves one Strapi process, the others serve several. */
const PROCESSES = databaseName === 'sqlite' ? 1 : 4;
const LIMIT_MS = 5 * 60_000;

/** Delivery §8 in short; `npm run test:kill` is the whole of it. */
describe('mail through processes that are killed', () => {
  const run = (differs: Partial<KillRunOptions>) =>
    killRun({ database: databaseName, processes: PROCESSES, kills: 4, mails: 60, seed: 1, ...differs });

  it.each(engines)(
    'is never lost and never doubled, with any fault of the mail server, over the engine %s',
    async (engine) => {
      const outcome = await run({
        engine,
        faults: {
          dropBefore354: { every: 15 },
          dropAfterDot: { every: 25, stored: true },
          greylist: { every: 10 },
        },
      });
      expect(broken(outcome)).toEqual([]);
      expect(judge(outcome).uncertain).toBeGreaterThan(0);
    },
    LIMIT_MS
  );

  // The control: on every database in full, here on one.
  (databaseName === 'sqlite' ? it : it.skip)(
    'is doubled by a queue that retries on an expired lease',
    async () => {
      expect(judge(await run({ retriesExpiredLeases: true, kills: 12, mails: 120 })).doubled).not.toEqual([]);
    },
    LIMIT_MS
  );
});
