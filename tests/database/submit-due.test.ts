import { EDITOR, OPERATOR, boot, type App, type Person } from '../support/strapi';
import { bootForDelivery, ROBOT, settled, submit } from '../support/outbox';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';

interface Row {
  state: string;
  lane: string;
  created: number;
  due: number;
  expires: number;
  next: number;
  send: number | null;
}

const HOUR_MS = 3_600_000;

const rowOf = async (app: App, id: string): Promise<Row> => {
  const [row] = (await app.strapi.db.connection('mailboxes_submissions').where({ id }).select('*')) as Record<
    string,
    unknown
  >[];
  const ms = (column: string): number => Number(row?.[column]);
  return {
    state: String(row?.state),
    lane: String(row?.lane),
    created: ms('created_at'),
    due: ms('due_at'),
    expires: ms('expires_at'),
    next: ms('next_attempt_at'),
    send: row?.send_at === null ? null : ms('send_at'),
  };
};

/** When an accepted submission becomes due (rules §8, delivery §2). Nothing is delivered here. */
describe('a submission is held until it is due', () => {
  let app: App;
  let ada: Person;

  beforeAll(async () => {
    // Undefined is not there: the plugin's own default holds.
    app = await bootForDelivery({
      systemPort: 25,
      config: { delivery: { role: 'accept', undoSeconds: undefined, maxAgeHours: 3 } },
    });
    ada = await app.person({ actions: EDITOR });
  });

  afterAll(() => app.stop());

  const asAda = (differs: object = {}) => submit(app, 'system', { actor: { type: 'user', id: ada.id }, ...differs });
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

  it.each<[string, () => Promise<{ id: string }>, number]>([
    ['for 10 seconds for a user who says nothing', () => asAda(), 10_000],
    ['not at all for a system actor who says nothing', () => submit(app, 'system'), 0],
    ['for as long as a user wants', () => asAda({ undoSeconds: 120 }), 120_000],
    ['not at all for a user who wants no undo', () => asAda({ undoSeconds: 0 }), 0],
    ['for as long as a system actor wants', () => submit(app, 'system', { undoSeconds: 7 }), 7_000],
  ])('%s', async (_, hand, waitMs) => {
    const { id } = await hand();
    const row = await rowOf(app, id);
    expect(row).toMatchObject({ state: waitMs > 0 ? 'held' : 'queued', send: null });
    expect(row.due - row.created).toBe(waitMs);
    expect(row.next).toBe(row.due);
  });

  it('over the admin API as well', async () => {
    const { body } = await app
      .as(ada)
      .post('/submissions', { from: 'system', to: ['a@b.example'], subject: 'Hello', text: 'Hello' })
      .expect(202);
    expect(body.data).toMatchObject({ state: 'held', sendAt: null });
    expect(Date.parse(body.data.nextAttemptAt) - Date.parse(body.data.createdAt)).toBe(10_000);
  });

  it('until sendAt, where that is later than the undo window', async () => {
    const sendAt = inMs(HOUR_MS);
    const submission = await asAda({ sendAt });
    const row = await rowOf(app, submission.id);
    expect(row).toMatchObject({ state: 'held', send: Date.parse(sendAt), due: Date.parse(sendAt) });
    expect(submission).toMatchObject({ state: 'held', sendAt, nextAttemptAt: sendAt });
  });

  it('until the end of the undo window, where that is later than sendAt', async () => {
    const sendAt = inMs(1000);
    const { id } = await asAda({ sendAt, undoSeconds: 60 });
    const row = await rowOf(app, id);
    expect(row.due - row.created).toBe(60_000);
    expect(row.send).toBe(Date.parse(sendAt));
  });

  it('not at all, where sendAt was a moment ago', async () => {
    const sendAt = inMs(-4 * 60_000);
    const { id } = await submit(app, 'system', { sendAt });
    const row = await rowOf(app, id);
    expect(row).toMatchObject({ state: 'queued', send: Date.parse(sendAt) });
    expect(row.due).toBe(row.created);
  });

  it('and its age counts from then', async () => {
    for (const differs of [{}, { undoSeconds: 60 }, { sendAt: inMs(48 * HOUR_MS) }]) {
      const row = await rowOf(app, (await asAda(differs)).id);
      expect(row.expires - row.due).toBe(3 * HOUR_MS);
    }
  });

  it('sendAt is kept as the same moment, whatever zone it came in', async () => {
    const at = new Date(Date.now() + HOUR_MS);
    at.setUTCMilliseconds(0);
    const local = new Date(at.getTime() + 330 * 60_000).toISOString().replace('.000Z', '+05:30');
    expect(await submit(app, 'system', { sendAt: local })).toMatchObject({ sendAt: at.toISOString() });
  });

  it.each<[string, unknown]>([
    ['without a zone', '2099-01-01T10:00:00'],
    ['not ISO 8601', 'tomorrow'],
    ['more than 5 minutes ago', new Date(Date.now() - 6 * 60_000).toISOString()],
    ['more than 366 days ahead', new Date(Date.now() + 367 * 24 * HOUR_MS).toISOString()],
    ['an object', { $gt: '' }],
  ])('sendAt %s is refused', async (_, sendAt) => {
    const { status, body } = await app
      .as(ada)
      .post('/submissions', { from: 'system', to: ['a@b.example'], subject: 'Hello', text: 'Hello', sendAt });
    expect({ status, details: body.error.details }).toMatchObject({
      status: 400,
      details: { code: 'INVALID_INPUT', path: 'sendAt' },
    });
  });

  it('what is answered is what is stored', async () => {
    const { id } = await app
      .service('mailboxes')
      .create({ email: 'news@club.example', name: 'Club News' }, { actor: OPERATOR });
    const submission = await submit(app, `mailbox:${id}`, {
      replyTo: 'system',
      cc: [{ email: 'Ben@Reader.example', name: 'Ben' }],
      bcc: ['eve@reader.example'],
      undoSeconds: 30,
      sendAt: inMs(HOUR_MS),
    });
    expect(await app.service('submissions').get(submission.id, { actor: ROBOT })).toEqual(submission);
  });

  it('its transport has a row, by which delivery finds work', async () => {
    const mailbox = await app.service('mailboxes').create(
      {
        email: 'lane@club.example',
        name: 'Lane',
        authenticated: true,
        smtp: { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'none' },
      },
      { actor: OPERATOR }
    );
    const rows = async () =>
      (
        (await app.strapi.db.connection('mailboxes_transports').whereIn('id', ['system', mailbox.id]).select('id')) as {
          id: string;
        }[]
      ).length;
    await submit(app, 'system');
    await Promise.all([1, 2, 3].map(() => submit(app, `mailbox:${mailbox.id}`)));
    expect(await rows()).toBe(2);
    const { id } = await submit(app, `mailbox:${mailbox.id}`);
    expect((await rowOf(app, id)).lane).toBe(mailbox.id);
  });
});

