import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { listOf, seedsOf, siteConfig } from '../support/site';
import { boot, type App, type Person } from '../support/strapi';

/** `ownAddress.requireConfirmation: false`, where account e-mails come from a single sign-on (rules §5). */
describe('an own address that need not be confirmed', () => {
  let app: App;
  let server: MailServer;
  let ada: Person;
  let tenant: string;

  beforeAll(async () => {
    server = await startMailServer({ tls: 'none' });
    app = await boot({ config: siteConfig(server, { ownAddress: { requireConfirmation: false } }) });
    ada = await app.person();
    tenant = (await seedsOf(app).tenant({ ownAddress: 'sender-and-reply-to' })).id;
  });

  afterAll(async () => {
    await app.stop();
    await server.close();
  });

  it('is offered in both lists', async () => {
    const { from, replyTo, unavailable } = await listOf(app, ada, tenant);
    for (const list of [from, replyTo]) expect(list[0]).toMatchObject({ id: 'own', email: ada.email });
    expect(unavailable).toEqual([]);
  });

  it('sends', async () => {
    const message = {
      tenant,
      from: 'own',
      replyTo: 'own',
      to: ['reader@news.example'],
      subject: 'News',
      text: 'Hello',
    };
    await app.as(ada).post('/submissions', message).expect(202);
    await server.waitForMessages(1);
    expect((await server.parsed())[0]?.from?.text).toContain(ada.email);
  });

  it('is still reported as unconfirmed', async () => {
    const { body } = await app.as(ada).get('/me').expect(200);
    expect(body.data.ownAddress).toEqual({ email: ada.email, confirmed: false, requestedAt: null });
  });

  it('is the current account e-mail', async () => {
    const email = 'new@club.example';
    await app.strapi.db.query('admin::user').update({ where: { id: ada.id }, data: { email } });
    expect((await listOf(app, ada, tenant)).from[0]).toMatchObject({ id: 'own', email });
  });
});
