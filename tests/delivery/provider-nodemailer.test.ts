import { simpleParser, type AddressObject } from 'mailparser';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { bootForDelivery, recipientsOf, send, tried } from '../support/outbox';
import { EDITOR, OPERATOR, type App } from '../support/strapi';
import { OF_A_TEST } from '../support/statements';

/** Delivery §3a over the one provider that takes our bytes and envelope. */
describe('@strapi/provider-email-nodemailer as the system transport', () => {
  let app: App;
  let server: ScriptedServer;

  beforeAll(async () => {
    server = await startScriptedServer();
    app = await bootForDelivery({
      config: { ownAddress: { requireConfirmation: false } },
      email: {
        provider: 'nodemailer',
        providerOptions: { host: '127.0.0.1', port: server.port, secure: false, ignoreTLS: true },
        settings: { defaultFrom: 'system@site.example', defaultReplyTo: 'default@site.example' },
      },
    });
    const { id } = await app.service('tenants').default();
    await app.service('tenants').update(id, { ownAddress: 'sender-and-reply-to' }, { actor: OPERATOR });
  });

  afterEach(() => server.play({}));

  afterAll(async () => {
    await app.stop();
    await server.close();
  });

  const stored = async (id: string): Promise<Buffer> => {
    const knex = app.strapi.db.connection;
    const [row] = (await knex('mailboxes_submissions').comment(OF_A_TEST).where({ id }).select('message')) as {
      message: string;
    }[];
    const chunks = (await knex('mailboxes_message_chunks')
      .comment(OF_A_TEST)
      .where({ message: row?.message })
      .orderBy('position')
      .select('bytes')) as { bytes: Buffer }[];
    return Buffer.concat(chunks.map(({ bytes }) => bytes));
  };

  it('hands over our bytes and our envelope', async () => {
    const submission = await send(app, 'system', {
      to: ['ada@reader.example'],
      cc: ['ben@reader.example'],
      bcc: ['hidden@reader.example'],
      subject: 'Grüße',
      text: 'Hällo\n.\nlast',
      html: '<p>Hällo</p>',
    });
    expect(submission).toMatchObject({ state: 'submitted', error: null, attempts: 1 });
    expect(Object.values(recipientsOf(submission))).toEqual(Array(3).fill(['accepted', null]));
    const { raw, envelope } = server.accepted.at(-1) ?? {};
    expect(envelope).toEqual({
      from: 'system@site.example',
      to: ['ada@reader.example', 'ben@reader.example', 'hidden@reader.example'],
    });
    const bytes = await stored(submission.id);
    expect(raw?.toString('latin1').trimEnd()).toBe(bytes.toString('latin1').trimEnd());
    const mail = await simpleParser(raw ?? '');
    expect(mail.messageId).toBe(submission.messageId);
    expect(mail.replyTo).toBeUndefined();
    expect(raw?.toString('latin1')).not.toContain('hidden');
  });

  it("carries an author's own address, with the system address as Sender and in the envelope", async () => {
    const author = await app.person({ actions: EDITOR, firstname: 'Ada', lastname: 'Archer' });
    const submission = await send(app, 'own', { actor: { type: 'user', id: author.id } });
    expect(submission).toMatchObject({ state: 'submitted' });
    const { raw, envelope } = server.accepted.at(-1) ?? {};
    const mail = await simpleParser(raw ?? '');
    expect(mail.from?.value).toEqual([{ name: 'Ada Archer', address: author.email }]);
    expect((mail.headers.get('sender') as AddressObject).value[0]?.address).toBe('system@site.example');
    expect(envelope?.from).toBe('system@site.example');
  });

  it.each([
    ['5yz at the dot', { dot: '554 5.7.1 Spam' }, { state: 'failed', error: { code: 'CONTENT_REJECTED' } }],
    ['5yz at MAIL', { mail: '550 5.7.1 No' }, { state: 'failed', error: { code: 'SENDER_REJECTED' } }],
    ['5yz at RCPT', { rcpt: '550 5.1.1 No' }, { state: 'failed', error: { code: 'RECIPIENTS_REJECTED' } }],
    [
      '4yz at RCPT',
      { rcpt: '450 4.2.0 Greylisted' },
      { state: 'queued', recipients: [{ state: 'deferred', reply: '450 4.2.0 Greylisted' }] },
    ],
    ['a connection dropped after the dot', { dot: { drop: true } as const }, { state: 'uncertain' }],
  ])('reports the outcome of an attempt: %s', async (_what, replies, expected) => {
    server.play({ replies });
    const count = server.sessions.length;
    expect(await tried(app, 'system')).toMatchObject(expected);
    expect(server.sessions).toHaveLength(count + 1);
  });
});
