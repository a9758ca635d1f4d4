import { letter } from '../support/letter';
import { EDITOR, OPERATOR, actorOf, type App, type Person } from '../support/strapi';
import { anotherProcess } from '../support/another-process';
import { ROBOT, submit, bootToAccept } from '../support/outbox';
import type { SubmissionsService } from '../../server/src/submissions/service';
import { joining } from '../../server/src/database/transaction';
import type { Actor } from '../../server/src/domain/actor';

const LIMIT = 5;
const HOUR_MS = 3_600_000;

let app: App;

beforeAll(async () => {
  app = await bootToAccept({
    limits: { perUserPerHour: LIMIT },
    systemActors: { robot: { mailboxes: 'all' }, club: { mailboxes: 'all', tenant: 'club' } },
  });
});

afterAll(() => app.stop());

const at = (n: number, processes: readonly SubmissionsService[]): SubmissionsService =>
  processes[n % processes.length] as SubmissionsService;
const editor = () => app.person({ actions: EDITOR });
const post = (person: Person, differs: object = {}) => app.as(person).post('/submissions', letter(differs));
const rows = (where: object) => app.strapi.db.connection('mailboxes_submissions').where(where);
const counted = async (where: object): Promise<number> => ((await rows(where).select('id')) as unknown[]).length;
const fill = async (person: Person): Promise<string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < LIMIT; n += 1) ids.push((await post(person).expect(202)).body.data.id);
  return ids;
};

