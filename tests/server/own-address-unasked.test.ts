import { letter } from '../support/letter';
import { bootSite, listOf, type Site } from '../support/site';
import type { Person } from '../support/strapi';

/** `ownAddress.requireConfirmation: false`, where account e-mails come from a single sign-on (rules §5). */
describe('an own address that need not be confirmed', () => {
  let app: Site, ada: Person;
  let tenant: string;

  beforeAll(async () => {
    app = await bootSite({ config: { ownAddress: { requireConfirmation: false } } });
    ada = await app.person();
    tenant = (await app.seeds.tenant({ ownAddress: 'sender-and-reply-to' })).id;
  });

  afterAll(() => app.stop());

  it('is offered in both lists', async () => {
    const { from, replyTo, unavailable } = await listOf(app, ada, tenant);
    for (const list of [from, replyTo]) expect(list[0]).toMatchObject({ id: 'own', email: ada.email });
    expect(unavailable).toEqual([]);
  });

  it('sends', async () => {
    await app
      .as(ada)
      .post('/submissions', letter({ tenant, from: 'own', replyTo: 'own' }))
      .expect(202);
    await app.mailServer.waitForMessages(1);
    expect((await app.mailServer.parsed())[0]?.from?.text).toContain(ada.email);
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
