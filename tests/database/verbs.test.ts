import type { RecipientState, SubmissionState } from '../../server/src/domain/submission';
import { bootToAccept } from '../support/outbox';
import { OPERATOR, actorOf, KEEPER, type App, type Person } from '../support/strapi';
import { peopleOfLog, submittedAs, type PutState } from '../support/states';
import { refuses } from '../support/answers';
import type { TimelineEntry } from '../../server/src/contracts/answers';

type Verb = 'cancel' | 'retry' | 'settle';
type Body = Record<string, unknown>;

let app: App, ada: Person, ben: Person, reader: Person, keeper: Person;
/** Has `log.manage` in another tenant. */
let foreignKeeper: Person;

beforeAll(async () => {
  app = await bootToAccept({ delivery: { maxAgeHours: 2 } });
  ({ ada, ben, reader, keeper } = await peopleOfLog(app));
  const home = await app.service('tenants').findOne('default', { actor: OPERATOR });
  foreignKeeper = await app.person({ actions: KEEPER });
  await app
    .service('tenants')
    .create({ name: 'Foreign', members: { users: [foreignKeeper.id], roles: [] } }, { actor: OPERATOR });
  await app
    .service('tenants')
    .update(
      home?.id ?? '',
      { members: { users: [ada.id, ben.id, reader.id, keeper.id], roles: [] } },
      { actor: OPERATOR }
    );
});

afterAll(() => app.stop());

const inState = (state: PutState, recipients: RecipientState[] = [], differs: Body = {}): Promise<string> =>
  submittedAs(app, actorOf(ada), state, {
    to: recipients.length > 0 ? recipients.map((_, n) => `reader-${n}@reader.example`) : ['reader@reader.example'],
    recipients,
    ...differs,
  });
const ask = (verb: Verb, id: string, who: Person = ada, as = 'failed') =>
  app.as(who).post(`/submissions/${id}/${verb}`, verb === 'settle' ? { as } : undefined);
const read = (id: string) => app.service('submissions').get(id, { actor: actorOf(ada) });
const rowOf = async (id: string): Promise<Body> =>
  ((await app.strapi.db.connection('mailboxes_submissions').where({ id }).select('*')) as Body[])[0] ?? {};
const timelineOf = async (id: string): Promise<TimelineEntry[]> =>
  (await app.as(ada).get(`/submissions/${id}/timeline`).expect(200)).body.data;
const statesOf = async (id: string): Promise<RecipientState[]> => (await read(id)).recipients.map(({ state }) => state);

const STATES: PutState[] = [
  'held',
  'queued',
  'claimed',
  'transmitting',
  'submitted',
  'failed',
  'uncertain',
  'canceled',
];

/** Result of each verb in each state: the new state, or the refusal. */
const TABLE: Record<Verb, Record<PutState, SubmissionState | 'CANNOT_UNSEND' | 'INVALID_STATE'>> = {
  cancel: {
    held: 'canceled',
    queued: 'canceled',
    claimed: 'canceled',
    transmitting: 'CANNOT_UNSEND',
    submitted: 'CANNOT_UNSEND',
    failed: 'CANNOT_UNSEND',
    uncertain: 'CANNOT_UNSEND',
    canceled: 'canceled',
  },
  retry: {
    held: 'INVALID_STATE',
    queued: 'INVALID_STATE',
    claimed: 'INVALID_STATE',
    transmitting: 'INVALID_STATE',
    submitted: 'INVALID_STATE',
    failed: 'queued',
    uncertain: 'queued',
    canceled: 'INVALID_STATE',
  },
  settle: {
    held: 'INVALID_STATE',
    queued: 'INVALID_STATE',
    claimed: 'INVALID_STATE',
    transmitting: 'INVALID_STATE',
    submitted: 'INVALID_STATE',
    failed: 'INVALID_STATE',
    uncertain: 'failed',
    canceled: 'INVALID_STATE',
  },
};

