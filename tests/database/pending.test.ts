import { nowPlusMs } from '../../server/src/database/dialect';
import { bootToAccept, mailboxAt, submit } from '../support/outbox';
import { isControl, statementsOf } from '../support/statements';
import { OPERATOR, type App } from '../support/strapi';
import { workerOn } from '../support/workers';

const HOUR_MS = 3_600_000;

describe('pending work', () => {
  let app: App;
  let mailbox: string;

  beforeAll(async () => {
    app = await bootToAccept();
  });

  beforeEach(async () => {
    mailbox = await mailboxAt(app, 25);
  });

  afterEach(() => app.service('mailboxes').delete(mailbox, { actor: OPERATOR, cancelUnfinished: true }));

  afterAll(() => app.stop());

  const knex = () => app.strapi.db.connection;
  const pending = () => app.service('submissions').outbox.pending();
  const accepted = async (values: Record<string, unknown>): Promise<void> => {
    const { id } = await submit(app, `mailbox:${mailbox}`);
    await knex()('mailboxes_submissions').where({ id }).update(values);
  };
  const inMs = (ms: number) => nowPlusMs(knex(), ms);

  it('is read by the only statement of a worker with nothing to do', async () => {
    await accepted({ next_attempt_at: inMs(HOUR_MS) });
    await submit(app, `mailbox:${mailbox}`, { sendAt: new Date(Date.now() + HOUR_MS).toISOString() });
    const { worker } = workerOn(app, 25);
    // The first run of a process includes the maintenance.
    await worker.work();
    const statements = await statementsOf(app.strapi, () => worker.work());
    expect(statements.filter((statement) => !isControl(statement))).toHaveLength(1);
  });

  it.each<[string, () => Record<string, unknown>, { held: boolean; claim: boolean; reap: boolean }]>([
    [
      'includes a queued submission that is due',
      () => ({ next_attempt_at: inMs(-1) }),
      { held: false, claim: true, reap: false },
    ],
    [
      'omits a queued submission that is not due',
      () => ({ next_attempt_at: inMs(HOUR_MS) }),
      { held: false, claim: false, reap: false },
    ],
    [
      'includes a held submission that is due',
      () => ({ state: 'held', next_attempt_at: inMs(-1) }),
      { held: true, claim: true, reap: false },
    ],
    [
      'includes a queued submission past its maximum age',
      () => ({ next_attempt_at: inMs(HOUR_MS), expires_at: inMs(-1) }),
      { held: false, claim: false, reap: true },
    ],
    [
      'includes an expired lease',
      () => ({ state: 'submitting', next_attempt_at: null, lease_until: inMs(-1) }),
      { held: false, claim: false, reap: true },
    ],
    [
      'omits a lease in force',
      () => ({ state: 'submitting', next_attempt_at: null, lease_until: inMs(HOUR_MS) }),
      { held: false, claim: false, reap: false },
    ],
  ])('%s', async (_title, values, expected) => {
    await app.service('submissions').outbox.reap();
    await accepted(values());
    expect(await pending()).toEqual(expected);
    await knex()('mailboxes_submissions').update({ state: 'canceled', next_attempt_at: null, lease_until: null });
  });

  it.each([
    ['includes a circuit that can close', -1, true],
    ['omits a circuit that stays open', HOUR_MS, false],
  ])('%s', async (_title, ms, reap) => {
    await app.service('submissions').outbox.reap();
    await knex()('mailboxes_transports').insert({ id: 'slow', paused_code: 'UNREACHABLE', circuit_until: inMs(ms) });
    expect((await pending()).reap).toBe(reap);
    await knex()('mailboxes_transports').where({ id: 'slow' }).delete();
  });
});