describe('a user’s hour', () => {
  it('accepts exactly the limit of 30 concurrent requests', async () => {
    const ada = await editor();
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(ada)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(LIMIT);
    const refused = answers.filter(({ status }) => status !== 202);
    for (const { status, body } of refused)
      expect({ status, code: body.error.details.code }).toEqual({ status: 429, code: 'RATE_LIMITED' });
    expect(await counted({ actor_user: ada.id })).toBe(LIMIT);
  });

  it('accepts exactly the limit of 30 concurrent requests to several processes', async () => {
    const ada = await editor();
    const processes = Array.from({ length: 3 }, () => anotherProcess(app, { perUserPerHour: LIMIT }));
    const ended = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => at(n, processes).submit({ actor: actorOf(ada), ...letter() }))
    );
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(LIMIT);
    for (const end of ended)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ details: { code: 'RATE_LIMITED' } });
    expect(await counted({ actor_user: ada.id })).toBe(LIMIT);
  });

  it('never fails concurrent requests of other users', async () => {
    const [ada, ben] = [await editor(), await editor()];
    await fill(ada);
    const answers = await Promise.all(
      Array.from({ length: 2 * LIMIT }, (_, n) => (n % 2 === 0 ? post(ada) : post(ben)))
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, n) => (n % 2 === 0 ? 429 : 202)));
  });

  it('returns the time until the next free place in the details and in Retry-After', async () => {
    const ada = await editor();
    const [first = ''] = await fill(ada);
    await rows({ id: first }).update({ created_at: Date.now() - HOUR_MS + 90_000 });
    const { status, body, headers } = await post(ada);
    expect(status).toBe(429);
    const wait = Number(body.error.details.retryAfterSeconds);
    expect(wait).toBeGreaterThan(60);
    expect(wait).toBeLessThanOrEqual(90);
    expect(headers['retry-after']).toBe(String(wait));
  });

  it('returns the time until the next free place if retries used the limit', async () => {
    const ada = await editor();
    const { id } = (await post(ada)).body.data as { id: string };
    const audit = app.strapi.db.connection('mailboxes_audit');
    const retriedAt = (at: number) => ({
      at,
      actor_user: ada.id,
      action: 'submission.retried',
      object: id,
    });
    await audit.insert([90_000, 600_000, 900_000, 1_200_000].map((left) => retriedAt(Date.now() - HOUR_MS + left)));
    const wait = Number((await post(ada).expect(429)).body.error.details.retryAfterSeconds);
    expect(wait).toBeGreaterThan(60);
    expect(wait).toBeLessThanOrEqual(90);
  });

  it('accepts more as the oldest submissions leave the hour', async () => {
    const ada = await editor();
    const [first = '', second = ''] = await fill(ada);
    for (const id of [first, second]) await rows({ id }).update({ created_at: Date.now() - HOUR_MS - 1000 });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await post(ada)).status);
    expect(statuses).toEqual([202, 202, 429]);
  });

  it('counts accepted submissions in every state, and no refused ones', async () => {
    const ada = await editor();
    for (let n = 0; n < LIMIT; n += 1) await post(ada, { from: 'mailbox:unknown' }).expect(403);
    const [first = ''] = await fill(ada);
    await rows({ id: first }).update({ state: 'canceled' });
    await post(ada).expect(429);
  });

  it('counts retries, also of parallel requests', async () => {
    const ada = await editor();
    const ids = [(await post(ada)).body.data.id, (await post(ada)).body.data.id] as string[];
    const retries = (times: number) =>
      Promise.all(
        Array.from({ length: times }, (_, n) => app.as(ada).post(`/submissions/${ids[n % ids.length]}/retry`))
      );
    const reject = async () => {
      await rows({}).whereIn('id', ids).update({ state: 'failed', next_attempt_at: null, settled_at: Date.now() });
      const recipients = app.strapi.db.connection('mailboxes_recipients');
      await recipients.whereIn('submission', ids).update({ state: 'rejected' });
    };
    await reject();
    expect((await retries(2)).map(({ status }) => status)).toEqual([200, 200]);
    await reject();
    const last = await retries(2);
    expect(last.map(({ status }) => status).sort()).toEqual([200, 429]);
    expect(last.find(({ status }) => status === 429)?.body.error.details.code).toBe('RATE_LIMITED');
    await post(ada).expect(429);
    const hourAgo = Date.now() - HOUR_MS - 1000;
    await app.strapi.db.connection('mailboxes_audit').where({ actor_user: ada.id }).update({ at: hourAgo });
    await post(ada).expect(202);
  });

  it('answers a repetition above the limit, and rejects other content with RATE_LIMITED', async () => {
    const ada = await editor();
    const { body } = await post(ada, { idempotencyKey: 'first' }).expect(202);
    for (let n = 1; n < LIMIT; n += 1) await post(ada).expect(202);
    const { body: again } = await post(ada, { idempotencyKey: 'first' }).expect(202);
    expect(again.data.id).toBe(body.data.id);
    const other = await post(ada, { idempotencyKey: 'first', text: 'Another' });
    expect(other.body.error.details.code).toBe('RATE_LIMITED');
    expect(await counted({ actor_user: ada.id })).toBe(LIMIT);
  });

  it('is checked after the sender and the attachments', async () => {
    const ada = await editor();
    await fill(ada);
    const codeOf = async (differs: object) => (await post(ada, differs)).body.error.details.code;
    expect(await codeOf({ from: 'mailbox:unknown' })).toBe('FORBIDDEN_FROM');
    expect(await codeOf({ attachments: [{ file: 4711 }] })).toBe('ATTACHMENT_NOT_FOUND');
  });

  it('counts a user’s submissions across tenants', async () => {
    const ada = await editor();
    const tenant = await app
      .service('tenants')
      .create({ name: 'Second', members: { users: [ada.id], roles: [] } }, { actor: OPERATOR });
    for (let n = 0; n < LIMIT; n += 1) await post(ada, n % 2 === 0 ? { tenant: tenant.id } : {}).expect(202);
    await post(ada, { tenant: tenant.id }).expect(429);
    await post(ada).expect(429);
  });

  it('does not limit a system actor', async () => {
    await Promise.all(Array.from({ length: 4 * LIMIT }, () => submit(app, 'system')));
  });

  it('is exact inside transactions of the caller', async () => {
    const ada = await editor();
    const within = () =>
      app.strapi.db.transaction(async () => {
        // The transaction takes its snapshot before the others commit.
        await app.service('submissions').findPage({ actor: ROBOT, page: 1, pageSize: 1 });
        return submit(app, 'system', { actor: actorOf(ada) });
      });
    const ended = await Promise.allSettled(Array.from({ length: 8 }, within));
    expect(ended.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(LIMIT);
    expect(await counted({ actor_user: ada.id })).toBe(ended.filter(({ status }) => status === 'fulfilled').length);
  });
});

