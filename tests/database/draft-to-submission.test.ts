import type { Draft, Submission } from '../../server/src/contracts/answers';
import { TABLES } from '../../server/src/database/tables';
import type { RecipientState } from '../../server/src/domain/submission';
import { anotherProcess } from '../support/another-process';
import { contentsOf, refuses } from '../support/answers';
import { letter } from '../support/letter';
import { bootToAccept, ROBOT } from '../support/outbox';
import { peopleOfLog, put, type PutState } from '../support/states';
import { statementsOf } from '../support/statements';
import { actorOf, OPERATOR, type App, type Person } from '../support/strapi';

/* A draft is sent once, and comes back whole. */

jest.setTimeout(60_000);

type Body = Record<string, unknown>;

let app: App, ada: Person, ben: Person, keeper: Person;
let keys = 0;

beforeAll(async () => {
  app = await bootToAccept({ limits: { perUserPerHour: 10_000 } });
  ({ ada, ben, keeper } = await peopleOfLog(app));
});

afterAll(() => app.stop());

const TYPED = letter({ html: '<p>Hello</p>', bcc: ['hidden@news.example'], headers: { 'X-A': 'b' } });

const write = async (person: Person = ada, input: Body = TYPED): Promise<Draft> =>
  (await app.as(person).post('/drafts', input).expect(201)).body.data;
const read = (person: Person, { id }: Draft) => app.as(person).get(`/drafts/${id}`);
const post = (draft: string, differs: Body = {}, person: Person = ada) =>
  app.as(person).post('/submissions', letter({ sendAt: later(), draft, ...differs }));
const send = async (draft: Draft, differs: Body = {}, person: Person = ada): Promise<Submission> =>
  (await post(draft.id, differs, person).expect(202)).body.data;
const cancel = async ({ id }: Submission, person: Person = ada): Promise<Submission> =>
  (await app.as(person).post(`/submissions/${id}/cancel`).expect(200)).body.data;
const idsOf = async (person: Person = ada): Promise<string[]> =>
  (await app.as(person).get('/drafts?pageSize=100').expect(200)).body.data.map(({ id }: Draft) => id);
const linkOf = async ({ id }: Draft): Promise<string | null | undefined> =>
  (
    (await app.strapi.db.connection(TABLES.drafts).where({ id }).select('submission')) as {
      submission: string | null;
    }[]
  )[0]?.submission;
const reap = () => anotherProcess(app).outbox.reap();
const later = (): string => new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 24 * 3_600_000).toISOString();

