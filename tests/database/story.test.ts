import { bootSite, type Site } from '../support/site';
import { letter } from '../support/letter';
import { EDITOR, MANAGER, OPERATOR, type Person } from '../support/strapi';
import { makeCertificates, type TestCertificates } from '../support/smtp/certificates';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';

/** A site admin creates a mailbox with its own SMTP login, restricts it, grants it to one editor. */
describe('from a new mailbox to a mail server', () => {
  let certificates: TestCertificates, clubServer: MailServer;
  let app: Site, admin: Person, ada: Person, ben: Person;
  /** Runs while the club's server handles RCPT: after the accept, before the hand-over. */
  let meanwhile = (): Promise<undefined> => Promise.resolve(undefined);
  let mailbox: { id: string };

  beforeAll(async () => {
    certificates = await makeCertificates();
    clubServer = await startMailServer({
      tls: 'starttls',
      certificate: certificates,
      users: { 'news-login': 'correct horse' },
      onRcpt: () => meanwhile(),
    });
    app = await bootSite({ config: { network: { allow: ['127.0.0.1'], ca: [certificates.caPem] } } });
    admin = await app.person({ actions: MANAGER, firstname: 'Carol' });
    ada = await app.person({ actions: EDITOR, firstname: 'Ada' });
    ben = await app.person({ actions: EDITOR, firstname: 'Ben' });
  });

  afterAll(async () => {
    await app.stop();
    await clubServer.close();
  });

  it('lets a site admin create it, restricted and authenticated', async () => {
    const { body, status } = await app.as(admin).post('/mailboxes', {
      email: 'News@Club.example',
      name: 'Club News',
      restricted: true,
      authenticated: true,
      smtp: {
        host: '127.0.0.1',
        port: clubServer.port,
        encryption: 'starttls',
        auth: 'password',
        username: 'news-login',
        password: 'correct horse',
      },
    });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { data: { email: 'News@Club.example', state: 'ok', smtp: { hasPassword: true } } },
    });
    mailbox = body.data;
  });

  it('offers it to no user before it is granted', async () => {
    for (const editor of [ada, ben]) {
      const { body } = await app.as(editor).get('/identities');
      expect(body.data.from.map(({ id }: { id: string }) => id)).toEqual(['system']);
    }
  });

  it('offers it to the one editor it is granted to, on the very next request', async () => {
    await app.as(admin).post(`/mailboxes/${mailbox.id}/grants`, { user: ada.id }).expect(201);
    const { body } = await app.as(ada).get('/identities').expect(200);
    expect(body.data.from.map(({ id }: { id: string }) => id)).toEqual([`mailbox:${mailbox.id}`, 'system']);
  });

  it('hands her submission to its own server, signed in, with the headers of rules §4', async () => {
    const { body } = await app
      .as(ada)
      .post('/submissions', {
        from: `mailbox:${mailbox.id}`,
        replyTo: 'system',
        to: [{ email: 'reader@news.example', name: 'Reader' }],
        bcc: ['hidden@news.example'],
        subject: 'Grüße',
        text: 'Hello',
      })
      .expect(202);
    const settled = await app.service('submissions').whenSettled(body.data.id, { actor: { type: 'user', id: ada.id } });
    expect(settled).toMatchObject({ state: 'submitted', error: null, attempts: 1 });
    const [message] = await clubServer.waitForMessages(1);
    expect(message).toMatchObject({
      authenticatedAs: 'news-login',
      tls: true,
      envelope: { from: 'News@club.example', to: ['reader@news.example', 'hidden@news.example'] },
    });
    const [parsed] = await clubServer.parsed();
    expect(parsed?.from?.text).toBe('"Club News" <News@club.example>');
    expect(parsed?.replyTo?.text).toBe('"Site" <system@site.example>');
    expect(parsed?.headers.has('sender')).toBe(false);
    expect(message?.raw.toString('latin1')).not.toContain('hidden@news.example');
    expect(app.mailServer.messages).toHaveLength(0);
  });

  it('refuses a hand-made request of another editor', async () => {
    const { body, status } = await app
      .as(ben)
      .post('/submissions', letter({ from: `mailbox:${mailbox.id}`, subject: 'Forged' }));
    expect({ status, code: body.error.details.code }).toEqual({ status: 403, code: 'FORBIDDEN_FROM' });
  });

  it('hands over nothing when the grant is revoked between accept and hand-over', async () => {
    const [grant] = await app.service('grants').findMany({ actor: OPERATOR, mailbox: mailbox.id });
    meanwhile = async () => {
      await app.as(admin).delete(`/mailboxes/${mailbox.id}/grants/${grant?.id}`).expect(204);
      return undefined;
    };
    const { body } = await app
      .as(ada)
      .post('/submissions', {
        from: `mailbox:${mailbox.id}`,
        to: ['reader@news.example'],
        subject: 'Revoked meanwhile',
        text: 'Hello',
      })
      .expect(202);
    const settled = await app.service('submissions').whenSettled(body.data.id, { actor: { type: 'user', id: ada.id } });
    meanwhile = () => Promise.resolve(undefined);
    expect(settled).toMatchObject({
      state: 'failed',
      error: { code: 'FORBIDDEN_FROM' },
      recipients: [{ state: 'rejected', reply: null }],
    });
    expect(clubServer.messages).toHaveLength(1);
    expect(app.mailServer.messages).toHaveLength(0);
  });

  it('refuses her on the next request after that', async () => {
    const { body } = await app.as(ada).post('/submissions', {
      from: `mailbox:${mailbox.id}`,
      to: ['reader@news.example'],
      subject: 'Too late',
      text: 'Hello',
    });
    expect(body.error).toMatchObject({ status: 403, details: { code: 'FORBIDDEN_FROM' } });
    expect(clubServer.messages).toHaveLength(1);
  });

  it('sends a mailbox without authentication through the system mailbox, and says so in Sender', async () => {
    const { body: created } = await app
      .as(admin)
      .post('/mailboxes', { email: 'press@club.example', name: 'Press' })
      .expect(201);
    const { body } = await app
      .as(ben)
      .post('/submissions', {
        from: `mailbox:${created.data.id}`,
        to: ['reader@news.example'],
        subject: 'Hello',
        text: 'Hello',
      })
      .expect(202);
    await app.service('submissions').whenSettled(body.data.id, { actor: { type: 'user', id: ben.id } });
    const [message] = await app.mailServer.waitForMessages(1);
    expect(message?.envelope).toEqual({ from: 'system@site.example', to: ['reader@news.example'] });
    const [parsed] = await app.mailServer.parsed();
    expect(parsed?.from?.text).toBe('"Press" <press@club.example>');
    expect(parsed?.headers.get('sender')).toMatchObject({ value: [{ address: 'system@site.example' }] });
    expect(parsed?.replyTo).toBeUndefined();
  });
});
