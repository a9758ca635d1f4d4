import { promises as dns } from 'node:dns';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { bootForDelivery, mailboxAt, pausedCode, send, tried, waiting } from '../support/outbox';
import { OPERATOR, type App } from '../support/strapi';
import { OF_A_TEST, writtenByTest } from '../support/statements';

const NAME = 'mail.club.example';
const notFound = (): Error => Object.assign(new Error('not found'), { code: 'ENOTFOUND' });

/** Delivery §4: failures before the SMTP conversation. */
describe('a submission that cannot reach its mail server', () => {
  let app: App;
  let server: ScriptedServer;
  let lookup: jest.SpyInstance;

  beforeAll(async () => {
    server = await startScriptedServer();
    app = await bootForDelivery({
      config: {
        network: { allow: ['127.0.0.1'], ehloName: 'mail.site.example' },
        ownAddress: { requireConfirmation: false },
      },
    });
  });

  beforeEach(() => {
    lookup = jest.spyOn(dns, 'lookup').mockRejectedValue(notFound());
  });

  afterEach(() => lookup.mockRestore());

  afterAll(async () => {
    await app.stop();
    await server.close();
  });

  const stillThere = (state: 'pending' | 'deferred') => ({
    state: 'queued',
    attempts: 0,
    error: null,
    recipients: [{ state, reply: null }],
  });

  it('is deferred when the connection is refused', async () => {
    const gone = await startScriptedServer();
    const mailbox = await mailboxAt(app, gone.port);
    await gone.close();
    expect(await tried(app, `mailbox:${mailbox}`)).toMatchObject(stillThere('deferred'));
    expect(await pausedCode(app, mailbox)).toBeNull();
  });

  it('is deferred when its host is not found in DNS', async () => {
    const mailbox = await mailboxAt(app, 587, { host: NAME, encryption: 'starttls' });
    expect(await tried(app, `mailbox:${mailbox}`)).toMatchObject(stillThere('deferred'));
  });

  it.each(['10.0.0.1', '169.254.169.254', '::1', '64:ff9b::a00:1', '::ffff:10.0.0.1'])(
    'waits in a paused mailbox when its host, allowed when saved, resolves to %s at the attempt',
    async (address) => {
      const mailbox = await mailboxAt(app, 587, { host: NAME, encryption: 'starttls' });
      lookup.mockResolvedValue([
        { address: '127.0.0.1', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ]);
      const connections = server.sessions.length;
      expect(await tried(app, `mailbox:${mailbox}`)).toMatchObject(stillThere('pending'));
      expect(await pausedCode(app, mailbox)).toBe('HOST_NOT_ALLOWED');
      expect(server.sessions).toHaveLength(connections);
    }
  );

  it('waits while its mailbox has no password', async () => {
    const mailbox = await mailboxAt(app, server.port, { auth: 'password', password: null });
    expect(await pausedCode(app, mailbox)).toBe('SECRET_REQUIRED');
    const connections = server.sessions.length;
    expect(await waiting(app, `mailbox:${mailbox}`)).toMatchObject(stillThere('pending'));
    expect(server.sessions).toHaveLength(connections);
  });

  it('waits while no key opens the password of its mailbox', async () => {
    const mailbox = await mailboxAt(app, server.port, { auth: 'password' });
    const secrets = app.strapi.db.connection('mailboxes_secrets').comment(OF_A_TEST).where({ mailbox });
    const [row] = (await secrets.clone().select('value')) as { value: string }[];
    await secrets.clone().update({ value: `${row?.value.slice(0, -4)}AAAA` });
    const connections = server.sessions.length;
    expect(await tried(app, `mailbox:${mailbox}`)).toMatchObject(stillThere('pending'));
    expect(await pausedCode(app, mailbox)).toBe('SECRET_UNREADABLE');
    expect(await waiting(app, `mailbox:${mailbox}`)).toMatchObject(stillThere('pending'));
    expect(server.sessions).toHaveLength(connections);
    expect((await secrets.clone().select('mailbox')).length).toBe(1);
  });

  it('is sent after a usable password is saved', async () => {
    const mailbox = await mailboxAt(app, server.port, { auth: 'password', password: null });
    const smtp = { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'password' } as const;
    await app.service('mailboxes').update(mailbox, { smtp: { ...smtp, password: 'right' } }, { actor: OPERATOR });
    expect(await pausedCode(app, mailbox)).toBeNull();
    expect(await send(app, `mailbox:${mailbox}`)).toMatchObject({ state: 'submitted', attempts: 1 });
  });

  it('names the configured host at EHLO, as connection tests and test mails do', async () => {
    const own = await startScriptedServer();
    const mailbox = await mailboxAt(app, own.port);
    expect(await send(app, `mailbox:${mailbox}`)).toMatchObject({ state: 'submitted' });
    const actor = { type: 'user', id: (await app.superAdmin()).id } as const;
    const tested = await app.service('connection').test({ mailbox, sendToMe: true }, { actor });
    expect(tested).toMatchObject({ ok: true, mail: { ok: true } });
    expect(own.sessions.map(({ clientName }) => clientName)).toEqual(Array(3).fill('mail.site.example'));
    await own.close();
  });

  it('fails when chunks of the message are missing', async () => {
    const mailbox = await mailboxAt(app, server.port);
    const stop = server.accepted.length;
    const knex = app.strapi.db.connection;
    // Between accept and hand-over: the attempt has its connection and finds the chunk deleted.
    server.play({
      on: async ({ stage }) => {
        if (stage === 'mail') await writtenByTest(knex, knex('mailboxes_message_chunks').delete());
      },
    });
    // Small messages are read when they are claimed.
    expect(await send(app, `mailbox:${mailbox}`, { text: 'Hello\n'.repeat(50_000) })).toMatchObject({
      state: 'failed',
      error: { code: 'ATTACHMENT_NOT_FOUND' },
      recipients: [{ state: 'rejected', reply: null }],
    });
    server.play({});
    expect(server.accepted).toHaveLength(stop);
  });
});