describe('sending a draft', () => {
  it('hides the draft from the list, reads, changes and deletion', async () => {
    const draft = await write();
    const { id } = await send(draft);
    expect(await idsOf()).not.toContain(draft.id);
    const before = await contentsOf(app, [TABLES.drafts, TABLES.draftChunks]);
    await refuses(read(ada, draft), 404, 'NOT_FOUND');
    await refuses(app.as(ada).delete(`/drafts/${draft.id}`), 404, 'NOT_FOUND');
    for (const version of [1, 2, undefined]) {
      const { status, body } = await app.as(ada).put(`/drafts/${draft.id}`, { version, subject: 'Late' });
      expect({ status, details: body.error.details }).toEqual({
        status: 409,
        details: { code: 'INVALID_STATE', submission: id },
      });
    }
    await refuses(app.as(ben).put(`/drafts/${draft.id}`, { version: 1 }), 404, 'NOT_FOUND');
    expect(await contentsOf(app, [TABLES.drafts, TABLES.draftChunks])).toEqual(before);
  });

  it('rejects a second submission with the id of the first', async () => {
    const draft = await write();
    const { id } = await send(draft);
    const { status, body } = await post(draft.id);
    expect({ status, details: body.error.details }).toEqual({
      status: 409,
      details: { code: 'INVALID_STATE', submission: id },
    });
  });

  it('answers NOT_FOUND for a draft of another user and writes nothing', async () => {
    const bens = await write(ben);
    const before = await contentsOf(app, [TABLES.drafts, TABLES.submissions, TABLES.messages]);
    for (const draft of [bens.id, 'abcdefghijklmnopqrstuvwx', '\u{1f4e8}'])
      await refuses(post(draft), 404, 'NOT_FOUND');
    for (const draft of ['', 'x'.repeat(65), 'a\u0000', 1, null, [], {}])
      await refuses(post(draft as string), 400, 'INVALID_INPUT', 'draft');
    expect(await contentsOf(app, [TABLES.drafts, TABLES.submissions, TABLES.messages])).toEqual(before);
    await expect(
      app.service('submissions').submit({ ...letter(), actor: ROBOT, draft: bens.id })
    ).rejects.toMatchObject({ details: { code: 'INVALID_INPUT', path: 'draft' } });
  });

  it('keeps the draft of a submission that is refused for another reason', async () => {
    const draft = await write();
    await refuses(post(draft.id, { from: 'mailbox:gone' }), 403, 'FORBIDDEN_FROM');
    await refuses(post(draft.id, { to: [] }), 400, 'NO_RECIPIENTS');
    expect((await read(ada, draft).expect(200)).body.data).toEqual(draft);
  });

  it('rejects a submission that names an older version', async () => {
    const draft = await write();
    await app.as(ada).put(`/drafts/${draft.id}`, { version: 1, subject: 'Better' }).expect(200);
    const before = await contentsOf(app, [TABLES.drafts, TABLES.submissions, TABLES.messages]);
    const { status, body } = await post(draft.id, { draftVersion: 1 });
    expect({ status, details: body.error.details }).toEqual({
      status: 409,
      details: { code: 'INVALID_STATE', version: 2 },
    });
    for (const draftVersion of [0, 1.5, '2', null, 2 ** 31])
      await refuses(post(draft.id, { draftVersion }), 400, 'INVALID_INPUT', 'draftVersion');
    await refuses(app.as(ada).post('/submissions', letter({ draftVersion: 2 })), 400, 'INVALID_INPUT', 'draftVersion');
    expect(await contentsOf(app, [TABLES.drafts, TABLES.submissions, TABLES.messages])).toEqual(before);
    await send(draft, { draftVersion: 2 });
  });

  it('accepts one of two concurrent submissions in different processes', async () => {
    for (let round = 0; round < 5; round += 1) {
      const draft = await write();
      const input = { ...letter(), actor: actorOf(ada), draft: draft.id };
      const answers = await Promise.allSettled(
        [app.service('submissions'), anotherProcess(app), anotherProcess(app)].map((one) => one.submit(input))
      );
      const won = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      expect(won).toHaveLength(1);
      for (const answer of answers)
        if (answer.status === 'rejected')
          expect(answer.reason).toMatchObject({ details: { code: 'INVALID_STATE', submission: won[0]?.id } });
      expect(await linkOf(draft)).toBe(won[0]?.id);
    }
  });

  it('refuses a second submission without failing others in the same transaction', async () => {
    const drafts = await Promise.all(Array.from({ length: 5 }, () => write()));
    const asked = [...drafts, ...drafts].map(({ id }) => id);
    const answers = await Promise.all([...asked, 'unknown'].map((id) => post(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 5 }, () => 202),
      404,
      ...Array.from({ length: 5 }, () => 409),
    ]);
    for (const draft of drafts) expect(await linkOf(draft)).toEqual(expect.any(String));
  });

  it('does not count a refused submission against the hourly limit', async () => {
    const draft = await write(ben);
    await send(draft, {}, ben);
    const [row]: { n: unknown }[] = await app.strapi.db
      .connection(TABLES.submissions)
      .where({ actor_user: ben.id })
      .count({ n: '*' });
    const tight = anotherProcess(app, { perUserPerHour: Number(row?.n) + 1 });
    const input = { ...letter(), actor: actorOf(ben) };
    const [again, other] = await Promise.allSettled([tight.submit({ ...input, draft: draft.id }), tight.submit(input)]);
    expect(again).toMatchObject({ status: 'rejected', reason: { details: { code: 'INVALID_STATE' } } });
    expect(other).toMatchObject({ status: 'fulfilled' });
  });

  it('returns the same submission for a repeated request', async () => {
    const draft = await write();
    const idempotencyKey = `draft ${(keys += 1)}`;
    const sendAt = later();
    const { id } = await send(draft, { idempotencyKey, sendAt });
    expect(await send(draft, { idempotencyKey, sendAt })).toMatchObject({ id });
    const other = await write();
    await refuses(post(other.id, { idempotencyKey, sendAt }), 409, 'IDEMPOTENCY_CONFLICT');
    expect((await read(ada, other).expect(200)).body.data).toEqual(other);
  });

  it('rejects saving an older version of a sent draft', async () => {
    for (let round = 0; round < 5; round += 1) {
      const draft = await write();
      const [saved, sent] = await Promise.all([
        app.as(ada).put(`/drafts/${draft.id}`, { version: 1, subject: 'Saved' }),
        post(draft.id),
      ]);
      expect(sent.status).toBe(202);
      expect([200, 409]).toContain(saved.status);
      if (saved.status === 409) expect(saved.body.error.details).toMatchObject({ submission: sent.body.data.id });
      await cancel(sent.body.data);
      const { body } = await read(ada, draft).expect(200);
      expect(body.data.subject).toBe(saved.status === 200 ? 'Saved' : 'Hello');
    }
  });
});

