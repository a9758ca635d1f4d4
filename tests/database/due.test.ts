import { readDue } from '../../server/src/outbox/due';
import { nowPlusMs } from '../../server/src/database/dialect';
import { bootToAccept, submit } from '../support/outbox';
import type { App } from '../support/strapi';

const HOUR_MS = 3_600_000;

describe('submissions that the sweep wakes', () => {
  let app: App;

  beforeAll(async () => {
    app = await bootToAccept();
  });

  afterAll(() => app.stop());

  const knex = () => app.strapi.db.connection;
  const accepted = async (dueInMs: number, values: Record<string, unknown> = {}): Promise<string> => {
    const { id } = await submit(app, 'system');
    await knex()('mailboxes_submissions')
      .where({ id })
      .update({ next_attempt_at: nowPlusMs(knex(), dueInMs), ...values });
    return id;
  };

  it('are due or held until soon, the earliest first, with the number of the next claim', async () => {
    const held = await accepted(20_000, { state: 'held' });
    const retried = await accepted(-1_000, { claims: 2 });
    const oldest = await accepted(-5_000);
    await accepted(HOUR_MS);
    await accepted(-1_000, { state: 'submitting' });
    await accepted(-1_000, { state: 'submitted' });

    const due = await readDue(knex(), 30_000, 10);
    expect(due.map(({ id, attempt }) => [id, attempt])).toEqual([
      [oldest, 1],
      [retried, 3],
      [held, 1],
    ]);
    expect(due.map(({ inMs }) => inMs > 0)).toEqual([false, false, true]);
    expect(await readDue(knex(), 30_000, 1)).toMatchObject([{ id: oldest }]);
    expect((await readDue(knex(), 0, 10)).map(({ id }) => id)).toEqual([oldest, retried]);

    await knex()('mailboxes_transports').where({ id: 'system' }).update({ paused_code: 'AUTH_FAILED' });
    expect(await readDue(knex(), 30_000, 10)).toEqual([]);
  });
});
