import { simpleParser } from 'mailparser';
import { TABLES } from '../../server/src/database/tables';
import { databaseName } from '../support/database';
import { emailService, guardedSite, letter, NEWS, SYSTEM, type GuardedSite } from '../support/guard';
import type { AcceptedMessage } from '../support/smtp/scripted-server';

type Options = Record<string, unknown>;

/** Mail that the guard allows (contract, "guard"): one attempt, in the caller's time. */
describe('mail that the guard allows in mode enforce', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('enforce');
  });
  afterEach(() => {
    site.newsServer.play({});
    site.strapiServer.play({});
  });
  afterAll(() => site.stop());

  const send = (differs: Options = {}): Promise<unknown> => emailService(site.app).send(letter(differs));
  const latest = async (): Promise<Options> => (await site.submissions()).at(-1) ?? {};
  const parsed = (message: AcceptedMessage | undefined) => simpleParser(message?.raw ?? '');

  it.each([
    ['as it is stored', NEWS],
    ['in capitals', NEWS.toUpperCase()],
    ['with a name', `Somebody else <${NEWS}>`],
    ['with a quoted name', `"Else, Somebody" <${NEWS}>`],
    ['with blanks around it', `  Club   <${NEWS}>  `],
  ])("sends from a mailbox of the guard's actor, %s, over its server and with its name", async (_what, from) => {
    const before = site.newsServer.accepted.length;
    expect(await send({ from })).toMatchObject({
      accepted: ['ada@reader.example'],
      rejected: [],
      envelope: { from: NEWS, to: ['ada@reader.example'] },
      response: expect.stringMatching(/^250 /),
      messageId: expect.stringMatching(/^<.+@club\.example>$/),
    });
    expect(site.newsServer.accepted.length).toBe(before + 1);
    const mail = await parsed(site.newsServer.accepted.at(-1));
    expect(mail.from?.value).toEqual([{ name: 'Club', address: NEWS }]);
    expect(await latest()).toMatchObject({
      state: 'submitted',
      actor_system: 'website',
      lane: expect.not.stringMatching(/^system$/),
    });
  });

  it.each([
    ['no From', undefined],
    ['null', null],
    ['an empty From', ''],
    ['the system address', SYSTEM],
    ["Strapi's factory address", 'Strapi <no-reply@strapi.io>'],
    ["users-permissions' factory sender", 'Administration Panel <no-reply@strapi.io>'],
    ['a name that was never set', 'undefined <no-reply@strapi.io>'],
  ])('sends %s from the system mailbox', async (_what, from) => {
    const before = site.strapiServer.accepted.length;
    await send({ from });
    const mail = await parsed(site.strapiServer.accepted[before]);
    expect(mail.from?.value).toEqual([{ name: 'Site', address: SYSTEM }]);
    expect(site.strapiServer.accepted[before]?.envelope.from).toBe(SYSTEM);
  });

  it('sends to recipients in every supported form', async () => {
    await send({
      to: 'ada@reader.example, "Ben, Dr." <ben@reader.example>',
      cc: ['Cat <cat@reader.example>', { name: 'Dan', address: 'dan@reader.example' }],
      bcc: 'eve@reader.example',
      replyTo: NEWS,
    });
    const message = site.strapiServer.accepted.at(-1);
    expect(message?.envelope.to).toEqual(['ada', 'ben', 'cat', 'dan', 'eve'].map((name) => `${name}@reader.example`));
    const mail = await parsed(message);
    expect(mail.to).toMatchObject({ value: [{ address: 'ada@reader.example' }, { name: 'Ben, Dr.' }] });
    expect(mail.replyTo?.value).toEqual([{ name: 'Club', address: NEWS }]);
    expect(message?.raw.toString('latin1')).not.toContain('eve@');
  });

  it('sends attachments and X- headers', async () => {
    await send({
      from: NEWS,
      headers: { 'X-Campaign': 'spring' },
      attachments: [
        { filename: 'a.txt', content: 'Hällo' },
        { filename: 'b.bin', content: Buffer.from([0, 255, 1]), contentType: 'application/x-thing' },
        { filename: 'c.bin', content: 'AP8B', encoding: 'base64' },
      ],
    });
    const mail = await parsed(site.newsServer.accepted.at(-1));
    expect(mail.headers.get('x-campaign')).toBe('spring');
    expect(mail.attachments.map(({ filename, content }) => [filename, content])).toEqual([
      ['a.txt', Buffer.from('Hällo')],
      ['b.bin', Buffer.from([0, 255, 1])],
      ['c.bin', Buffer.from([0, 255, 1])],
    ]);
  });

  it('sends an inline image by the id of the caller', async () => {
    await send({
      from: NEWS,
      html: '<p>Hello <img src="cid:logo@club.example" alt="Club"></p>',
      attachments: [
        { filename: 'logo.png', content: Buffer.from([137, 80, 78, 71]), cid: 'logo@club.example' },
        { filename: 'unseen.png', content: Buffer.from([137, 80, 78, 71]), cid: 'unseen' },
      ],
    });
    const { raw } = site.newsServer.accepted.at(-1) as AcceptedMessage;
    const mail = await simpleParser(raw, { skipImageLinks: true });
    const [logo, unseen] = mail.attachments;
    expect(logo).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline', related: true });
    expect(logo?.cid).toMatch(/^logo=40club\.example\.[0-9a-f-]{36}@club\.example$/);
    expect(mail.html).toContain(`<img src="cid:${logo?.cid}" alt="Club" />`);
    expect(unseen).toMatchObject({ filename: 'unseen.png', contentDisposition: 'attachment' });
  });

  it('adds Auto-Submitted, which prevents vacation notices (RFC 3834)', async () => {
    await send();
    expect((await parsed(site.strapiServer.accepted.at(-1))).headers.get('auto-submitted')).toBe('auto-generated');
  });

  describe("with the operator's default Reply-To", () => {
    const setDefault = (value: unknown) => site.app.strapi.config.set('plugin::email.settings.defaultReplyTo', value);
    const replyToOf = async (differs: Options) => {
      await send(differs);
      return (await parsed(site.strapiServer.accepted.at(-1))).replyTo?.value ?? null;
    };
    beforeAll(() => setDefault('Office <Office@elsewhere.example>'));
    afterAll(() => setDefault(undefined));

    const OFFICE = [{ name: 'Office', address: 'Office@elsewhere.example' }];

    it.each([
      ['no Reply-To', undefined],
      ['the very address', 'office@elsewhere.example'],
      ['the address under another name', 'Somebody <OFFICE@ELSEWHERE.EXAMPLE>'],
    ])('sends mail that names %s', async (_what, replyTo) => {
      expect(await replyToOf({ replyTo })).toEqual(OFFICE);
      expect(await latest()).toMatchObject({
        state: 'submitted',
        reply_identity: null,
        reply_email: 'Office@elsewhere.example',
      });
    });

    it('replaces the default by a mailbox that the mail names', async () => {
      expect(await replyToOf({ replyTo: NEWS })).toEqual([{ name: 'Club', address: NEWS }]);
    });

    it.each(['boss@elsewhere.example', 'Office <office@elsewhere.example>, boss@elsewhere.example'])(
      'rejects mail that names %s',
      async (replyTo) => {
        await expect(send({ replyTo })).rejects.toMatchObject({ details: { code: 'FORBIDDEN_REPLY_TO' } });
      }
    );

    it.each(['no address', 'a@b.example, c@d.example', 'Strapi <no-reply@strapi.io>', ''])(
      'adds no Reply-To for the setting %j',
      async (value) => {
        setDefault(value);
        expect(await replyToOf({})).toBeNull();
      }
    );
  });

  it('stores no body for any outcome', async () => {
    const knex = site.app.strapi.db.connection;
    site.newsServer.play({ replies: { dot: ['554 5.7.1 Spam', { drop: true }] } });
    for (let times = 0; times < 3; times += 1)
      await send({ from: NEWS, text: 'canary in a body' }).catch(() => undefined);
    for (const table of Object.values(TABLES)) {
      const rows = (await knex(table).select('*')) as unknown[];
      expect(JSON.stringify(rows)).not.toContain('canary');
      expect(JSON.stringify(rows)).not.toContain(Buffer.from('canary').toString('base64').slice(0, 6));
    }
    expect(await knex(TABLES.chunks).select('*')).toEqual([]);
  });

  it.each([
    ['a refused text', { dot: '554 5.7.1 Spam' }, 'CONTENT_REJECTED', 'failed'],
    ['a refused sender', { mail: '550 5.7.1 No' }, 'SENDER_REJECTED', 'failed'],
    ['refused recipients', { rcpt: '550 5.1.1 No' }, 'RECIPIENTS_REJECTED', 'failed'],
    ['a server that asks to come again', { mail: '451 4.7.1 Later' }, 'ATTEMPT_FAILED', 'failed'],
    ['a connection that is gone after the dot', { dot: { drop: true } as const }, 'UNCERTAIN', 'uncertain'],
    ['a connection that is gone before the text', { data: { drop: true } as const }, 'ATTEMPT_FAILED', 'failed'],
  ])('rejects with the reason and without a retry: %s', async (_what, replies, code, state) => {
    site.newsServer.play({ replies });
    const sessions = site.newsServer.sessions.length;
    const error = (await send({ from: NEWS }).catch((thrown: unknown) => thrown)) as { details: Options };
    const submission = await latest();
    expect(error.details).toMatchObject({ code, submission: submission.id });
    expect(submission).toMatchObject({ state, error_code: code, next_attempt_at: null });
    // No retry is due.
    expect(site.newsServer.sessions.length - sessions).toBeLessThanOrEqual(1);
    await site.app.strapi.db
      .connection(TABLES.transports)
      .update({ paused_code: null, circuit_until: null, unreachable: 0, sender_rejected: 0 });
  });

  it('emits each event once', async () => {
    const told: string[] = [];
    const listen = (event: string, { state }: { state: string }) => {
      if (event.startsWith('mailboxes.submission.')) told.push(`${event} ${state}`);
    };
    const hub = site.app.strapi.eventHub;
    const forget = hub.subscribe(async (event: string, payload: unknown) =>
      listen(event, payload as { state: string })
    );
    await send({ from: NEWS });
    forget();
    expect(told).toEqual(['mailboxes.submission.accepted submitting', 'mailboxes.submission.submitted submitted']);
  });

  it('returns rejected recipients beside accepted ones', async () => {
    site.newsServer.play({ replies: { rcpt: ['250 Ok', '550 5.1.1 No'] } });
    expect(await send({ from: NEWS, to: ['ada@reader.example', 'gone@reader.example'] })).toMatchObject({
      accepted: ['ada@reader.example'],
      rejected: ['gone@reader.example'],
    });
  });

  it('rejects mail of a paused mailbox with its reason', async () => {
    const knex = site.app.strapi.db.connection;
    const id = String((await latest()).lane);
    await knex(TABLES.transports)
      .insert({ id, paused_code: 'AUTH_FAILED', paused_message: 'No', paused_at: 1 })
      .onConflict('id')
      .merge();
    await expect(send({ from: NEWS })).rejects.toMatchObject({
      details: { code: 'ATTEMPT_FAILED', because: 'AUTH_FAILED' },
    });
    await knex(TABLES.transports).where({ id }).delete();
  });

  describe('guarded mail inside a transaction of the caller', () => {
    it('is sent once', async () => {
      const before = site.newsServer.accepted.length;
      await site.app.strapi.db.transaction(async () => {
        await site.app.strapi.store.set({ type: 'plugin', name: 'test', key: 'order', value: 1 });
        await send({ from: NEWS });
        await send({ from: NEWS });
      });
      expect(site.newsServer.accepted.length).toBe(before + 2);
      expect(await latest()).toMatchObject({ state: 'submitted' });
    });

    it('keeps its submission on rollback if the database has a second connection', async () => {
      const known = (await site.submissions()).length;
      const sent = site.newsServer.accepted.length;
      await expect(
        site.app.strapi.db.transaction(async () => {
          await site.app.strapi.store.set({ type: 'plugin', name: 'test', key: 'order', value: 2 });
          await send({ from: NEWS });
          throw new Error('the order failed');
        })
      ).rejects.toThrow('the order failed');
      expect(site.newsServer.accepted.length).toBe(sent + 1);
      expect((await site.submissions()).length).toBe(known + (databaseName === 'sqlite' ? 0 : 1));
    });

    it('leaves the connections usable for the outbox', async () => {
      const mailbox = (
        await site.app.service('identities').listFor({ actor: { type: 'system', name: 'website' } })
      ).from.find(({ email }) => email === NEWS);
      const actor = { type: 'system', name: 'website' } as const;
      const { id } = await site.app.service('submissions').submit({
        actor,
        from: mailbox?.id ?? 'system',
        to: ['ada@reader.example'],
        subject: 'Hello',
        text: 'Hello',
      });
      expect(await site.app.service('submissions').whenSettled(id, { actor })).toMatchObject({ state: 'submitted' });
    });
  });
});

