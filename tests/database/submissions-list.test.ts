import type { Submission, SubmissionsByDay } from '../../server/src/contracts/answers';
import { TABLES } from '../../server/src/database/tables';
import { SUBMISSION_STATES } from '../../server/src/domain/submission';
import { daysUntil } from '../../server/src/submissions/queries/days';
import { refuses } from '../support/answers';
import { seedsOf } from '../support/site';
import { statementsOf } from '../support/statements';
import { peopleOfLog, submittedAs, type PutState } from '../support/states';
import { bootToAccept } from '../support/outbox';
import { EDITOR, OPERATOR, actorOf, READER, type App, type Person } from '../support/strapi';

/* The list of submissions and its chart contain only submissions that the user may see. */

type Body = Record<string, unknown>;

let app: App, ada: Person, ben: Person, reader: Person;
/** A member of another tenant too. */
let cy: Person;
let foreign: string, box: string;

beforeAll(async () => {
  app = await bootToAccept();
  ({ ada, ben, reader } = await peopleOfLog(app));
  cy = await app.person();
  foreign = (await seedsOf(app).tenant({ members: { users: [cy.id], roles: [] } })).id;
  box = (await app.service('mailboxes').create({ email: 'box@club.example', name: 'Box' }, { actor: OPERATOR })).id;
});

afterAll(() => app.stop());

const sent = (person: Person, state: PutState, differs: Body = {}): Promise<string> =>
  submittedAs(app, actorOf(person), state, differs);
const at = (id: string, createdAt: number) =>
  app.strapi.db.connection(TABLES.submissions).where({ id }).update({ created_at: createdAt });
const list = (person: Person, query: Record<string, string>) =>
  app.as(person).get(`/submissions?${new URLSearchParams({ pageSize: '100', ...query })}`);
const idsOf = async (person: Person, query: Record<string, string>): Promise<string[]> =>
  (await list(person, query).expect(200)).body.data.map(({ id }: Submission) => id);

describe('the list of submissions', () => {
  let ids: Record<'held' | 'failed' | 'boxed' | 'bens' | 'foreign', string>;

  beforeAll(async () => {
    ids = {
      held: await sent(ada, 'held', {
        subject: 'Spring 100% Überblick',
        to: [{ email: 'Zoe@Quartz.example', name: 'Zoé Quill' }],
      }),
      failed: await sent(ada, 'failed', { subject: 'Autumn', bcc: ['hidden@quartz.example'] }),
      boxed: await sent(ada, 'submitted', { from: `mailbox:${box}`, subject: 'Winter' }),
      bens: await sent(ben, 'failed', { subject: 'Spring of others', to: ['zoe@quartz.example'] }),
      foreign: await sent(cy, 'failed', { tenant: foreign, subject: 'Spring elsewhere', to: ['zoe@quartz.example'] }),
    };
  });

  it.each<[string, Record<string, string>, (keyof typeof ids)[], (keyof typeof ids)[]]>([
    ['no filter', {}, ['held', 'failed', 'boxed'], ['held', 'failed', 'boxed', 'bens']],
    ['a state', { state: 'failed' }, ['failed'], ['failed', 'bens']],
    ['several states', { state: 'held,failed' }, ['held', 'failed'], ['held', 'failed', 'bens']],
    ['a word of the subject', { q: 'SPRING' }, ['held'], ['held', 'bens']],
    ['the beginning of a word', { q: 'spr' }, ['held'], ['held', 'bens']],
    ['a word with a sign', { q: '100%' }, ['held'], ['held']],
    ['a fragment inside a word', { q: 'pring' }, [], []],
    ['two words in any order', { q: 'überblick spring' }, ['held'], ['held']],
    ['words of the subject and of an address', { q: 'spring zoe@quartz' }, ['held'], ['held', 'bens']],
    ['a sign without a word', { q: '%' }, [], []],
    ['letters beyond ASCII, without accents', { q: 'uberblick ZOE' }, ['held'], ['held']],
    ['a domain', { q: '@quartz.example' }, ['held', 'failed'], ['held', 'failed', 'bens']],
    ['letters beyond ASCII, as they are written', { q: 'Überb' }, ['held'], ['held']],
    ['letters beyond ASCII, in lower case', { q: 'überblick' }, ['held'], ['held']],
    ['letters beyond ASCII, with accents apart', { q: 'U\u0308berblick' }, ['held'], ['held']],
    ['the beginning of an address', { q: 'zoe@QUARTZ' }, ['held'], ['held', 'bens']],
    ['a blind copy of one’s own', { q: 'hidden@quartz' }, ['failed'], ['failed']],
    ['a name', { q: 'quill' }, ['held'], ['held']],
    ['a mailbox', { from: 'mailbox:BOX' }, ['boxed'], ['boxed']],
    ['the system', { from: 'system' }, ['held', 'failed'], ['held', 'failed', 'bens']],
    ['the own address', { from: 'own' }, [], []],
    ['all together', { from: 'system', state: 'failed', q: 'quartz' }, ['failed'], ['failed', 'bens']],
    ['text of no submission', { q: 'Hello' }, [], []],
  ])('filters by %s', async (_, { from, ...query }, own, all) => {
    const asked = { ...query, ...(from ? { from: from.replace('BOX', box) } : {}) };
    expect((await idsOf(ada, asked)).sort()).toEqual(own.map((key) => ids[key]).sort());
    expect((await idsOf(reader, asked)).sort()).toEqual(all.map((key) => ids[key]).sort());
    const { body } = await list(reader, { ...asked, pageSize: '1' });
    expect(body.meta.pagination.total).toBe(all.length);
  });

  it('filters by author for users with log.read, and is refused to others', async () => {
    expect(await idsOf(reader, { author: String(ben.id) })).toEqual([ids.bens]);
    expect(await idsOf(reader, { author: String(cy.id) })).toEqual([]);
    for (const person of [ada, ben])
      await refuses(list(person, { author: String(ada.id) }), 400, 'INVALID_INPUT', 'author');
  });

  it('filters by the time of acceptance, from inclusive, until exclusive', async () => {
    const first = Date.UTC(2026, 0, 1);
    await at(ids.held, first);
    await at(ids.failed, first + 1000);
    const until = '2026-01-01T01:00:01+01:00';
    expect(await idsOf(ada, { until })).toEqual([ids.held]);
    expect(
      await idsOf(ada, { since: new Date(first).toISOString(), until: new Date(first + 1001).toISOString() })
    ).toEqual([ids.failed, ids.held]);
    expect(await idsOf(ada, { since: until, until })).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['state', ['', 'sent', 'held,', 'held;failed', 'HELD']],
    ['from', ['', 'mailbox:', 'someone', 'box@club.example', 'system,own']],
    ['since', ['', 'yesterday', '2026-01-01', '2026-01-01T00:00:00', '2026-02-30T00:00:00Z', '0']],
    ['until', ['', 'now', '2026-01-01T00:00:00 01:00']],
    ['author', ['', '-1', '1.5', '1e3', 'ada', '2147483648']],
  ])('is refused with another %s', async (key, values) => {
    for (const value of values) await refuses(list(reader, { [key]: value }), 400, 'INVALID_INPUT', key);
  });
});

