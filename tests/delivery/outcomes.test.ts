import { makeCertificates, type TestCertificates } from '../support/smtp/certificates';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import {
  bootForDelivery,
  LOGIN,
  mailboxAt,
  PASSWORD,
  pausedCode,
  recipientsOf,
  send,
  tried,
  waiting,
} from '../support/outbox';
import type { App } from '../support/strapi';
import { content, envelope } from './outcomes-message.table';
import { ADA, authentication, before, encryption, type OutcomeRow } from './outcomes.table';
import { OF_A_TEST } from '../support/statements';

/** Delivery §4, row by row, as the first attempt ends. */
describe('the outcome of a first attempt', () => {
  let certificates: TestCertificates;
  let app: App;
  let server: ScriptedServer | undefined;

  beforeAll(async () => {
    certificates = await makeCertificates();
    app = await bootForDelivery({ caPem: certificates.caPem });
  });

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  afterAll(() => app.stop());

  const attemptReply = async (submission: string): Promise<string | null> => {
    const rows: { reply: string | null }[] = await app.strapi.db
      .connection('mailboxes_attempts')
      .comment(OF_A_TEST)
      .where({ submission, claim: 1 })
      .select('reply');
    return rows[0]?.reply ?? null;
  };

  /** @param pooled on a connection that has handed over another message before */
  const check = async (row: OutcomeRow, pooled = false): Promise<void> => {
    const { on, replies, ...options } = row.server(certificates);
    server = await startScriptedServer(options);
    const mailbox = await mailboxAt(app, server.port, row.smtp);
    const to = row.to ?? [ADA];
    if (pooled) expect(await send(app, `mailbox:${mailbox}`)).toMatchObject({ state: 'submitted' });
    const before = server.accepted.length;
    server.play({ ...(on ? { on } : {}), ...(replies ? { replies } : {}) });
    const submission = await tried(app, `mailbox:${mailbox}`, { to });
    const expected = Array.isArray(row.recipients) ? { [ADA]: row.recipients } : row.recipients;
    expect({
      state: submission.state,
      code: submission.error?.code ?? null,
      recipients: recipientsOf(submission),
      attempts: submission.attempts,
      paused: await pausedCode(app, mailbox),
      ...(row.words === undefined ? {} : { words: await attemptReply(submission.id) }),
      accepted: server.accepted.length - before,
    }).toEqual({
      state: row.state,
      code: row.code,
      recipients: expected,
      attempts: row.attempts ?? 0,
      paused: row.paused ?? null,
      ...(row.words === undefined ? {} : { words: row.words }),
      accepted: row.accepted ?? 0,
    });
    if (pooled) expect(server.sessions).toHaveLength(row.again ? 2 : 1);
    // In every row: the password is never sent in clear, returned or logged.
    const inClear = server.sessions.flatMap(({ lines }) => lines.filter(({ secure }) => !secure));
    const secret = Buffer.from(`\0${LOGIN}\0${PASSWORD}`).toString('base64');
    for (const { line } of inClear) {
      expect(line).not.toMatch(/^AUTH/i);
      expect(line).not.toContain(secret);
    }
    expect(JSON.stringify([submission, app.logs])).not.toContain(PASSWORD);
    if (row.paused === undefined) return;

    // A paused transport gets no connection, and new submissions wait.
    const contacts = server.sessions.length;
    expect(await waiting(app, `mailbox:${mailbox}`)).toMatchObject({
      state: 'queued',
      attempts: 0,
      error: null,
      recipients: [{ state: 'pending', reply: null }],
    });
    expect(server.sessions).toHaveLength(contacts);
  };

  describe('before the login', () => {
    it.each(Object.entries(before))('%s', (_name, row) => check(row));
  });
  describe('encryption', () => {
    it.each(Object.entries(encryption))('%s', (_name, row) => check(row));
  });
  describe('the login', () => {
    it.each(Object.entries(authentication))('%s', (_name, row) => check(row));
  });
  describe.each([
    ['a new connection', false],
    ['one that was used before', true],
  ])('over %s', (_connection, pooled) => {
    const rowsOf = (table: Record<string, OutcomeRow>) =>
      Object.entries(table).filter(([, { takesNone }]) => !pooled || !takesNone);
    describe('the envelope', () => {
      it.each(rowsOf(envelope))('%s', (_name, row) => check(row, pooled));
    });
    describe('the content', () => {
      it.each(rowsOf(content))('%s', (_name, row) => check(row, pooled));
    });
  });
});
