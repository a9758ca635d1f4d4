import type { Submission, TimelineEntry } from '../../server/src/contracts/answers';
import { TABLES } from '../../server/src/database/tables';
import { refuses } from '../support/answers';
import { peopleOfLog, submittedAs, type PutState } from '../support/states';
import { bootToAccept } from '../support/outbox';
import { seedsOf } from '../support/site';
import { OPERATOR, actorOf, type App, type Person } from '../support/strapi';

/* Moves a scheduled submission to another time until it is due. */

type Body = Record<string, unknown>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let app: App, ada: Person, ben: Person, reader: Person, keeper: Person;

beforeAll(async () => {
  app = await bootToAccept({ delivery: { maxAgeHours: 2 } });
  ({ ada, ben, reader, keeper } = await peopleOfLog(app));
});

afterAll(() => app.stop());

const inState = (state: PutState, differs: Body = {}): Promise<string> =>
  submittedAs(app, actorOf(ada), state, { to: ['reader@reader.example'], ...differs });
const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
const move = (id: string, sendAt: unknown, who: Person = ada) =>
  app.as(who).post(`/submissions/${id}/reschedule`, { sendAt });
const moved = async (id: string, sendAt: string, who: Person = ada): Promise<Submission> =>
  (await move(id, sendAt, who).expect(200)).body.data;
const rowOf = async (id: string): Promise<Body> =>
  ((await app.strapi.db.connection(TABLES.submissions).where({ id }).select('*')) as Body[])[0] ?? {};
const momentsOf = async (id: string) => {
  const { send_at, due_at, next_attempt_at, expires_at } = await rowOf(id);
  return [send_at, due_at, next_attempt_at, expires_at].map(Number);
};
const deedsOf = async (id: string): Promise<TimelineEntry[]> =>
  (await app.as(ada).get(`/submissions/${id}/timeline`).expect(200)).body.data.filter(
    ({ kind }: TimelineEntry) => kind === 'rescheduled'
  );

