import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import {
  bootForDelivery,
  mailboxAt,
  pausedCode,
  recipientsOf,
  ROBOT,
  settled,
  submit,
  tried,
  bootToAccept,
} from '../support/outbox';
import { OPERATOR, type App } from '../support/strapi';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ADA = 'ada@reader.example';
const BEN = 'ben@reader.example';

interface Row {
  next_attempt_at: unknown;
  due_at: unknown;
  expires_at: unknown;
}

/** Delivery §2 and §4: which submissions are retried, when, and when they expire. */
describe('a submission that could not be handed over', () => {
  let app: App, server: ScriptedServer;
  let mailbox: string;
  let events: { event: string; id: unknown; code: unknown }[];

  beforeAll(async () => {
    app = await bootForDelivery();
    app.strapi.eventHub.subscribe(async (event: string, payload: Record<string, unknown>) => {
      if (event.startsWith('mailboxes.')) events.push({ event, id: payload.id, code: payload.code ?? null });
    });
  });

  beforeEach(async () => {
    events = [];
    server = await startScriptedServer();
    mailbox = await mailboxAt(app, server.port);
  });

  afterEach(async () => {
    await app.service('mailboxes').delete(mailbox, { actor: OPERATOR, cancelUnfinished: true });
    await server.close();
  });

  afterAll(() => app.stop());

  const knex = () => app.strapi.db.connection;
  const read = (id: string) => app.service('submissions').get(id, { actor: ROBOT });
  const rowOf = async (id: string) => {
    const [row] = (await knex()('mailboxes_submissions').where({ id }).select('*')) as Row[];
    if (!row) throw new Error('there is no such submission');
    const { next_attempt_at, due_at, expires_at } = row;
    return { next: Number(next_attempt_at), due: Number(due_at), expires: Number(expires_at) };
  };
  /** Moves the times of a submission into the past by `ms`. */
  const age = async (id: string, ms: number): Promise<void> => {
    const { next, due, expires } = await rowOf(id);
    await knex()('mailboxes_submissions')
      .where({ id })
      .update({ next_attempt_at: next - ms, due_at: due - ms, expires_at: expires - ms });
  };
  const work = () => app.service('submissions').outbox.reap();
  const wake = async (id: string): Promise<void> => {
    await knex()('mailboxes_submissions').where({ id, state: 'queued' }).update({ next_attempt_at: 0 });
    // Any accepted submission makes delivery check the queue.
    await settled(app, await submit(app, `mailbox:${mailbox}`, { to: ['cat@reader.example'] }));
  };

  it('waits longer after each attempt, and keeps its Message-ID', async () => {
    const replies = ['450 4.2.0 Later', '450 4.2.0 Later'];
    server.play({ on: ({ stage, arg }) => (stage === 'rcpt' && arg === ADA ? replies.shift() : undefined) });
    const first = await tried(app, `mailbox:${mailbox}`);
    expect(first).toMatchObject({ state: 'queued', attempts: 1, error: null });
    expect(recipientsOf(first)).toEqual({ [ADA]: ['deferred', '450 4.2.0 Later'] });
    const waits = [(await rowOf(first.id)).next - Date.now()];
    await wake(first.id);
    while ((await read(first.id)).attempts < 2) await new Promise((resolve) => setImmediate(resolve));
    waits.push((await rowOf(first.id)).next - Date.now());
    expect(waits[0]).toBeGreaterThan(0.7 * MINUTE_MS);
    expect(waits[0]).toBeLessThan(1.2 * MINUTE_MS);
    expect(waits[1]).toBeGreaterThan(3.9 * MINUTE_MS);
    expect(waits[1]).toBeLessThan(6 * MINUTE_MS);
    await wake(first.id);
    expect(await settled(app, first)).toMatchObject({ state: 'submitted', attempts: 3, messageId: first.messageId });
  });

  it('waits as after its first attempt when a user retried it', async () => {
    const replies = ['450 4.2.0 Later', '450 4.2.0 Later', '550 5.1.1 No', '450 4.2.0 Later'];
    server.play({ on: ({ stage, arg }) => (stage === 'rcpt' && arg === ADA ? replies.shift() : undefined) });
    const first = await tried(app, `mailbox:${mailbox}`);
    while (replies.length > 1) await wake(first.id);
    expect(await settled(app, first)).toMatchObject({ state: 'failed', attempts: 3 });
    await app.service('submissions').retry(first.id, { actor: ROBOT });
    while ((await read(first.id)).attempts < 4) await new Promise((resolve) => setImmediate(resolve));
    const wait = (await rowOf(first.id)).next - Date.now();
    expect(wait).toBeGreaterThan(0.7 * MINUTE_MS);
    expect(wait).toBeLessThan(1.2 * MINUTE_MS);
  });

  it('names only open recipients in the next attempt', async () => {
    let round = 0;
    server.play({
      on: ({ stage, arg }) => {
        if (stage === 'mail') round += 1;
        return stage === 'rcpt' && arg === BEN && round === 1 ? '450 4.2.0 Greylisted' : undefined;
      },
    });
    const first = await tried(app, `mailbox:${mailbox}`, { to: [ADA, BEN] });
    expect(recipientsOf(first)).toMatchObject({
      [ADA]: ['accepted', expect.anything()],
      [BEN]: ['deferred', expect.anything()],
    });
    await wake(first.id);
    const last = await settled(app, first);
    expect(last).toMatchObject({ state: 'submitted', attempts: 2 });
    const handedOver = server.accepted.filter(({ raw }) => raw.includes(first.messageId));
    expect(handedOver.map(({ envelope }) => envelope.to)).toEqual([[ADA], [BEN]]);
    // The same bytes, To with all of them included.
    expect(new Set(handedOver.map(({ raw }) => raw.toString())).size).toBe(1);
    expect(handedOver[0]?.raw.toString()).toContain(`${ADA}, ${BEN}`);
  });

  it('ends as submitted when its last recipient is refused and others were accepted before', async () => {
    const replies = ['450 4.2.0 Greylisted', '550 5.1.1 No such user'];
    server.play({ on: ({ stage, arg }) => (stage === 'rcpt' && arg === BEN ? replies.shift() : undefined) });
    const first = await tried(app, `mailbox:${mailbox}`, { to: [ADA, BEN] });
    await wake(first.id);
    const last = await settled(app, first);
    expect(last).toMatchObject({ state: 'submitted', error: null });
    expect(recipientsOf(last)).toMatchObject({ [BEN]: ['rejected', '550 5.1.1 No such user'] });
  });

  it('fails with EXPIRED at its maximum age', async () => {
    server.play({ replies: { dot: '451 4.3.0 Later' } });
    const { id } = await tried(app, `mailbox:${mailbox}`);
    await age(id, 23 * 60 * MINUTE_MS);
    expect(await work()).toEqual([]);
    await knex()('mailboxes_submissions')
      .where({ id })
      .update({ expires_at: Date.now() - 1 });
    expect(await work()).toEqual([id]);
    expect(await read(id)).toMatchObject({
      state: 'failed',
      error: { code: 'EXPIRED' },
      recipients: [{ state: 'expired' }],
    });
  });

  it('ends as submitted with EXPIRED when other recipients were accepted', async () => {
    server.play({ on: ({ stage, arg }) => (stage === 'rcpt' && arg === BEN ? '450 4.2.0 Greylisted' : undefined) });
    const { id } = await tried(app, `mailbox:${mailbox}`, { to: [ADA, BEN] });
    await age(id, 2 * DAY_MS);
    expect(await work()).toEqual([id]);
    expect(await read(id)).toMatchObject({ state: 'submitted', error: { code: 'EXPIRED' } });
  });

  it('does not age while its mailbox is paused, and is sent when the mailbox resumes', async () => {
    server.play({ replies: { connect: '554 5.7.1 Not you' } });
    const { id } = await tried(app, `mailbox:${mailbox}`);
    expect(await pausedCode(app, mailbox)).toBe('SERVER_REFUSED');
    const before = await rowOf(id);
    // It has rested for three days, and would have expired after one.
    await age(id, 3 * DAY_MS);
    await knex()('mailboxes_transports')
      .where({ id: mailbox })
      .update({ paused_at: before.due - 3 * DAY_MS });
    expect(await work()).toEqual([]);
    expect(await read(id)).toMatchObject({ state: 'queued', attempts: 0 });
    server.play({});
    await app
      .service('mailboxes')
      .update(
        mailbox,
        { smtp: { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'none' } },
        { actor: OPERATOR }
      );
    // Settings that are saved resume it, changed or not.
    expect(await pausedCode(app, mailbox)).toBeNull();
    expect((await rowOf(id)).expires - Date.now()).toBeGreaterThan(23 * 60 * MINUTE_MS);
    await settled(app, await submit(app, `mailbox:${mailbox}`));
    expect(await settled(app, await read(id))).toMatchObject({ state: 'submitted', attempts: 1 });
    expect(events.filter(({ id: which }) => which === mailbox)).toEqual([
      { event: 'mailboxes.mailbox.paused', id: mailbox, code: 'SERVER_REFUSED' },
      { event: 'mailboxes.mailbox.recovered', id: mailbox, code: null },
    ]);
  });

  it('expires after seven days of waiting for a paused mailbox', async () => {
    server.play({ replies: { connect: '554 5.7.1 Not you' } });
    const { id } = await tried(app, `mailbox:${mailbox}`);
    const { due } = await rowOf(id);
    await age(id, 7 * DAY_MS + MINUTE_MS);
    await knex()('mailboxes_transports')
      .where({ id: mailbox })
      .update({ paused_at: due - 7 * DAY_MS - MINUTE_MS });
    expect(await work()).toEqual([id]);
    expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'EXPIRED' } });
  });

  const fail = async (times: number): Promise<void> => {
    for (let count = 0; count < times; count += 1) await tried(app, `mailbox:${mailbox}`);
  };

  it('opens the circuit of its mailbox for five minutes after the fifth unanswered attempt in a row', async () => {
    server.play({ replies: { connect: { drop: true } } });
    await fail(4);
    expect(await pausedCode(app, mailbox)).toBeNull();
    await fail(1);
    expect(await pausedCode(app, mailbox)).toBe('UNREACHABLE');
    const [row] = (await knex()('mailboxes_transports').where({ id: mailbox }).select('circuit_until')) as {
      circuit_until: unknown;
    }[];
    const left = Number(row?.circuit_until) - Date.now();
    expect(left).toBeGreaterThan(4.5 * MINUTE_MS);
    expect(left).toBeLessThanOrEqual(5 * MINUTE_MS);

    // Five minutes later the circuit is half-open: one submission is attempted, and its success closes it.
    server.play({});
    await knex()('mailboxes_transports')
      .where({ id: mailbox })
      .update({ circuit_until: Date.now() - 1 });
    await work();
    expect(await pausedCode(app, mailbox)).toBeNull();
    expect(await settled(app, await submit(app, `mailbox:${mailbox}`))).toMatchObject({ state: 'submitted' });
    expect(events.filter(({ id }) => id === mailbox)).toEqual([
      { event: 'mailboxes.mailbox.paused', id: mailbox, code: 'UNREACHABLE' },
      { event: 'mailboxes.mailbox.recovered', id: mailbox, code: null },
    ]);
  });

  it('pauses its mailbox after the third refused sender in a row', async () => {
    server.play({ replies: { mail: '550 5.7.1 Not as you' } });
    await fail(2);
    expect(await pausedCode(app, mailbox)).toBeNull();
    await fail(1);
    expect(await pausedCode(app, mailbox)).toBe('SENDER_REJECTED');
  });
});