describe.each(Object.keys(TABLE) as Verb[])('%s', (verb) => {
  it.each(STATES.map((state) => [state, TABLE[verb][state]] as const))(
    'of one that is %s: %s',
    async (state, expected) => {
      const id = await inState(state);
      const before = await rowOf(id);
      if (expected === 'CANNOT_UNSEND' || expected === 'INVALID_STATE') {
        await refuses(ask(verb, id), 409, expected);
        expect(await rowOf(id)).toEqual(before);
      } else {
        const { body } = await ask(verb, id).expect(200);
        expect(body.data).toMatchObject({ id, state: expected });
        expect(body.data).toEqual(await read(id));
      }
    }
  );

  it('is allowed only for the author and for `log.manage` in the tenant', async () => {
    const state: PutState = verb === 'cancel' ? 'queued' : 'uncertain';
    const id = await inState(state);
    await refuses(ask(verb, id, ben), 404, 'NOT_FOUND');
    await refuses(ask(verb, id, foreignKeeper), 404, 'NOT_FOUND');
    await refuses(ask(verb, id, reader), 403, 'FORBIDDEN');
    await refuses(ask(verb, 'nosuchsubmission'), 404, 'NOT_FOUND');
    expect(await read(id)).toMatchObject({ state });
    await ask(verb, id, keeper).expect(200);
    const kind = { cancel: 'canceled', retry: 'retried', settle: 'settled' }[verb];
    expect(await timelineOf(id)).toContainEqual(
      expect.objectContaining({
        kind,
        by: actorOf(keeper),
        name: 'Kim Keeper',
        ...(verb === 'settle' ? { as: 'failed' } : {}),
      })
    );
  });

  it.each<[string, Body]>([
    ['an unknown key', { state: 'submitted' }],
    ['another actor', { actor: { type: 'system', name: 'operator' } }],
  ])('rejects a body with %s', async (_, body) => {
    const id = await inState('uncertain');
    await refuses(app.as(ada).post(`/submissions/${id}/${verb}`, { as: 'failed', ...body }), 400, 'UNKNOWN_FIELD');
  });

  it('takes effect once for two concurrent requests', async () => {
    const id = await inState(verb === 'cancel' ? 'queued' : 'uncertain');
    const answers = await Promise.all([ask(verb, id), ask(verb, id, keeper)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(verb === 'cancel' ? [200, 200] : [200, 409]);
    const deeds = (await timelineOf(id)).filter(({ kind }) => kind !== 'accepted' && kind !== 'attempt');
    expect(deeds).toHaveLength(1);
  });
});

describe('cancel', () => {
  it.each<[SubmissionState, RecipientState[], RecipientState[]]>([
    ['canceled', ['pending', 'deferred'], ['canceled', 'canceled']],
    ['submitted', ['accepted', 'deferred'], ['accepted', 'canceled']],
    ['failed', ['rejected', 'deferred'], ['rejected', 'canceled']],
  ])('ends as %s from recipients %j', async (state, before, after) => {
    const id = await inState('queued', before);
    expect((await ask('cancel', id).expect(200)).body.data).toMatchObject({ state, nextAttemptAt: null });
    expect(await statesOf(id)).toEqual(after);
    expect((await read(id)).error?.code ?? null).toBe(state === 'failed' ? 'RECIPIENTS_REJECTED' : null);
  });

  it('succeeds again for a partly canceled submission', async () => {
    const id = await inState('queued', ['accepted', 'deferred']);
    await ask('cancel', id).expect(200);
    expect((await ask('cancel', id).expect(200)).body.data).toMatchObject({ state: 'submitted' });
  });

  it('revokes the lease of a claimed submission before the point of no return', async () => {
    const id = await inState('claimed');
    const held = { id, leaseToken: `lease-of-${id}`, claim: 1 };
    await ask('cancel', id).expect(200);
    expect(await app.service('submissions').outbox.beginTransmission([held], 60_000)).toEqual(['lost']);
    expect(await read(id)).toMatchObject({ state: 'canceled' });
    expect(await timelineOf(id)).toContainEqual(expect.objectContaining({ kind: 'attempt', result: 'canceled' }));
  });

  it('races with the point of no return: exactly one succeeds', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await inState('claimed');
      const held = { id, leaseToken: `lease-of-${id}`, claim: 1 };
      const [passages, { status }] = await Promise.all([
        app.service('submissions').outbox.beginTransmission([held], 60_000),
        ask('cancel', id),
      ]);
      expect([...passages, status]).toEqual(status === 200 ? ['lost', 200] : ['go', 409]);
      expect((await read(id)).state).toBe(status === 200 ? 'canceled' : 'submitting');
    }
  });
});