describe('rescheduling', () => {
  it('moves the due time and the age', async () => {
    const id = await inState('held');
    for (const ms of [3 * DAY, 2 * HOUR]) {
      const sendAt = at(ms);
      expect(await moved(id, sendAt)).toMatchObject({ id, state: 'held', sendAt, nextAttemptAt: sendAt });
      const due = Date.parse(sendAt);
      expect(await momentsOf(id)).toEqual([due, due, due, due + 2 * HOUR]);
    }
  });

  it('treats a time in the last 5 minutes as now', async () => {
    const id = await inState('held');
    const sendAt = at(-4 * 60_000);
    const before = Date.now();
    expect(await moved(id, sendAt)).toMatchObject({ sendAt });
    const [, due = 0, next, expires] = await momentsOf(id);
    expect(due).toBeGreaterThanOrEqual(before - 1000);
    expect([next, expires]).toEqual([due, due + 2 * HOUR]);
  });

  it.each<[string, unknown]>([
    ['longer ago', at(-6 * 60_000)],
    ['more than 366 days ahead', at(367 * DAY)],
    ['without a zone', '2030-01-15T12:30:00'],
    ['that does not exist', '2030-02-30T12:30:00Z'],
    ['that is a number', Date.now() + DAY],
    ['that is missing', undefined],
    ['that is null', null],
  ])('rejects a time %s', async (_, sendAt) => {
    const id = await inState('held');
    const before = await rowOf(id);
    await refuses(move(id, sendAt), 400, 'INVALID_INPUT', 'sendAt');
    expect(await rowOf(id)).toEqual(before);
  });

  it('rejects an unknown key', async () => {
    const id = await inState('held');
    const body = { sendAt: at(DAY), undoSeconds: 1 };
    await refuses(app.as(ada).post(`/submissions/${id}/reschedule`, body), 400, 'UNKNOWN_FIELD', 'undoSeconds');
  });

  it.each<PutState>(['queued', 'claimed', 'transmitting', 'submitted', 'failed', 'uncertain', 'canceled'])(
    'of one that is %s is refused',
    async (state) => {
      const id = await inState(state);
      const before = await rowOf(id);
      const { status, body } = await move(id, at(DAY));
      const shown = state === 'claimed' || state === 'transmitting' ? 'submitting' : state;
      expect({ status, details: body.error.details }).toEqual({
        status: 409,
        details: { code: 'INVALID_STATE', state: shown },
      });
      expect(await rowOf(id)).toEqual(before);
    }
  );

  it.each<[string, unknown]>([
    ['is unknown', 'Mars/Olympus_Mons'],
    ['is an offset', '+09:00'],
    ['is empty', ''],
    ['is very long', `Asia/${'o'.repeat(60)}`],
    ['is a number', 9],
    ['is null', null],
  ])('rejects a zone that %s', async (_, sendZone) => {
    const id = await inState('held');
    const before = await rowOf(id);
    const body = { sendAt: at(DAY), sendZone };
    await refuses(app.as(ada).post(`/submissions/${id}/reschedule`, body), 400, 'INVALID_INPUT', 'sendZone');
    expect(await rowOf(id)).toEqual(before);
  });

  it('keeps the zone of the submission unless it names another', async () => {
    const id = await inState('held', { sendZone: 'Asia/Tokyo' });
    expect(await moved(id, at(2 * DAY))).toMatchObject({ sendZone: 'Asia/Tokyo' });
    const body = { sendAt: at(3 * DAY), sendZone: 'Europe/Berlin' };
    const answer = await app.as(ada).post(`/submissions/${id}/reschedule`, body).expect(200);
    expect(answer.body.data).toMatchObject({ sendZone: 'Europe/Berlin' });
    expect(await moved(await inState('held'), at(2 * DAY))).toMatchObject({ sendZone: null });
  });

  it('moves the draft, so that a cancel restores it with the new time and zone', async () => {
    // More than one chunk, with a character that spans two chunks.
    const html = `<p>${'ü'.repeat(300_000)}</p>`;
    const typed = { subject: 'For later', html, sendAt: '2026-11-29T09:30[Asia/Tokyo]', sendZone: 'Asia/Tokyo' };
    const { body: created } = await app.as(ada).post('/drafts', typed).expect(201);
    const id = await inState('held', { draft: created.data.id, sendZone: 'Asia/Tokyo' });
    const sendAt = at(2 * DAY);
    await app.as(ada).post(`/submissions/${id}/reschedule`, { sendAt, sendZone: 'Pacific/Auckland' }).expect(200);
    await app.as(ada).post(`/submissions/${id}/cancel`).expect(200);
    const { body: back } = await app.as(ada).get(`/drafts/${created.data.id}`).expect(200);
    expect(back.data).toMatchObject({ subject: 'For later', html, sendAt, sendZone: 'Pacific/Auckland' });
    const [{ size_bytes: size } = { size_bytes: 0 }]: { size_bytes: number }[] = await app.strapi.db
      .connection(TABLES.drafts)
      .where({ id: created.data.id })
      .select('size_bytes');
    expect(Number(size)).toBe(
      Buffer.byteLength(JSON.stringify({ subject: 'For later', html, sendAt, sendZone: 'Pacific/Auckland' }))
    );
  });

  it('rejects a submission that is held for the undo window only', async () => {
    const id = await inState('held', { sendAt: undefined, undoSeconds: 120 });
    await refuses(move(id, at(DAY)), 409, 'INVALID_STATE');
  });

  it('is allowed only for the author and for `log.manage` in the tenant, and recorded in the timeline', async () => {
    const id = await inState('held');
    const before = await rowOf(id);
    await refuses(move(id, at(DAY), ben), 404, 'NOT_FOUND');
    await refuses(move(id, at(DAY), reader), 403, 'FORBIDDEN');
    expect(await rowOf(id)).toEqual(before);
    const sendAt = at(2 * DAY);
    await moved(id, sendAt, keeper);
    expect(await deedsOf(id)).toEqual([
      { kind: 'rescheduled', at: expect.any(String), by: actorOf(keeper), name: 'Kim Keeper', sendAt },
    ]);
    const [entry]: { details: string }[] = await app.strapi.db
      .connection(TABLES.audit)
      .where({ object: id, action: 'submission.rescheduled' })
      .select('details');
    expect(JSON.parse(entry?.details ?? '')).toEqual({
      from: new Date(Number(before.send_at)).toISOString(),
      to: sendAt,
    });
  });

  it('checks the author’s present grants, also for a request of `log.manage`', async () => {
    const { id: box } = await seedsOf(app).mailbox('default');
    const id = await inState('held', { from: `mailbox:${box}` });
    await app.service('mailboxes').update(box, { enabled: false }, { actor: OPERATOR });
    for (const who of [ada, keeper]) await refuses(move(id, at(DAY), who), 409, 'MAILBOX_DISABLED');
  });

  it('serializes two concurrent reschedules; both successes take effect', async () => {
    const id = await inState('held');
    const days = [2, 3, 4, 5].map((n) => at(n * DAY));
    const answers = await Promise.all(days.map((day) => move(id, day)));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    const won = days.filter((_, n) => answers[n]?.status === 200);
    expect((await deedsOf(id)).map((deed) => 'sendAt' in deed && deed.sendAt).sort()).toEqual([...won].sort());
    expect(won).toContain(new Date(Number((await rowOf(id)).send_at)).toISOString());
  });
});

describe('rescheduling during delivery', () => {
  const claim = () => app.service('submissions').outbox.claim(10, 60_000);

  it('succeeds or is sent, never both', async () => {
    for (let round = 0; round < 8; round += 1) {
      const id = await inState('held');
      await app.strapi.db
        .connection(TABLES.submissions)
        .where({ id })
        .update({ next_attempt_at: Date.now() - 1000 });
      const [{ jobs }, { status }] = await Promise.all([claim(), move(id, at(DAY))]);
      const claimed = jobs.some((job) => job.id === id);
      expect([claimed, status]).toEqual(status === 200 ? [false, 200] : [claimed, 409]);
      const { state } = await app.service('submissions').get(id, { actor: actorOf(ada) });
      expect(state).toBe(status === 200 ? 'held' : claimed ? 'submitting' : 'queued');
      await app.strapi.db.connection(TABLES.submissions).where({ id }).update({ state: 'canceled' });
    }
  });

  it('allows the claim after a move to now, not to a later day', async () => {
    const [soon, later] = [await inState('held'), await inState('held')];
    await moved(soon, at(-1000));
    await moved(later, at(DAY));
    const { jobs } = await claim();
    expect(jobs.map(({ id }) => id)).toContain(soon);
    expect(jobs.map(({ id }) => id)).not.toContain(later);
  });
});