describe('the chart', () => {
  const chart = async (person: Person, query: Record<string, string> = {}): Promise<SubmissionsByDay> =>
    (
      await app
        .as(person)
        .get(`/submissions-by-day?${new URLSearchParams(query)}`)
        .expect(200)
    ).body.data;
  const nothing = Object.fromEntries(SUBMISSION_STATES.map((state) => [state, 0]));
  let dan: Person;
  let eve: Person;
  let tenant: string;

  beforeAll(async () => {
    dan = await app.person({ actions: EDITOR });
    eve = await app.person({ actions: READER });
    tenant = (await seedsOf(app).tenant({ members: { users: [dan.id, eve.id], roles: [] } })).id;
  });

  beforeEach(() => app.strapi.db.connection(TABLES.submissions).where({ tenant }).delete());

  it('shows the last 30 days with today, and days with nothing', async () => {
    const { zone, days } = await chart(dan, { tenant });
    expect(zone).toBe('UTC');
    expect(days.map(({ day }) => day)).toEqual(daysUntil(Date.now(), 'UTC', 30).map(({ day }) => day));
    for (const { counts } of days) expect(counts).toEqual(nothing);
  });

  it.each(['Europe/Berlin', 'Asia/Kathmandu'])('counts each in the day that it has in the zone: %s', async (zone) => {
    const days = daysUntil(Date.now(), zone, 30);
    const edges = days.flatMap(({ startsAt }) => [startsAt - 1, startsAt]).filter((moment) => moment <= Date.now());
    for (const moment of edges) await at(await sent(dan, 'submitted', { tenant }), moment);
    await at(await sent(dan, 'failed', { tenant }), days[3]?.startsAt ?? 0);
    const answer = await chart(dan, { tenant, zone });
    expect(answer.zone).toBe(zone);
    // Of the first edge, the moment before belongs to no day that is shown.
    expect(answer.days.map(({ counts }) => counts.submitted)).toEqual(days.map((_, n) => (n === 29 ? 1 : 2)));
    expect(answer.days.map(({ counts }) => counts.failed)).toEqual(days.map((_, n) => (n === 3 ? 1 : 0)));
  });

  it('is of the author’s own, or with `log.read` of the whole tenant', async () => {
    await sent(dan, 'submitted', { tenant });
    await sent(eve, 'uncertain', { tenant });
    const today = async (person: Person) => (await chart(person, { tenant })).days.at(-1)?.counts;
    expect(await today(dan)).toEqual({ ...nothing, submitted: 1 });
    expect(await today(eve)).toEqual({ ...nothing, submitted: 1, uncertain: 1 });
    await refuses(app.as(ada).get(`/submissions-by-day?tenant=${tenant}`), 404, 'NOT_FOUND');
  });

  it.each(['', 'Mars/Olympus', '+01:00'])('is refused in the zone %j', async (zone) => {
    await refuses(
      app.as(dan).get(`/submissions-by-day?${new URLSearchParams({ tenant, zone })}`),
      400,
      'INVALID_INPUT',
      'zone'
    );
  });

  it('reads the submissions once', async () => {
    const seen = await statementsOf(app.strapi, () => chart(dan, { tenant, zone: 'Europe/Berlin' }));
    expect(seen.filter(({ sql }) => sql.includes(TABLES.submissions))).toHaveLength(1);
  });
});

describe('the author of a submission', () => {
  it('is named only to users with log.read', async () => {
    const id = await sent(ada, 'failed', { subject: 'Named' });
    const strapi = app.strapi.db.query('admin::user');
    const before: { firstname: string; lastname: string } = await strapi.findOne({ where: { id: ada.id } });
    await strapi.update({ where: { id: ada.id }, data: { firstname: 'Ada', lastname: 'Adams' } });
    const authors = async (person: Person) => {
      const { body } = await list(person, { q: 'Named' }).expect(200);
      const { body: one } = await app.as(person).get(`/submissions/${id}`).expect(200);
      return [body.data[0].author, one.data.author];
    };
    expect(await authors(reader)).toEqual(['Ada Adams', 'Ada Adams']);
    expect(await authors(ada)).toEqual([undefined, undefined]);
    const { firstname, lastname } = before;
    await strapi.update({ where: { id: ada.id }, data: { firstname, lastname } });
  });
});