describe('the guard without a configured actor', () => {
  it('sends from the system mailbox only', async () => {
    const site = await guardedSite('enforce', { config: { guard: { mode: 'enforce' } } });
    try {
      await emailService(site.app).send(letter());
      expect((await site.submissions()).at(-1)).toMatchObject({ state: 'submitted', actor_system: 'guard' });
      await expect(emailService(site.app).send(letter({ from: NEWS }))).rejects.toMatchObject({
        details: { code: 'FORBIDDEN_FROM' },
      });
    } finally {
      await site.stop();
    }
  });
});

describe('the guard with a system mailbox hidden from users with other identities', () => {
  it("sends Strapi's own mail", async () => {
    const site = await guardedSite('enforce');
    try {
      const { id } = await site.app.service('tenants').default();
      await site.app
        .service('tenants')
        .update(id, { systemSender: 'when-nothing-else' }, { actor: { type: 'system', name: 'operator' } });
      await emailService(site.app).send(letter());
      expect((await site.submissions()).at(-1)).toMatchObject({ state: 'submitted', actor_system: 'guard' });
      await emailService(site.app).send(letter({ from: NEWS }));
      expect((await site.submissions()).at(-1)).toMatchObject({ state: 'submitted', actor_system: 'website' });
    } finally {
      await site.stop();
    }
  });
});

describe('the guard without a system mailbox', () => {
  it('rejects mail of the system mailbox with the reason', async () => {
    const site = await guardedSite('enforce', {
      email: { provider: 'nodemailer', providerOptions: { host: '127.0.0.1', port: 1 }, settings: {} },
    });
    try {
      await expect(emailService(site.app).send(letter())).rejects.toMatchObject({
        details: { code: 'SYSTEM_NOT_CONFIGURED' },
      });
    } finally {
      await site.stop();
    }
  });
});
