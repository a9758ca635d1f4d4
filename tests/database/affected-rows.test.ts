import { boot, type App } from '../support/strapi';

/**
 * Every step of the outbox is a compare-and-set that counts rows. mysql2 counts rows that were found, like the other
 * drivers; were it configured to count changed rows, a lease that is renewed twice in a millisecond would look lost.
 */
describe('a compare-and-set', () => {
  let app: App;

  beforeAll(async () => {
    app = await boot();
    await app.strapi.db.connection('mailboxes_rates').insert({ lane: 'test', slot: 1, n: 1 });
  });

  afterAll(() => app.stop());

  const rows = () => app.strapi.db.connection('mailboxes_rates');

  it.each([
    ['a row that is changed', { lane: 'test', n: 1 }, { n: 2 }, 1],
    ['a row that has the new value already', { lane: 'test', n: 2 }, { n: 2 }, 1],
    ['no row that differs from the expected one', { lane: 'test', n: 1 }, { n: 3 }, 0],
  ])('counts %s', async (_what, seen, change, expected) => {
    expect(Number(await rows().where(seen).update(change))).toBe(expected);
  });

  it('counts a row for one of several concurrent updates', async () => {
    await rows().where({ lane: 'test' }).update({ n: 10 });
    const counts = await Promise.all(
      Array.from({ length: 8 }, () => rows().where({ lane: 'test', n: 10 }).update({ n: 11 }))
    );
    expect(counts.map(Number).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });
});
