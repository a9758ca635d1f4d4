import { mailboxAt, ROBOT, submit, bootToAccept } from '../support/outbox';
import { OPERATOR, type App } from '../support/strapi';

interface Client {
  _query: (this: Client, connection: unknown, query: { sql: string }) => Promise<unknown>;
}

/** Every statement passes `_query`: an error there simulates a broken connection or a full disk. */
describe('a COMMIT', () => {
  let app: App;
  let mailbox: string;
  let prototype: Client;
  let query: Client['_query'];

  beforeAll(async () => {
    app = await bootToAccept();
    mailbox = await mailboxAt(app, 2525);
    prototype = (app.strapi.db.connection as unknown as { client: { constructor: { prototype: Client } } }).client
      .constructor.prototype;
    query = prototype._query;
  });

  afterEach(async () => {
    prototype._query = query;
    await app.strapi.db.connection('mailboxes_submissions').delete();
  });

  afterAll(() => app.stop());

  /** @param instead statement that replaces the next COMMIT, before its reply becomes an error */
  const breakCommit = (instead: 'COMMIT;' | 'ROLLBACK;'): void => {
    let armed = true;
    const real = query;
    prototype._query = async function (this: Client, connection, asked) {
      if (!armed || !asked.sql.startsWith('COMMIT')) return real.call(this, connection, asked);
      armed = false;
      await real.call(this, connection, { ...asked, sql: instead });
      throw Object.assign(new Error('the connection was lost'), { code: 'ECONNRESET' });
    };
  };
  const rows = async (): Promise<number> => {
    const [row] = (await app.strapi.db.connection('mailboxes_submissions').count({ n: '*' })) as { n: unknown }[];
    return Number(row?.n);
  };

  it('that fails is reported and not retried, and stores no submission', async () => {
    breakCommit('ROLLBACK;');
    await expect(submit(app, `mailbox:${mailbox}`)).rejects.toThrow('the connection was lost');
    expect(await rows()).toBe(0);
  });

  it('with a lost reply accepts each of several submissions once', async () => {
    breakCommit('COMMIT;');
    const answers = await Promise.all(Array.from({ length: 3 }, () => submit(app, `mailbox:${mailbox}`)));
    expect(await rows()).toBe(3);
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(3);
  });

  it('that fails at the point of no return starts no transmission', async () => {
    const { id } = await submit(app, `mailbox:${mailbox}`);
    const { outbox } = app.service('submissions');
    const { jobs } = await outbox.claim(5, 60_000);
    breakCommit('ROLLBACK;');
    await expect(outbox.beginTransmission(jobs, 60_000)).rejects.toThrow('the connection was lost');
    expect(await app.service('submissions').get(id, { actor: ROBOT })).toMatchObject({ state: 'submitting' });
    expect(await app.service('submissions').cancel(id, { actor: ROBOT })).toMatchObject({ state: 'canceled' });
  });

  it('of a cancel stays when the query of its event fails, which is logged', async () => {
    const { id } = await submit(app, `mailbox:${mailbox}`);
    const logged = jest.spyOn(app.strapi.log, 'error').mockImplementation(() => app.strapi.log);
    const real = query;
    prototype._query = function (this: Client, connection, asked) {
      if (!/^select .?id.?, .?tenant.?, .?state.?, .?error_code/.test(asked.sql))
        return real.call(this, connection, asked);
      prototype._query = real;
      return Promise.reject(new Error('the database is gone'));
    };
    expect(await app.service('submissions').cancel(id, { actor: ROBOT })).toMatchObject({ state: 'canceled' });
    while (logged.mock.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(String(logged.mock.calls[0]?.[0])).toMatch(
      /the event of submission \w+ could not be sent.*the database is gone/
    );
    logged.mockRestore();
  });

  it('that fails at the save of a mailbox with grants stores neither and emits no event', async () => {
    const { id: user } = await app.person();
    const events: string[] = [];
    app.strapi.eventHub.subscribe((event: string) => {
      if (event.startsWith('mailboxes.')) events.push(event);
      return Promise.resolve();
    });
    const save = () =>
      app.service('mailboxes').update(mailbox, { name: 'Renamed', grants: { add: [{ user }] } }, { actor: OPERATOR });
    breakCommit('ROLLBACK;');
    await expect(save()).rejects.toThrow('the connection was lost');
    const before = await app.service('mailboxes').findOne(mailbox, { actor: OPERATOR });
    expect(before?.name).not.toBe('Renamed');
    expect(await app.service('grants').findMany({ actor: OPERATOR, mailbox })).toEqual([]);
    expect(events).toEqual([]);
    await save();
    expect(events).toEqual(['mailboxes.grant.created']);
  });
});
