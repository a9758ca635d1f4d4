import type { App, Person } from '../support/strapi';
import { submit, bootToAccept } from '../support/outbox';
import { isControl, statementsOf } from '../support/statements';

let app: App, ada: Person;

beforeAll(async () => {
  app = await bootToAccept({ limits: { perUserPerHour: 10_000 } });
  ada = await app.person();
});

afterAll(() => app.stop());

/** Counts the statements of the work, and the commits among them. */
const costOf = async (work: () => Promise<unknown>): Promise<{ statements: number; commits: number }> => {
  const seen = await statementsOf(app.strapi, work);
  const commits = seen.filter(({ sql }) => /^COMMIT/i.test(sql)).length;
  return { statements: seen.filter((statement) => !isControl(statement)).length, commits };
};

describe('the statements of accepting a submission', () => {
  const asAda = () => submit(app, 'system', { actor: { type: 'user', id: ada.id } });
  const DECISION = 5;
  /** Clock, message, text, submission, recipients, words, transport. */
  const WRITTEN = 7;
  /** The counter lock, and the counts of submissions and of retries. */
  const LIMIT = 3;

  it('are a decision, seven statements and one commit for a system actor', async () => {
    const { statements, commits } = await costOf(() => submit(app, 'system'));
    expect(statements).toBeLessThanOrEqual(DECISION + WRITTEN);
    expect(commits).toBe(1);
  });

  it('are three more for a user', async () => {
    const { statements, commits } = await costOf(asAda);
    expect(statements).toBeLessThanOrEqual(DECISION + LIMIT + WRITTEN);
    expect(commits).toBe(1);
  });

  it('are one more for an idempotency key', async () => {
    const { statements, commits } = await costOf(() => submit(app, 'system', { idempotencyKey: 'once' }));
    expect(statements).toBeLessThanOrEqual(DECISION + WRITTEN + 1);
    expect(commits).toBe(1);
  });

  it('are hardly more for 40 concurrent requests than for one', async () => {
    const { statements, commits } = await costOf(() => Promise.all(Array.from({ length: 40 }, asAda)));
    expect(commits).toBeLessThanOrEqual(4);
    expect(statements).toBeLessThanOrEqual(4 * (DECISION + LIMIT + WRITTEN));
    process.stdout.write(`40 at the same moment: ${statements} statements, ${commits} commits\n`);
  });
});