describe('the bytes of a user’s hour', () => {
  const TEXT = 'A line of a message. '.repeat(500);
  const sizeOf = async (id: string): Promise<number> => {
    const [row] = await app.strapi.db
      .connection('mailboxes_messages as m')
      .join('mailboxes_submissions as s', 's.message', 'm.id')
      .where('s.id', id)
      .select('m.size_bytes');
    return Number(row.size_bytes);
  };
  /** Size of such a message; all have the same headers. */
  let size: number;

  beforeAll(async () => {
    const { id } = await anotherProcess(app).submit({ actor: actorOf(await editor()), ...letter({ text: TEXT }) });
    size = await sizeOf(id);
  });

  const limited = (bytesPerUserPerHour: number | null) =>
    anotherProcess(app, { perUserPerHour: 100, bytesPerUserPerHour });
  const write = (service: SubmissionsService, { id }: Person, differs: object = {}) =>
    service.submit({ actor: { type: 'user', id }, ...letter({ text: TEXT, ...differs }) });

  it('are accepted up to the limit of 30 concurrent requests to several processes', async () => {
    const ada = await editor();
    const limit = 4 * size + size / 2;
    const processes = Array.from({ length: 3 }, () => limited(limit));
    const ended = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => write(at(n, processes), ada)));
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    for (const end of ended)
      if (end.status === 'rejected')
        expect(end.reason).toMatchObject({ status: 429, details: { code: 'RATE_LIMITED' } });
    expect(await counted({ actor_user: ada.id })).toBe(4);
    // A smaller message still fits.
    await write(limited(limit), ada, { text: 'Hello' });
  });

  it('are reported with the remaining bytes and the time until enough are free', async () => {
    const ada = await editor();
    const limit = 3 * size + 100;
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push((await write(limited(limit), ada)).id);
    const [first = '', second = ''] = ids;
    await rows({ id: first }).update({ created_at: Date.now() - HOUR_MS + 90_000 });
    await rows({ id: second }).update({ created_at: Date.now() - HOUR_MS + 900_000 });
    const details = async (text: string) =>
      ((await write(limited(limit), ada, { text }).catch((error: unknown) => error)) as { details: object }).details;
    const one = await details(TEXT);
    expect(one).toEqual({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
      limitBytes: limit,
      remainingBytes: 100,
      size,
    });
    expect(one).toMatchObject({ retryAfterSeconds: 90 });
    expect(await details(TEXT + TEXT)).toMatchObject({ remainingBytes: 100, retryAfterSeconds: 900 });
    await rows({ id: first }).update({ created_at: Date.now() - HOUR_MS - 1000 });
    await write(limited(limit), ada);
  });

  it('reject a message above the whole limit with TOO_LARGE', async () => {
    const ada = await editor();
    await expect(write(limited(size - 1), ada)).rejects.toMatchObject({
      status: 413,
      details: { code: 'TOO_LARGE', limit: size - 1, size },
    });
  });

  it('are unlimited for a system actor and without a configured limit', async () => {
    const robot = limited(size);
    for (let n = 0; n < 3; n += 1) await robot.submit({ actor: ROBOT, ...letter({ text: TEXT }) });
    const ada = await editor();
    for (let n = 0; n < 3; n += 1) await write(limited(null), ada);
  });
});

describe('a tenant’s hour', () => {
  it('accepts exactly the limit of users and system actors together, in that tenant only', async () => {
    const [ada, ben] = [await editor(), await editor()];
    const tenant = await app
      .service('tenants')
      .create({ name: 'Club', key: 'club', members: { users: [ada.id, ben.id], roles: [] } }, { actor: OPERATOR });
    const processes = [1, 2].map(() => anotherProcess(app, { perUserPerHour: 100, perTenantPerHour: 7 }));
    const actors: Actor[] = [actorOf(ada), actorOf(ben), { type: 'system', name: 'club' }];
    const ended = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) =>
        at(n, processes).submit({ actor: actors[n % 3] as Actor, tenant: 'club', ...letter() })
      )
    );
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    for (const end of ended)
      if (end.status === 'rejected')
        expect(end.reason).toMatchObject({ status: 429, details: { code: 'RATE_LIMITED' } });
    expect(await counted({ tenant: tenant.id })).toBe(7);
    const other = await app.service('tenants').create({ name: 'Other', members: 'everyone' }, { actor: OPERATOR });
    await at(0, processes).submit({ actor: actorOf(ada), tenant: other.id, ...letter() });
  });

  it('is exact inside transactions of the caller', async () => {
    const ada = await editor();
    const members = { users: [ada.id], roles: [] };
    const tenant = await app.service('tenants').create({ name: 'Within', key: 'within', members }, { actor: OPERATOR });
    const limited = joining(app.strapi, { ...anotherProcess(app, { perUserPerHour: 100, perTenantPerHour: 3 }) });
    const within = () =>
      app.strapi.db.transaction(async () => {
        // The transaction takes its snapshot before the others commit.
        await app.service('submissions').findPage({ actor: ROBOT, page: 1, pageSize: 1 });
        return limited.submit({ actor: actorOf(ada), tenant: 'within', ...letter() });
      });
    const ended = await Promise.allSettled(Array.from({ length: 6 }, within));
    const accepted = ended.filter(({ status }) => status === 'fulfilled').length;
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThanOrEqual(3);
    expect(await counted({ tenant: tenant.id })).toBe(accepted);
  });
});
