import { EDITOR, OPERATOR, boot, type App, type Person } from '../support/strapi';
import { bootForDelivery, ROBOT, settled, submit, bootToAccept } from '../support/outbox';
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

/** When an accepted submission becomes due (rules §8, delivery §2). Delivery is off. */
describe('holding a submission until it is due', () => {
  let app: App, ada: Person;

  beforeAll(async () => {
    // `undefined` means not configured: the plugin's default applies.
    app = await bootToAccept({ delivery: { undoSeconds: undefined, maxAgeHours: 3 } });
    ada = await app.person();
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

  it('holds a submission of the admin API for the undo window', async () => {
    const { body } = await app
      .as(ada)
      .post('/submissions', { from: 'system', to: ['a@b.example'], subject: 'Hello', text: 'Hello' })
      .expect(202);
    expect(body.data).toMatchObject({ state: 'held', sendAt: null });
    expect(Date.parse(body.data.nextAttemptAt) - Date.parse(body.data.createdAt)).toBe(10_000);
  });

  it('holds a submission until sendAt, if later than the undo window', async () => {
    const sendAt = inMs(HOUR_MS);
    const submission = await asAda({ sendAt });
    const row = await rowOf(app, submission.id);
    expect(row).toMatchObject({ state: 'held', send: Date.parse(sendAt), due: Date.parse(sendAt) });
    expect(submission).toMatchObject({ state: 'held', sendAt, nextAttemptAt: sendAt });
  });

  it('holds a submission until the end of the undo window, if later than sendAt', async () => {
    const sendAt = inMs(1000);
    const { id } = await asAda({ sendAt, undoSeconds: 60 });
    const row = await rowOf(app, id);
    expect(row.due - row.created).toBe(60_000);
    expect(row.send).toBe(Date.parse(sendAt));
  });

  it('queues a submission at once if sendAt has just passed', async () => {
    const sendAt = inMs(-4 * 60_000);
    const { id } = await submit(app, 'system', { sendAt });
    const row = await rowOf(app, id);
    expect(row).toMatchObject({ state: 'queued', send: Date.parse(sendAt) });
    expect(row.due).toBe(row.created);
  });

  it('counts the age from the due time', async () => {
    for (const differs of [{}, { undoSeconds: 60 }, { sendAt: inMs(48 * HOUR_MS) }]) {
      const row = await rowOf(app, (await asAda(differs)).id);
      expect(row.expires - row.due).toBe(3 * HOUR_MS);
    }
  });

  it('stores sendAt as the same moment for every zone offset', async () => {
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
  ])('rejects sendAt %s', async (_, sendAt) => {
    const { status, body } = await app
      .as(ada)
      .post('/submissions', { from: 'system', to: ['a@b.example'], subject: 'Hello', text: 'Hello', sendAt });
    expect({ status, details: body.error.details }).toMatchObject({
      status: 400,
      details: { code: 'INVALID_INPUT', path: 'sendAt' },
    });
  });

  it('returns the stored submission', async () => {
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

  it('inserts a lane row for the transport, by which delivery finds work', async () => {
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

describe('delivery of a held submission', () => {
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

  it('sends a held submission when it is due', async () => {
    const submission = await submit(app, 'system', { undoSeconds: 1 });
    expect(submission.state).toBe('held');
    expect(await settled(app, submission)).toMatchObject({ state: 'submitted' });
    const [attempt] = (await app.strapi.db
      .connection('mailboxes_attempts')
      .where({ submission: submission.id })
      .select('started_at')) as { started_at: unknown }[];
    expect(Number(attempt?.started_at)).toBeGreaterThanOrEqual(Date.parse(submission.nextAttemptAt ?? ''));
  });

  it('never sends a held submission after a cancel', async () => {
    const { messages } = server;
    const before = messages.length;
    const first = await submit(app, 'system', { undoSeconds: 2 });
    expect(await app.service('submissions').cancel(first.id, { actor: ROBOT })).toMatchObject({ state: 'canceled' });
    // A submission that is due later has been sent, so the first one's time has passed.
    const second = await submit(app, 'system', { undoSeconds: 3 });
    expect(await settled(app, second)).toMatchObject({ state: 'submitted' });
    expect(messages.length - before).toBe(1);
    expect(await settled(app, first)).toMatchObject({ state: 'canceled', attempts: 0 });
  });
});

it('uses the configured undo window', async () => {
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