/** Delivery §5: limits of a mailbox are kept in the database, and hold for all processes together. */
describe('limits of a mailbox', () => {
  let app: App, server: ScriptedServer;

  beforeAll(async () => {
    app = await bootToAccept();
  });

  beforeEach(async () => {
    server = await startScriptedServer();
  });

  afterEach(async () => {
    await app.strapi.db.connection('mailboxes_submissions').delete();
    await server.close();
  });

  afterAll(() => app.stop());

  const handIn = async (from: string, count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) await submit(app, `mailbox:${from}`);
  };
  const claimBy = async (workers: number, limit: number) =>
    (
      await Promise.all(Array.from({ length: workers }, () => app.service('submissions').outbox.claim(limit, 60_000)))
    ).flatMap(({ jobs }) => jobs);

  it('let no more go in a minute than the limit, with any number of processes that claim at once', async () => {
    const mailbox = await mailboxAt(app, server.port, {}, { limits: { perMinute: 7, connections: 100 } });
    await handIn(mailbox, 12);
    expect(await claimBy(4, 5)).toHaveLength(7);
    expect(await claimBy(4, 5)).toHaveLength(0);
    // A minute later there is room again.
    await app.strapi.db.connection('mailboxes_rates').decrement('slot', 61);
    expect(await claimBy(4, 5)).toHaveLength(5);
  });

  it('let no more be under way at once than it has connections', async () => {
    const mailbox = await mailboxAt(app, server.port, {}, { limits: { connections: 3 } });
    await handIn(mailbox, 6);
    const under = await claimBy(4, 5);
    expect(under).toHaveLength(3);
    for (const job of under.slice(0, 2)) await app.service('submissions').outbox.release(job, 'shutdown');
    expect(await claimBy(4, 5)).toHaveLength(2);
  });

  it("do not let one mailbox's long queue keep another's mail waiting", async () => {
    const busy = await mailboxAt(app, server.port, {}, { limits: { connections: 100 } });
    const quiet = await mailboxAt(app, server.port, {}, { limits: { connections: 100 } });
    await handIn(busy, 20);
    await handIn(quiet, 2);
    const [first, second] = [await claimBy(1, 4), await claimBy(1, 4)];
    const lanes = (jobs: typeof first) =>
      jobs.map(({ transport }) => (transport.kind === 'mailbox' ? transport.mailbox : ''));
    expect(lanes(first).sort()).toEqual([busy, busy, quiet, quiet].sort());
    expect(lanes(second)).toEqual(Array(4).fill(busy));
  });

  it('delay no other mailbox when they are reached', async () => {
    const full = await Promise.all(
      Array.from({ length: 3 }, () => mailboxAt(app, server.port, {}, { limits: { perMinute: 1 } }))
    );
    for (const mailbox of full) await handIn(mailbox, 2);
    expect(await claimBy(1, 3)).toHaveLength(3);
    const quiet = await mailboxAt(app, server.port);
    await handIn(quiet, 1);
    expect(await claimBy(1, 1)).toMatchObject([{ transport: { mailbox: quiet } }]);
  });

  it('leave out a mailbox of which a process can send no more, and say that something may be due', async () => {
    const [hanging, slow, working] = [
      await mailboxAt(app, server.port),
      await mailboxAt(app, server.port),
      await mailboxAt(app, server.port),
    ];
    for (const mailbox of [hanging, slow, working]) await handIn(mailbox, 4);
    const held = {
      lanes: new Map([
        [hanging, { inFlight: 5, slow: true }],
        [slow, { inFlight: 3, slow: true }],
        [working, { inFlight: 1, slow: false }],
      ]),
      slowPlaces: 42,
      perSlowLane: 5,
      newcomersOnly: false,
    };
    const { outbox } = app.service('submissions');
    const lanes = ({ jobs }: Awaited<ReturnType<typeof outbox.claim>>) =>
      jobs.map(({ transport }) => (transport.kind === 'mailbox' ? transport.mailbox : '')).sort();
    const first = await outbox.claim(3, 60_000, held);
    expect(lanes(first)).toEqual([slow, slow, working, working, working].sort());
    for (const job of first.jobs) await outbox.fail(job, { code: 'ATTEMPT_FAILED', message: '' });
    held.lanes.set(slow, { inFlight: 5, slow: true });
    held.lanes.set(working, { inFlight: 4, slow: false });
    expect(await outbox.claim(1, 60_000, { ...held, newcomersOnly: true })).toEqual({ jobs: [], more: true });
    expect(lanes(await outbox.claim(1, 60_000))).toHaveLength(1);
  });

  it('release a held submission when it is due, and not before', async () => {
    const mailbox = await mailboxAt(app, server.port);
    const { id } = await submit(app, `mailbox:${mailbox}`, { undoSeconds: 60 });
    expect(await claimBy(2, 5)).toEqual([]);
    await app.strapi.db.connection('mailboxes_submissions').where({ id }).decrement('next_attempt_at', 61_000);
    expect((await claimBy(2, 5)).map((job) => job.id)).toEqual([id]);
  });
});
