import { countRows, refuses } from '../support/answers';
import { apiToken, contentApi, FIND_ONE, roleOf, SUBMIT, visitor } from '../support/content-api';
import { letter } from '../support/letter';
import { boot, type App } from '../support/strapi';
import { siteConfig } from '../support/site';

/* The content API where nothing, or not everything, is set up for it. */

describe('without a configuration', () => {
  let closed: App;
  beforeAll(async () => {
    closed = await boot({ usersPermissions: true, config: { systemActors: { robot: { mailboxes: 'all' } } } });
  });
  afterAll(() => closed.stop());

  it('the content API is closed: to full access, and to a role with the permission ticked', async () => {
    const somebody = await visitor(closed, await roleOf(closed, 'authenticated', [SUBMIT, FIND_ONE]));
    for (const caller of [await apiToken(closed, 'robot'), somebody]) {
      await refuses(contentApi(closed, caller).post(letter()), 403, 'FORBIDDEN_TO_SEND');
      await refuses(contentApi(closed, caller).get('/submissions/abcdefghijklmnopqrstuvwx'), 403, 'FORBIDDEN_TO_SEND');
    }
    expect(await countRows(closed, ['mailboxes_submissions', 'mailboxes_messages'])).toEqual({
      mailboxes_submissions: 0,
      mailboxes_messages: 0,
    });
  });
});

describe('without the plugin users-permissions', () => {
  let alone: App;
  beforeAll(async () => {
    alone = await boot({
      config: siteConfig(
        { port: 25 },
        {
          delivery: { role: 'accept' },
          systemActors: { robot: { mailboxes: 'all' }, clerk: { mailboxes: [] } },
          contentApi: { tokens: { shop: 'robot', till: 'robot', counter: 'clerk' }, roles: { staff: 'robot' } },
          limits: { perTenantPerHour: 2 },
        }
      ),
    });
  });
  afterAll(() => alone.stop());

  it('accepts tokens, answers 401 without one, and logs that the role bindings have no effect', async () => {
    const token = await apiToken(alone, 'shop');
    await contentApi(alone, token).post(letter()).expect(202);
    await contentApi(alone, null).post(letter()).expect(401);
    expect(alone.logs.filter((line) => line.includes('contentApi.roles'))).toHaveLength(1);
  });

  it("applies the tenant's hourly limit to tokens too, and returns the waiting time", async () => {
    const token = await apiToken(alone, 'till');
    const another = await apiToken(alone, 'counter');
    await contentApi(alone, token).post(letter()).expect(202);
    const { status, headers, body } = await contentApi(alone, another).post(letter());
    expect({ status, code: body.error.details.code }).toEqual({ status: 429, code: 'RATE_LIMITED' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(3500);
  });
});