describe('sending a draft inside a transaction of the caller', () => {
  it('restores the draft on rollback', async () => {
    const draft = await write();
    const input = { ...letter(), actor: actorOf(ada), draft: draft.id };
    for (const differs of [{}, { idempotencyKey: `draft ${(keys += 1)}` }])
      await expect(
        app.strapi.db.transaction(async () => {
          await app.service('submissions').submit({ ...input, ...differs });
          throw new Error('no');
        })
      ).rejects.toThrow('no');
    expect((await read(ada, draft).expect(200)).body.data).toEqual(draft);
  });

  it('keeps the transaction usable after a refusal', async () => {
    const draft = await write();
    const first = await send(draft);
    const input = { ...letter(), actor: actorOf(ada), idempotencyKey: `draft ${(keys += 1)}` };
    const id = await app.strapi.db.transaction(async () => {
      await expect(app.service('submissions').submit({ ...input, draft: draft.id })).rejects.toMatchObject({
        details: { code: 'INVALID_STATE', submission: first.id },
      });
      return (await app.service('submissions').submit(input)).id;
    });
    expect(await app.service('submissions').get(id as string, { actor: actorOf(ada) })).toMatchObject({
      state: 'queued',
    });
  });
});

describe('the draft of a canceled submission', () => {
  it('is restored with all its content', async () => {
    const draft = await write();
    const sent = await send(draft);
    expect(sent.draft).toBeNull();
    expect(await cancel(sent)).toMatchObject({ state: 'canceled', draft: draft.id });
    const { body } = await read(ada, draft).expect(200);
    expect(body.data).toEqual({ ...draft, version: 2, updatedAt: expect.any(String) });
    expect(Date.parse(body.data.updatedAt)).toBeGreaterThanOrEqual(Date.parse(draft.updatedAt));
    expect(await idsOf()).toContain(draft.id);
    expect(await cancel(sent)).toMatchObject({ state: 'canceled', draft: draft.id });
    expect((await read(ada, draft).expect(200)).body.data.version).toBe(2);
  });

  it('is named to its author only, and only while it exists', async () => {
    const draft = await write();
    const sent = await send(draft);
    expect((await cancel(sent, keeper)).draft).toBeNull();
    const seen = async (person: Person): Promise<Submission[]> => {
      const one = (await app.as(person).get(`/submissions/${sent.id}`).expect(200)).body.data;
      const list = (await app.as(person).get('/submissions?state=canceled&pageSize=100').expect(200)).body.data;
      const { recent } = (await app.as(person).get('/overview').expect(200)).body.data;
      return [one, ...[...list, ...recent].filter(({ id }: Submission) => id === sent.id)];
    };
    for (const { draft: named } of await seen(keeper)) expect(named).toBeNull();
    const mine = await seen(ada);
    expect(mine.length).toBeGreaterThan(1);
    for (const { draft: named } of mine) expect(named).toBe(draft.id);
    const again = await send(draft);
    for (const { draft: named } of await seen(ada)) expect(named).toBeNull();
    await cancel(again);
    await app.as(ada).delete(`/drafts/${draft.id}`).expect(204);
    for (const { draft: named } of await seen(ada)) expect(named).toBeNull();
  });

  it.each<[RecipientState[], PutState, string | null]>([
    [['pending', 'deferred'], 'queued', 'back'],
    [['pending'], 'claimed', 'back'],
    [['rejected', 'deferred'], 'queued', 'back'],
    [['accepted', 'deferred'], 'queued', null],
  ])('is restored unless a recipient was accepted: %j, %s', async (recipients, state, back) => {
    const draft = await write();
    const sent = await send(draft, { to: recipients.map((_, n) => `reader-${n}@news.example`) });
    await put(app, sent.id, state, recipients);
    expect((await cancel(sent)).draft).toBe(back && draft.id);
    await (back ? read(ada, draft).expect(200) : refuses(read(ada, draft), 404, 'NOT_FOUND'));
  });

  it('is restored when its mailbox is deleted', async () => {
    const { id: box } = await app
      .service('mailboxes')
      .create({ email: 'gone@club.example', name: 'Gone' }, { actor: OPERATOR });
    const drafts = await Promise.all([write(), write()]);
    for (const draft of drafts) await send(draft, { from: `mailbox:${box}` });
    await app.service('mailboxes').delete(box, { actor: OPERATOR, cancelUnfinished: true });
    for (const draft of drafts) expect((await read(ada, draft).expect(200)).body.data.version).toBe(2);
  });

  it('is restored or sent, never both, in a race with the point of no return', async () => {
    for (let round = 0; round < 5; round += 1) {
      const draft = await write();
      const sent = await send(draft);
      await put(app, sent.id, 'claimed');
      const held = { id: sent.id, leaseToken: `lease-of-${sent.id}`, claim: 1 };
      const [[passage], { status }] = await Promise.all([
        anotherProcess(app).outbox.beginTransmission([held], 60_000),
        app.as(ada).post(`/submissions/${sent.id}/cancel`),
      ]);
      expect([passage, status]).toEqual(status === 200 ? ['lost', 200] : ['go', 409]);
      expect(await linkOf(draft)).toBe(status === 200 ? null : sent.id);
    }
  });

  it('is restored once by two concurrent cancels', async () => {
    const draft = await write();
    const sent = await send(draft);
    await Promise.all([
      cancel(sent),
      cancel(sent, keeper),
      anotherProcess(app).cancel(sent.id, { actor: actorOf(ada) }),
    ]);
    expect((await read(ada, draft).expect(200)).body.data.version).toBe(2);
  });
});

