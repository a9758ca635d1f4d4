import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bootForDelivery, mailboxAt, recipientsOf, ROBOT, send, tried, waiting } from '../support/outbox';
import { OPERATOR, type App } from '../support/strapi';
import { writtenByTest } from '../support/statements';

type Options = Record<string, unknown>;

/** Receives every call of the module below. */
const stage = globalThis as unknown as { sendByProvider: (options: Options) => Promise<unknown> };
const MODULE = `module.exports = { init: () => ({ send: (options) => globalThis.sendByProvider(options) }) };`;

/** Delivery §3a over a provider that takes Strapi's options and nothing else. */
describe("Strapi's e-mail provider as the system transport", () => {
  let app: App;
  let folder: string;
  let calls: Options[];
  let mailbox: string;

  beforeAll(async () => {
    // Strapi lower-cases the path of a provider.
    folder = path.join(os.tmpdir(), `mailboxes-provider-${randomBytes(6).toString('hex')}`);
    await mkdir(folder);
    await writeFile(path.join(folder, 'index.js'), MODULE);
    app = await bootForDelivery({
      email: { provider: path.join(folder, 'index.js'), settings: { defaultFrom: 'system@site.example' } },
    });
    const { id } = await app
      .service('mailboxes')
      .create({ email: 'open@club.example', name: 'Open' }, { actor: OPERATOR });
    mailbox = id;
  });

  beforeEach(async () => {
    calls = [];
    stage.sendByProvider = async (options) => void calls.push(options);
    const knex = app.strapi.db.connection;
    await writtenByTest(knex, knex('mailboxes_submissions').where({ state: 'queued' }).update({ state: 'canceled' }));
    await writtenByTest(knex, knex('mailboxes_transports').where({ id: 'system' }).delete());
  });

  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true });
  });

  const fail = (error: unknown): void => {
    stage.sendByProvider = async (options) => {
      calls.push(options);
      throw error;
    };
  };

  it("gets Strapi's own options, built from the same message", async () => {
    const submission = await send(app, 'system', {
      replyTo: `mailbox:${mailbox}`,
      to: [{ email: 'ada@reader.example', name: 'Ada, Countess "of" Lovelace' }, 'ben@reader.example'],
      cc: [{ email: 'cat@reader.example', name: 'Çat' }],
      bcc: ['hidden@reader.example'],
      subject: 'Grüße',
      text: 'Hällo',
      html: '<p>Hällo</p>',
      headers: { 'X-Campaign': 'spring' },
    });
    expect(submission).toMatchObject({ state: 'submitted', error: null, attempts: 1 });
    expect(Object.values(recipientsOf(submission))).toEqual(Array(4).fill(['accepted', null]));
    expect(calls).toEqual([
      {
        from: '"Site" <system@site.example>',
        replyTo: '"Open" <open@club.example>',
        to: ['"Ada, Countess \\"of\\" Lovelace" <ada@reader.example>', 'ben@reader.example'],
        cc: ['"Çat" <cat@reader.example>'],
        bcc: ['hidden@reader.example'],
        subject: 'Grüße',
        text: expect.stringMatching(/^Hällo\s*$/),
        html: expect.stringMatching(/^<p>Hällo<\/p>\s*$/),
        headers: {
          'X-Campaign': 'spring',
          'Auto-Submitted': 'auto-generated',
          'Message-ID': submission.messageId,
        },
      },
    ]);
  });

  const refusedWith = (code: string) => ({ state: 'failed', error: { code } });
  const tryAgain = { state: 'queued', error: null, recipients: [{ state: 'deferred' }] };
  const wait = { state: 'queued', error: null, recipients: [{ state: 'pending' }] };
  const uncertain = {
    state: 'uncertain',
    error: { code: 'UNCERTAIN' },
    recipients: [{ state: 'uncertain', reply: null }],
  };

  it.each<[string, Options, object]>([
    ['a permanent reply', { responseCode: 554, response: '554 5.7.1 Spam' }, refusedWith('CONTENT_REJECTED')],
    ['a code of a permanent reply', { responseCode: 554 }, refusedWith('CONTENT_REJECTED')],
    ['a transient reply', { responseCode: 451, response: '451 4.3.0 Later' }, tryAgain],
    ['a refused login', { code: 'EAUTH', responseCode: 535, response: '535 5.7.8 Wrong', command: 'AUTH PLAIN' }, wait],
    ['a login that cannot be tried', { code: 'EAUTH' }, wait],
    [
      'a refused sender',
      { code: 'EENVELOPE', responseCode: 550, response: '550 5.7.1 No', command: 'MAIL FROM' },
      refusedWith('SENDER_REJECTED'),
    ],
    [
      'refused recipients',
      {
        code: 'EENVELOPE',
        responseCode: 550,
        response: '550 5.1.1 No',
        command: 'RCPT TO',
        rejectedErrors: [{ recipient: 'ada@reader.example', responseCode: 550, response: '550 5.1.1 No' }],
      },
      refusedWith('RECIPIENTS_REJECTED'),
    ],
    ['a refused connection', { code: 'ECONNREFUSED' }, tryAgain],
    ['a refused connection in the words of a mail library', { code: 'ESOCKET', syscall: 'connect' }, tryAgain],
    ['an unknown host', { code: 'EDNS' }, tryAgain],
    ['an envelope it cannot use', { code: 'EENVELOPE' }, tryAgain],
    ['a lost connection', { code: 'ECONNRESET' }, uncertain],
    ['a timeout', { code: 'ETIMEDOUT' }, uncertain],
    ['an answer that is no refusal', { responseCode: 250, response: '250 Ok' }, uncertain],
    ['an error of its own', {}, uncertain],
  ])('is called once for any result: %s', async (_what, differs, expected) => {
    fail(Object.assign(new Error('no'), differs));
    expect(await tried(app, 'system')).toMatchObject(expected);
    expect(calls).toHaveLength(1);
  });

  it('gets no text that was made from the HTML of a message without words', async () => {
    await send(app, 'system', { text: undefined, html: '<p><img src="https://a.example/x.png" alt=""></p>' });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.html).toContain('<img src="https://a.example/x.png"');
    expect(calls[0]?.text ?? '').not.toContain('a.example');
  });

  it.each([[undefined], [null], ['a text']])('may throw anything: %p', async (thrown) => {
    fail(thrown);
    expect(await send(app, 'system')).toMatchObject(uncertain);
    expect(calls).toHaveLength(1);
  });

  it('is not called while it is paused', async () => {
    fail(Object.assign(new Error('no'), { code: 'EAUTH' }));
    await tried(app, 'system');
    expect(await waiting(app, 'system')).toMatchObject(wait);
    expect(calls).toHaveLength(1);
  });

  it('resumes after a successful test mail', async () => {
    fail(Object.assign(new Error('no'), { code: 'EAUTH' }));
    const { id } = await tried(app, 'system');
    const actor = { type: 'user', id: (await app.superAdmin()).id } as const;
    const test = () => app.service('connection').test({ mailbox: 'system', sendToMe: true }, { actor });
    expect(await test()).toMatchObject({ mail: { ok: false } });
    expect(await waiting(app, 'system')).toMatchObject(wait);
    stage.sendByProvider = async (options) => void calls.push(options);
    expect(await test()).toMatchObject({ mail: { ok: true } });
    expect(await app.service('submissions').whenSettled(id, { actor: ROBOT })).toMatchObject({ state: 'submitted' });
  });

  it('carries the system address only', async () => {
    await expect(send(app, `mailbox:${mailbox}`)).rejects.toMatchObject({
      status: 409,
      details: { code: 'TRANSPORT_CANNOT_CARRY' },
    });
    const tenants = app.service('tenants');
    const { id } = await tenants.default();
    await tenants.update(id, { system: { email: 'club@club.example' } }, { actor: OPERATOR });
    await expect(send(app, 'system')).rejects.toMatchObject({ details: { code: 'TRANSPORT_CANNOT_CARRY' } });
    await tenants.update(id, { system: null }, { actor: OPERATOR });
    expect(calls).toEqual([]);
  });

  it('is not called for a mailbox with its own server', async () => {
    // Nothing listens there: only the calls of the provider matter.
    const own = await mailboxAt(app, 9);
    expect(await tried(app, `mailbox:${own}`)).toMatchObject(tryAgain);
    expect(calls).toEqual([]);
  });
});