describe('retry', () => {
  it.each<[PutState, RecipientState[], RecipientState[]]>([
    ['failed', ['rejected', 'expired', 'canceled'], ['pending', 'pending', 'canceled']],
    ['uncertain', ['uncertain', 'accepted', 'rejected', 'deferred'], ['pending', 'accepted', 'rejected', 'deferred']],
    ['submitted', ['accepted', 'rejected'], ['accepted', 'pending']],
  ])('requeues a submission that is %s, with recipients %j', async (state, before, after) => {
    const id = await inState(state, before);
    await ask('retry', id).expect(200);
    expect(await statesOf(id)).toEqual(after);
    expect(await read(id)).toMatchObject({ state: 'queued', error: null, settledAt: null });
  });

  it('keeps Message-ID and bytes, and restarts the age', async () => {
    const id = await inState('failed');
    const chunks = () => app.strapi.db.connection('mailboxes_message_chunks').orderBy('message').select('*');
    await app.strapi.db.connection('mailboxes_submissions').where({ id }).update({ due_at: 1, expires_at: 2 });
    const before = { row: await rowOf(id), bytes: await chunks(), messageId: (await read(id)).messageId };
    await ask('retry', id).expect(200);
    const row = await rowOf(id);
    expect({ bytes: await chunks(), messageId: (await read(id)).messageId, message: row.message }).toEqual({
      bytes: before.bytes,
      messageId: before.messageId,
      message: before.row.message,
    });
    expect(Number(row.expires_at) - Number(row.due_at)).toBe(2 * 3_600_000);
    expect(Math.abs(Number(row.due_at) - Date.now())).toBeLessThan(60_000);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    [
      'of which no text was ever stored',
      (id) => app.strapi.db.connection('mailboxes_submissions').where({ id }).update({ direct: true }),
    ],
    [
      'whose text was deleted since',
      async (id) =>
        app.strapi.db
          .connection('mailboxes_message_chunks')
          .where({ message: (await rowOf(id)).message as string })
          .delete(),
    ],
  ])('rejects a submission %s', async (_, prepare) => {
    const id = await inState('failed');
    await prepare(id);
    await refuses(ask('retry', id), 409, 'INVALID_STATE');
    expect(await read(id)).toMatchObject({ state: 'failed' });
  });

  const mailbox = (differs: Body = {}) =>
    app
      .service('mailboxes')
      .create({ email: `box-${(counter += 1)}@club.example`, name: 'Box', ...differs }, { actor: OPERATOR });
  let counter = 0;

  type Prepared = [differs: Body, change: () => Promise<unknown>];
  /** The address is a mailbox, which is changed after the submission. */
  const changing =
    (change: Body, address: 'from' | 'replyTo' = 'from') =>
    async (): Promise<Prepared> => {
      const { id } = await mailbox();
      const update = () => app.service('mailboxes').update(id, change, { actor: OPERATOR });
      return [{ from: 'system', [address]: `mailbox:${id}` }, update];
    };

  it.each<[string, number, string, () => Promise<Prepared>]>([
    ['a mailbox that was switched off', 409, 'MAILBOX_DISABLED', changing({ enabled: false })],
    [
      'a grant that was taken back',
      403,
      'FORBIDDEN_FROM',
      async () => {
        const { id } = await mailbox({ restricted: true });
        const grant = await app.service('grants').create({ mailbox: id, user: ada.id }, { actor: OPERATOR });
        return [{ from: `mailbox:${id}` }, () => app.service('grants').delete(grant.id, { actor: OPERATOR })];
      },
    ],
    ['an address that changed', 409, 'SENDER_CHANGED', changing({ email: 'changed@club.example' })],
    ['a reply address that is gone', 403, 'FORBIDDEN_REPLY_TO', changing({ reply: false }, 'replyTo')],
  ])('checks the author’s present grants, also for a request of `log.manage`: %s', async (_, status, code, prepare) => {
    const [differs, change] = await prepare();
    const id = await inState('failed', [], differs);
    await change();
    for (const who of [ada, keeper]) await refuses(ask('retry', id, who), status, code);
    expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'RECIPIENTS_REJECTED' } });
  });
});