describe('the deletion of sent drafts', () => {
  it('deletes a sent draft according to the state of its submission', async () => {
    const longAgo = Date.now() - 8 * 24 * 3_600_000;
    const made = async (state: PutState, settledAt = Date.now()): Promise<Draft> => {
      const draft = await write();
      const { id } = await send(draft);
      await put(app, id, state);
      await app.strapi.db.connection(TABLES.submissions).where({ id }).update({ settled_at: settledAt });
      return draft;
    };
    const gone = [await made('submitted'), await made('failed', longAgo)];
    const kept = [];
    for (const state of ['held', 'queued', 'claimed', 'transmitting', 'uncertain', 'failed'] as const)
      kept.push(await made(state));
    const unsent = await write();
    await Promise.all([reap(), reap()]);
    for (const draft of gone) expect(await linkOf(draft)).toBeUndefined();
    for (const draft of kept) expect(await linkOf(draft)).toEqual(expect.any(String));
    expect((await read(ada, unsent).expect(200)).body.data).toEqual(unsent);
    const chunks: { draft: string }[] = await app.strapi.db.connection(TABLES.draftChunks).select('draft');
    for (const { id } of gone) expect(chunks.map(({ draft }) => draft)).not.toContain(id);
    for (const { id } of kept) expect(chunks.map(({ draft }) => draft)).toContain(id);
  });
});

it('adds one statement for a draft', async () => {
  const costOf = async (differs: Body): Promise<number> => {
    const input = { ...letter(), actor: actorOf(ada), ...differs };
    return (await statementsOf(app.strapi, () => app.service('submissions').submit(input))).length;
  };
  const { id: draft } = await write();
  await costOf({});
  expect((await costOf({ draft })) - (await costOf({}))).toBe(1);
});
