import type { Submission } from '../../server/src/contracts/answers';
import { TABLES } from '../../server/src/database/tables';
import { storeWords } from '../../server/src/maintenance/store-words';
import { readPage, type ListPage } from '../../server/src/outbox/page';
import type { Filter } from '../../server/src/outbox/repository';
import { refuses } from '../support/answers';
import { bootToAccept } from '../support/outbox';
import { seedsOf } from '../support/site';
import { peopleOfLog, submittedAs, type PutState } from '../support/states';
import { actorOf, type App, type Person } from '../support/strapi';

/* Pages, counts and searches among more submissions than are counted or sorted: here more than three. */

const LIMITS = { many: 3, window: 4 };
const NEWEST_AT = Date.UTC(2026, 0, 1);

let app: App, ada: Person, ben: Person, reader: Person;
let tenant: string;
/** Newest first. */
const ids: string[] = [];

const knex = () => app.strapi.db.connection;

const sent = async (person: Person, state: PutState, subject: string, differs = {}): Promise<string> =>
  submittedAs(app, actorOf(person), state, { subject, to: ['zoe@quartz.example'], ...differs });

beforeAll(async () => {
  app = await bootToAccept();
  ({ ada, ben, reader } = await peopleOfLog(app));
  const scenes: [Person, PutState, string][] = [
    [ada, 'submitted', 'News 0'],
    [ben, 'submitted', 'News 1'],
    [ada, 'failed', 'News 2'],
    [ada, 'submitted', 'News 3'],
    [ben, 'failed', 'Newsletter news of old 4'],
    [ada, 'submitted', 'News of old 5'],
    [ada, 'submitted', 'News of old 6'],
    [ben, 'failed', 'News of old and rare 7'],
  ];
  for (const [index, scene] of scenes.entries()) {
    const id = await sent(...scene);
    // Two at the same moment.
    const created_at = NEWEST_AT - (index === 1 ? 0 : index) * 1000;
    await knex()(TABLES.submissions).where({ id }).update({ created_at });
    await knex()(TABLES.words).where({ submission: id }).update({ created_at });
    ids.push(id);
  }
  const [first = '', second = ''] = ids;
  if (first < second) ids.splice(0, 2, second, first);
  tenant = String((await knex()(TABLES.submissions).where({ id: first }).select('tenant'))[0].tenant);
  const cy = await app.person();
  const foreign = (await seedsOf(app).tenant({ members: { users: [cy.id], roles: [] } })).id;
  for (let count = 0; count < 5; count += 1) await sent(cy, 'queued', 'Rare news elsewhere', { tenant: foreign });
});

afterAll(() => app.stop());

const page = async (filter: Partial<Filter>, of: Partial<ListPage>) => {
  const found = await readPage(knex(), { tenant, ...filter }, { page: 1, pageSize: 10, ...of }, LIMITS);
  const { total, atLeast, next } = found;
  return { places: found.rows.map(({ id }) => ids.indexOf(id)), total, atLeast, next };
};

/** Reads all pages by key. */
const placesByKey = async (filter: Partial<Filter>, q: string): Promise<number[]> => {
  const places: number[] = [];
  for (let after: ListPage['after']; ;) {
    const found = await page(filter, { q, pageSize: 2, after });
    places.push(...found.places);
    if (found.next === null) return places;
    after = found.next;
  }
};

