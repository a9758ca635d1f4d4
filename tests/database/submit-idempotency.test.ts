import { AsyncLocalStorage } from 'node:async_hooks';
import { letter } from '../support/letter';
import { OPERATOR, type App, type Person } from '../support/strapi';
import { anotherProcess } from '../support/another-process';
import { countRows, refuses } from '../support/answers';
import { ROBOT, submit, bootToAccept } from '../support/outbox';
import type { SubmissionsService } from '../../server/src/submissions/service';

let app: App, ada: Person, ben: Person;
let counter = 0;

beforeAll(async () => {
  app = await bootToAccept({ systemActors: { robot: { mailboxes: 'all' }, other: { mailboxes: 'all' } } });
  ada = await app.person();
  ben = await app.person();
});

afterAll(() => app.stop());

const newKey = (): string => `key ${(counter += 1)}`;
const post = (differs: object, as: Person = ada) => app.as(as).post('/submissions', letter(differs));
const stored = async (): Promise<number> =>
  (await countRows(app, ['mailboxes_submissions'])).mailboxes_submissions ?? 0;
const idOf = async (differs: object, as: Person = ada): Promise<string> =>
  (await post(differs, as).expect(202)).body.data.id;

describe('an idempotency key', () => {
  it('returns the same submission for the same input', async () => {
    const idempotencyKey = newKey();
    const { body: first } = await post({ idempotencyKey }).expect(202);
    const before = await stored();
    const { body: again } = await post({ idempotencyKey }).expect(202);
    expect(again).toEqual(first);
    expect(await stored()).toBe(before);
  });

  it('returns a repeated submission in its present state', async () => {
    const idempotencyKey = newKey();
    const { id } = await submit(app, 'system', { idempotencyKey, undoSeconds: 60 });
    await app.service('submissions').cancel(id, { actor: ROBOT });
    expect(await submit(app, 'system', { idempotencyKey, undoSeconds: 60 })).toMatchObject({ id, state: 'canceled' });
  });

  it('treats input as equal in any key order and Unicode composition', async () => {
    const idempotencyKey = newKey();
    const input = { ...letter({ subject: 'Caf\u00e9', headers: { 'X-A': '1', 'X-B': '2' } }), idempotencyKey };
    const turned = Object.fromEntries(
      Object.entries({ ...input, subject: 'Cafe\u0301', headers: { 'X-B': '2', 'X-A': '1' } }).reverse()
    );
    const { body: first } = await app.as(ada).post('/submissions', input).expect(202);
    const { body: again } = await app.as(ada).post('/submissions', turned).expect(202);
    expect(again.data.id).toBe(first.data.id);
  });

  it.each<[string, object, object?]>([
    ['text', { text: 'Another' }],
    ['html', { html: '<p>Hello</p>' }],
    ['subject', { subject: 'Another' }],
    ['recipient', { to: ['ben@reader.example'] }],
    ["recipient's name", { to: [{ email: 'reader@news.example', name: 'Ada' }] }],
    ['field of a recipient', { to: [], bcc: ['reader@news.example'] }],
    ['reply address', { replyTo: 'system' }],
    ['header', { headers: { 'X-A': '1' } }],
    ['moment', { sendAt: '2099-01-01T00:00:00Z' }],
    ['zone', { sendAt: '2099-01-01T00:00:00Z', sendZone: 'Asia/Tokyo' }, { sendAt: '2099-01-01T00:00:00Z' }],
    ['undo window', { undoSeconds: 9 }],
  ])('rejects a repeated key with another %s', async (_, differs, first = {}) => {
    const idempotencyKey = newKey();
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2098, 11, 1));
    try {
      const send = (more: object) => anotherProcess(app).submit({ actor: ROBOT, ...letter(more), idempotencyKey });
      const { id } = await send(first);
      const before = await stored();
      await expect(send(differs)).rejects.toMatchObject({ status: 409, details: { code: 'IDEMPOTENCY_CONFLICT' } });
      expect(await stored()).toBe(before);
      expect((await send(first)).id).toBe(id);
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('separates the keys of different actors', async () => {
    const idempotencyKey = newKey();
    const system = (name: string) => submit(app, 'system', { idempotencyKey, actor: { type: 'system', name } });
    const ids = [
      await idOf({ idempotencyKey }),
      await idOf({ idempotencyKey, text: 'Another' }, ben),
      (await system('robot')).id,
      (await system('other')).id,
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it('compares keys character by character', async () => {
    const keys = ['Case', 'case', 'case ', ' case', 'case  ', 'c%', 'c_', 'x'.repeat(255), `${'x'.repeat(254)}y`];
    const ids = new Set<string>();
    for (const idempotencyKey of keys) ids.add(await idOf({ idempotencyKey }));
    expect(ids.size).toBe(keys.length);
  });

  it('rejects a repetition by an author who lost the permission to send', async () => {
    const box = await app
      .service('mailboxes')
      .create({ email: 'club@club.example', name: 'Club', restricted: true }, { actor: OPERATOR });
    const grant = await app.service('grants').create({ mailbox: box.id, user: ada.id }, { actor: OPERATOR });
    const input = { from: `mailbox:${box.id}`, idempotencyKey: newKey() };
    await post(input).expect(202);
    await app.service('grants').delete(grant.id, { actor: OPERATOR });
    const { status, body } = await post(input);
    expect({ status, code: body.error.details.code }).toEqual({ status: 403, code: 'FORBIDDEN_FROM' });
  });

  it('stays free when the submission is refused for its warnings', async () => {
    const idempotencyKey = newKey();
    await refuses(post({ idempotencyKey, subject: '', acceptWarnings: [] }), 409, 'WARNINGS');
    await post({ idempotencyKey, subject: 'Corrected', acceptWarnings: [] }).expect(202);
  });

  it('returns the same submission for any accepted warnings, and rejects another input before its warnings', async () => {
    const idempotencyKey = newKey();
    const id = await idOf({ idempotencyKey, subject: '', acceptWarnings: ['NO_SUBJECT'] });
    for (const acceptWarnings of [undefined, [], ['NO_TEXT']])
      expect(await idOf({ idempotencyKey, subject: '', acceptWarnings })).toBe(id);
    await refuses(post({ idempotencyKey, subject: '', text: '', acceptWarnings: [] }), 409, 'IDEMPOTENCY_CONFLICT');
  });

  it('does not remember the identities of a repetition', async () => {
    const idempotencyKey = newKey();
    await post({ idempotencyKey, replyTo: 'system' }).expect(202);
    await post({}).expect(202);
    await post({ idempotencyKey, replyTo: 'system' }).expect(202);
    const { body } = await app.as(ada).get('/identities').expect(200);
    expect(body.data.preselected).toEqual({ from: 'system', replyTo: null });
  });
});

describe('concurrent requests with one key', () => {
  const requests = 12;
  const at = (n: number, processes: readonly SubmissionsService[]): SubmissionsService =>
    processes[n % processes.length] as SubmissionsService;

  it.each([
    ['of one process', 1],
    ['of several processes', 4],
  ])('create one submission for %s', async (_, count) => {
    const processes = Array.from({ length: count }, () => anotherProcess(app));
    for (const actor of [ROBOT, { type: 'user', id: ada.id } as const]) {
      const before = await stored();
      const input = { actor, ...letter(), idempotencyKey: newKey() };
      const all = await Promise.all(Array.from({ length: requests }, (_, n) => at(n, processes).submit(input)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(1);
      expect((await stored()) - before).toBe(1);
    }
  });

  it('create one submission over HTTP', async () => {
    const idempotencyKey = newKey();
    const [first, second] = await Promise.all([idOf({ idempotencyKey }), idOf({ idempotencyKey })]);
    expect(second).toBe(first);
  });

  it('accept one of several contents, reject the others and fail no other request', async () => {
    const processes = [anotherProcess(app), anotherProcess(app)];
    const idempotencyKey = newKey();
    const racing = Array.from({ length: requests }, (_, n) =>
      at(n, processes).submit({ actor: ROBOT, ...letter({ text: `Hello ${n}` }), idempotencyKey })
    );
    const others = Array.from({ length: requests }, (_, n) =>
      at(n, processes).submit({ actor: ROBOT, ...letter({ text: `Other ${n}` }), idempotencyKey: newKey() })
    );
    const ended = await Promise.allSettled(racing);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ended)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ details: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(new Set((await Promise.all(others)).map(({ id }) => id)).size).toBe(requests);
  });
});

describe('idempotency inside a transaction of the caller', () => {
  const within = <T>(work: () => Promise<T>): Promise<T> => app.strapi.db.transaction(work) as Promise<T>;

  it('returns the same submission for a key used before', async () => {
    const idempotencyKey = newKey();
    const { id } = await submit(app, 'system', { idempotencyKey });
    expect((await within(() => submit(app, 'system', { idempotencyKey }))).id).toBe(id);
  });

  it('returns the same submission for a key used twice in the transaction', async () => {
    const idempotencyKey = newKey();
    const [first, second] = await within(async () => [
      await submit(app, 'system', { idempotencyKey }),
      await submit(app, 'system', { idempotencyKey }),
    ]);
    expect(second?.id).toBe(first?.id);
  });

  it('deletes the submission and frees the key on rollback', async () => {
    const idempotencyKey = newKey();
    const before = await countRows(app, [
      'mailboxes_submissions',
      'mailboxes_messages',
      'mailboxes_message_chunks',
      'mailboxes_recipients',
    ]);
    let rolledBack = '';
    await expect(
      within(async () => {
        rolledBack = (await submit(app, 'system', { idempotencyKey })).id;
        throw new Error('no');
      })
    ).rejects.toThrow('no');
    expect(await countRows(app, Object.keys(before))).toEqual(before);
    expect((await submit(app, 'system', { idempotencyKey, text: 'Another' })).id).not.toBe(rolledBack);
  });

  it('keeps the transaction usable after a refusal', async () => {
    const idempotencyKey = newKey();
    await submit(app, 'system', { idempotencyKey });
    const id = await within(async () => {
      await expect(submit(app, 'system', { idempotencyKey, text: 'Another' })).rejects.toMatchObject({
        details: { code: 'IDEMPOTENCY_CONFLICT' },
      });
      return (await submit(app, 'system', { idempotencyKey: newKey() })).id;
    });
    expect(await app.service('submissions').get(id, { actor: ROBOT })).toMatchObject({ id });
  });

  it.each<[string, object]>([
    ['', {}],
    [' for a message with warnings', { text: '', acceptWarnings: [] }],
  ])(
    'returns the submission of another process that uses the key first, and keeps the transaction usable%s',
    async (_, differs) => {
      if (app.database.name === 'sqlite') return; // One connection: no other process writes while a transaction is open.
      const idempotencyKey = newKey();
      const other = anotherProcess(app);
      const [mine, theirs, next] = await within(async () => {
        // The transaction takes its snapshot before the other one commits.
        await app.service('submissions').findPage({ actor: ROBOT, page: 1, pageSize: 1 });
        const committed = await new Promise<{ id: string }>((resolve, reject) => {
          outside(() =>
            other.submit({ actor: ROBOT, ...letter({ ...differs, acceptWarnings: undefined }), idempotencyKey })
          ).then(resolve, reject);
        });
        const repeated = await app.service('submissions').submit({ actor: ROBOT, ...letter(differs), idempotencyKey });
        return [repeated.id, committed.id, (await submit(app, 'system', { idempotencyKey: newKey() })).id];
      });
      expect(mine).toBe(theirs);
      expect(next).not.toBe(mine);
    }
  );
});

/** Runs outside of the caller's transaction. */
const outside = AsyncLocalStorage.snapshot();