describe('a submission that was held', () => {
  let app: App;
  let server: MailServer;

  beforeAll(async () => {
    server = await startMailServer({ tls: 'none' });
    app = await bootForDelivery({ systemPort: server.port });
  });

  afterAll(async () => {
    await app.stop();
    await server.close();
  });

  it('is handed over when it is due', async () => {
    const submission = await submit(app, 'system', { undoSeconds: 1 });
    expect(submission.state).toBe('held');
    expect(await settled(app, submission)).toMatchObject({ state: 'submitted' });
    const [attempt] = (await app.strapi.db
      .connection('mailboxes_attempts')
      .where({ submission: submission.id })
      .select('started_at')) as { started_at: unknown }[];
    expect(Number(attempt?.started_at)).toBeGreaterThanOrEqual(Date.parse(submission.nextAttemptAt ?? ''));
  });

  it('is never handed over after it was canceled', async () => {
    const { messages } = server;
    const before = messages.length;
    const first = await submit(app, 'system', { undoSeconds: 2 });
    expect(await app.service('submissions').cancel(first.id, { actor: ROBOT })).toMatchObject({ state: 'canceled' });
    // One that was due later is through: the first one's time has come and gone.
    const second = await submit(app, 'system', { undoSeconds: 3 });
    expect(await settled(app, second)).toMatchObject({ state: 'submitted' });
    expect(messages.length - before).toBe(1);
    expect(await settled(app, first)).toMatchObject({ state: 'canceled', attempts: 0 });
  });
});

it('the undo window of a site is what it configured', async () => {
  const app = await boot({ config: { delivery: { role: 'accept', undoSeconds: 45 } } });
  try {
    const ada = await app.person({ actions: EDITOR });
    const { id } = await submit(app, 'system', { actor: { type: 'user', id: ada.id } });
    const row = await rowOf(app, id);
    expect(row.due - row.created).toBe(45_000);
  } finally {
    await app.stop();
  }
});