describe('settle', () => {
  it.each<['submitted' | 'failed', SubmissionState, RecipientState[], RecipientState[], string | null]>([
    ['submitted', 'submitted', ['uncertain'], ['accepted'], null],
    ['failed', 'failed', ['uncertain'], ['rejected'], 'UNCERTAIN'],
    ['failed', 'submitted', ['uncertain', 'accepted'], ['rejected', 'accepted'], null],
    ['submitted', 'submitted', ['uncertain', 'rejected'], ['accepted', 'rejected'], null],
    ['submitted', 'queued', ['uncertain', 'deferred'], ['accepted', 'deferred'], null],
    ['failed', 'queued', ['uncertain', 'deferred'], ['rejected', 'deferred'], null],
  ])('as %s ends as %s from recipients %j', async (as, state, before, after, code) => {
    const id = await inState('uncertain', before);
    expect((await ask('settle', id, ada, as).expect(200)).body.data).toMatchObject({ state });
    expect(await statesOf(id)).toEqual(after);
    expect((await read(id)).error?.code ?? null).toBe(code);
  });

  it.each([undefined, 'canceled', null, 1, ['failed']])('rejects %j', async (as) => {
    const id = await inState('uncertain');
    await refuses(app.as(ada).post(`/submissions/${id}/settle`, { as }), 400, 'INVALID_INPUT', 'as');
    expect(await read(id)).toMatchObject({ state: 'uncertain' });
  });

  it('retries deferred recipients for the rest of their age', async () => {
    const id = await inState('uncertain', ['uncertain', 'deferred']);
    const past = Date.now() - 5 * 3_600_000;
    await app.strapi.db
      .connection('mailboxes_submissions')
      .where({ id })
      .update({ settled_at: past, expires_at: past + 60_000 });
    await ask('settle', id).expect(200);
    expect(Number((await rowOf(id)).expires_at)).toBeGreaterThan(Date.now());
  });
});

describe('events and timeline of an action', () => {
  const eventsOf = async (work: () => Promise<unknown>): Promise<[string, Body][]> => {
    const seen: [string, Body][] = [];
    const names = ['submitted', 'failed', 'canceled'].map((state) => `mailboxes.submission.${state}`);
    const listeners = names.map((name) => {
      const listener = async (payload: Body): Promise<void> => void seen.push([name, payload]);
      app.strapi.eventHub.on(name, listener as never);
      return [name, listener] as const;
    });
    await work();
    for (let look = 0; seen.length === 0 && look < 10_000; look += 1)
      await new Promise((resolve) => setImmediate(resolve));
    for (const [name, listener] of listeners) app.strapi.eventHub.off(name, listener as never);
    return seen;
  };

  it.each<[Verb, PutState, string, string]>([
    ['cancel', 'queued', 'failed', 'canceled'],
    ['settle', 'uncertain', 'submitted', 'submitted'],
    ['settle', 'uncertain', 'failed', 'failed'],
  ])('%s of a submission that is %s, as %s, emits %s', async (verb, from, as, event) => {
    const id = await inState(from);
    const events = await eventsOf(() => ask(verb, id, ada, as).expect(200));
    expect(events).toMatchObject([[`mailboxes.submission.${event}`, { id, state: event }]]);
    expect(await app.service('submissions').whenSettled(id, { actor: actorOf(ada) })).toMatchObject({ state: event });
  });

  it('resolves whenSettled on a cancel', async () => {
    const id = await inState('queued');
    const waited = app.service('submissions').whenSettled(id, { actor: actorOf(ada), timeoutMs: 20_000 });
    await ask('cancel', id).expect(200);
    expect(await waited).toMatchObject({ state: 'canceled' });
  });

  it('shows a timeline, oldest first, to viewers of the submission', async () => {
    const id = await inState('failed');
    await ask('retry', id, keeper).expect(200);
    await ask('cancel', id).expect(200);
    const entries = await timelineOf(id);
    expect(entries.map(({ kind }) => kind)).toEqual(['accepted', 'attempt', 'retried', 'canceled']);
    expect(entries[1]).toMatchObject({ claim: 1, result: 'failed', late: false });
    expect(entries[3]).toMatchObject({ by: actorOf(ada), name: 'Ada Archer' });
    await app.as(reader).get(`/submissions/${id}/timeline`).expect(200);
    for (const who of [ben, foreignKeeper])
      await refuses(app.as(who).get(`/submissions/${id}/timeline`), 404, 'NOT_FOUND');
  });

  it('names the administrator who deleted a mailbox with its queued submissions', async () => {
    const { id: box } = await app
      .service('mailboxes')
      .create({ email: 'gone@club.example', name: 'Gone' }, { actor: OPERATOR });
    const ids = await Promise.all(
      ['queued', 'held', 'claimed'].map((state) => inState(state as PutState, [], { from: `mailbox:${box}` }))
    );
    await app.service('mailboxes').delete(box, { actor: OPERATOR, cancelUnfinished: true });
    for (const id of ids) {
      expect(await read(id)).toMatchObject({ state: 'canceled' });
      expect((await timelineOf(id)).at(-1)).toMatchObject({ kind: 'canceled', by: OPERATOR, name: null });
    }
  });
});
