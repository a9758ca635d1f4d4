import { bootToAccept } from '../support/outbox';
import { EDITOR, OPERATOR, type App, type Person } from '../support/strapi';
import { refuses } from '../support/answers';
import { peopleOfLog, submittedAs, type PutState } from '../support/states';

let app: App, ada: Person, ben: Person, reader: Person;

beforeAll(async () => {
  app = await bootToAccept();
  ({ ada, ben, reader } = await peopleOfLog(app));
});

afterAll(() => app.stop());

const put = (person: Person, state: PutState, differs: object = {}) =>
  submittedAs(app, { type: 'user', id: person.id }, state, differs);
const overviewOf = async (person: Person, query = '') =>
  (await app.as(person).get(`/overview${query}`).expect(200)).body.data;
const change = (id: string, values: object) =>
  app.strapi.db.connection('mailboxes_submissions').where({ id }).update(values);

describe('the overview', () => {
  it('counts the submissions of the author, with log.read all of the tenant', async () => {
    const states: PutState[] = ['held', 'queued', 'claimed', 'submitted', 'failed', 'uncertain', 'canceled'];
    for (const state of states) await put(ada, state);
    await put(ben, 'failed');
    expect(await overviewOf(ada)).toMatchObject({ failed: 1, uncertain: 1, waiting: 3, late: 0, paused: [] });
    expect(await overviewOf(ben)).toMatchObject({ failed: 1, uncertain: 0, waiting: 0, late: 0 });
    expect(await overviewOf(reader)).toMatchObject({ failed: 2, uncertain: 1, waiting: 3, late: 0 });
  });

  it('counts a submission as late when it has been due for more than 30 minutes', async () => {
    const cat = await app.person({ actions: EDITOR });
    await change(await put(cat, 'queued'), { due_at: Date.now() - 31 * 60_000 });
    await change(await put(cat, 'queued'), { due_at: Date.now() - 29 * 60_000 });
    await change(await put(cat, 'submitted'), { due_at: Date.now() - 31 * 60_000 });
    expect(await overviewOf(cat)).toMatchObject({ waiting: 2, late: 1 });
  });

  it('omits a submission that failed more than a week ago', async () => {
    const cat = await app.person({ actions: EDITOR });
    await change(await put(cat, 'failed'), { settled_at: Date.now() - 8 * 24 * 3_600_000 });
    expect(await overviewOf(cat)).toMatchObject({ failed: 0 });
  });

  it('shows the newest five', async () => {
    const cat = await app.person({ actions: EDITOR });
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const id = await put(cat, 'queued');
      await change(id, { created_at: Date.now() - (6 - n) * 1000 });
      ids.unshift(id);
    }
    const { recent } = await overviewOf(cat);
    expect(recent.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 5));
    expect(recent[0].recipients).toHaveLength(1);
  });

  it('lists each paused transport once, only of mailboxes that the user may use', async () => {
    const smtp = { host: 'mail.club.example', port: 587, encryption: 'starttls', auth: 'password', username: 'news' };
    const paused = (email: string, name: string) =>
      app
        .service('mailboxes')
        .create({ email, name, authenticated: true, restricted: true, smtp }, { actor: OPERATOR });
    const mine = await paused('mine@club.example', 'Mine');
    await paused('other@club.example', 'Other');
    await app.service('grants').create({ mailbox: mine.id, user: ada.id }, { actor: OPERATOR });
    expect((await overviewOf(ada)).paused).toEqual([
      {
        kind: 'mailbox',
        name: 'Mine',
        email: 'mine@club.example',
        code: 'SECRET_REQUIRED',
        message: expect.any(String),
        at: expect.any(String),
      },
    ]);
    expect((await overviewOf(ben)).paused).toEqual([]);
  });

  it('refuses a tenant of which the user is no member, except to an operator', async () => {
    const { id } = await app.service('tenants').create({ name: 'Foreign' }, { actor: OPERATOR });
    for (const person of [ada, reader]) {
      await refuses(app.as(person).get(`/overview?tenant=${id}`), 404, 'NOT_FOUND');
      await refuses(app.as(person).get('/overview?tenant=nosuch'), 404, 'NOT_FOUND');
    }
    const operator = await app.person({ actions: [...EDITOR, 'tenants.manage'] });
    expect(await overviewOf(operator, `?tenant=${id}`)).toEqual({
      failed: 0,
      uncertain: 0,
      waiting: 0,
      late: 0,
      paused: [],
      recent: [],
    });
    await refuses(app.as(ada).get('/overview?state=failed'), 400, 'UNKNOWN_FIELD');
  });
});