describe('a long list', () => {
  it.each<[string, Partial<Filter>, string, number[], number, boolean]>([
    ['everything', {}, '', [0, 1, 2, 3, 4, 5, 6, 7], 3, true],
    ['a rare word', {}, 'rare', [7], 1, false],
    ['a word of nobody', {}, 'unheard', [], 0, false],
    ['a word of another tenant only', {}, 'elsewhere', [], 0, false],
    ['a common word', {}, 'news', [0, 1, 2, 3, 4, 5, 6, 7], 3, true],
    ['a common word of old ones', {}, 'old', [4, 5, 6, 7], 3, true],
    ['a rare and a common word', {}, 'news rare', [7], 1, false],
    ['two words with one beginning', {}, 'newsl', [4], 1, false],
    ['a state', { states: ['failed'] }, '', [2, 4, 7], 3, false],
    ['two states', { states: ['failed', 'submitted'] }, '', [0, 1, 2, 3, 4, 5, 6, 7], 3, true],
    ['a state and a common word', { states: ['failed'] }, 'old', [4, 7], 2, false],
    ['a sender that is rare', { from: 'own' }, '', [], 0, false],
    ['a time', { since: NEWEST_AT - 5000, until: NEWEST_AT - 2000 }, '', [3, 4, 5], 3, false],
    ['a time and a common word', { since: NEWEST_AT - 5000, until: NEWEST_AT - 2000 }, 'old', [4, 5], 2, false],
  ])('finds by %s', async (_, filter, q, places, total, atLeast) => {
    expect(await page(filter, { q })).toEqual({ places, total: places.length, atLeast: false, next: null });
    expect(await page(filter, { q, pageSize: 2 })).toMatchObject({ places: places.slice(0, 2), total, atLeast });
    expect(await placesByKey(filter, q)).toEqual(places);
  });

  it('finds by author', async () => {
    const found = await page({ user: ben.id }, { q: 'news' });
    expect(found.places.map((place) => ids[place])).toHaveLength(3);
    expect(found).toMatchObject({ total: 3, atLeast: false });
    expect(await placesByKey({ user: ben.id }, 'old')).toEqual([4, 7]);
  });

  it('has at least the submissions up to the page, by number', async () => {
    expect(await page({}, { page: 2, pageSize: 2 })).toMatchObject({ places: [2, 3], total: 4, atLeast: true });
    expect(await page({}, { page: 4, pageSize: 2 })).toMatchObject({ places: [6, 7], total: 8, next: null });
    expect(await page({}, { page: 2, pageSize: 2, q: 'old' })).toMatchObject({ places: [6, 7], next: null });
  });

  it('is continued over the route', async () => {
    const list = (query: Record<string, string>) =>
      app.as(reader).get(`/submissions?${new URLSearchParams({ pageSize: '2', ...query })}`);
    const { body } = await list({ q: 'old' }).expect(200);
    const { next } = body.meta.pagination;
    expect(body.meta.pagination).toEqual({
      page: 1,
      pageSize: 2,
      pageCount: 2,
      total: 4,
      atLeast: false,
      next: `${NEWEST_AT - 5000}-${ids[5]}`,
    });
    const { body: rest } = await list({ q: 'old', after: next }).expect(200);
    expect(rest.data.map(({ id }: Submission) => id)).toEqual(ids.slice(6));
    expect(rest.meta.pagination).toMatchObject({ total: 4, next: null });
    for (const after of ['', '1', 'x-y', '1-', `${next} `])
      await refuses(list({ after }), 400, 'INVALID_INPUT', 'after');
  });
});

describe('the words of a submission', () => {
  const wordsOf = async (id: string): Promise<string[]> =>
    (await knex()(TABLES.words).where({ submission: id }).select('word')).map(({ word }) => word).sort();
  const WORDS = ['3', 'news', 'quartz.example', 'zoe@quartz.example'];

  it('are stored with it', async () => {
    expect(await wordsOf(ids[3] ?? '')).toEqual(WORDS);
  });

  it('are stored after an upgrade, and until then its texts are searched', async () => {
    const id = ids[3] ?? '';
    await knex()(TABLES.words).where({ submission: id }).delete();
    await knex()(TABLES.submissions).where({ id }).update({ searchable: null });
    expect((await page({}, { q: '3' })).places).toEqual([3]);
    expect((await page({}, { q: 'ews 3' })).places).toEqual([3]);
    expect((await page({ states: ['failed'] }, { q: 'rare' })).places).toEqual([7]);

    await Promise.all([storeWords(app.strapi), storeWords(app.strapi)]);
    expect(await storeWords(app.strapi)).toBe(0);
    expect(await wordsOf(id)).toEqual(WORDS);
    expect((await page({}, { q: '3' })).places).toEqual([3]);
    expect((await page({}, { q: 'ews' })).places).toEqual([]);
  });
});
