import { boot, type App } from '../support/strapi';

describe('the list of mailboxes', () => {
  let app: App | undefined;

  afterEach(() => app?.stop());

  it.each([
    ['names no provider that takes whole messages', 'nodemailer', null],
    ['names a provider that gives less than the promise', 'sendmail', 'sendmail'],
  ])('%s', async (_name, provider, told) => {
    app = await boot({ email: { provider, settings: { defaultFrom: 'system@site.example' } } });
    const { body } = await app
      .as(await app.superAdmin())
      .get('/mailboxes')
      .expect(200);
    expect(body.meta.setup.weakProvider).toBe(told);
  });
});
