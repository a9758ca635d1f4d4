import { ACTIONS, actionId } from '../../server/src/contracts/permissions';
import { adminToken } from '../support/admin-token';
import { actionsOf, nameOf, request, routesOf, servedNames, urlOf, type Caller, type Route } from '../support/routes';
import { letter } from '../support/letter';
import { bootSite, type Site } from '../support/site';
import { EVERYTHING, type Person } from '../support/strapi';

const PASSWORD = 'correct horse';

let app: Site, root: Person, ada: Person, stranger: Person;
let mailbox: string, grant: string, submission: string;

beforeAll(async () => {
  app = await bootSite();
  root = await app.superAdmin();
  ada = await app.person();
  stranger = await app.person({ actions: [] });
  const smtp = { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'password', password: PASSWORD };
  mailbox = (await app.seeds.mailbox('default', { restricted: true, authenticated: true, smtp })).id;
  grant = (await app.seeds.grant(mailbox, { user: ada.id })).id;
  submission = (await app.as(ada).post('/submissions', letter()).expect(202)).body.data.id;
});

afterAll(() => app.stop());

const every = (): Route[] => routesOf(app);
const routes = (): Route[] => every().filter(({ type }) => type === 'admin');
const contentRoutes = (): Route[] => every().filter(({ type }) => type === 'content-api');
const call = (route: Route, caller: Caller) => {
  const id = route.path.startsWith('/mailboxes') ? mailbox : submission;
  return request(app, route.method, urlOf(route, { id, grantId: grant }), caller);
};

/** An answer per route, as `status code`, so that a difference shows which route it is. */
const answers = async (which: readonly Route[], caller: Caller): Promise<Record<string, string>> => {
  const seen: Record<string, string> = {};
  for (const route of which) {
    const { status, body } = await call(route, caller);
    seen[nameOf(route)] = [status, body?.error?.details?.code].filter(Boolean).join(' ');
  }
  return seen;
};
const all = (which: readonly Route[], answer: string): Record<string, string> =>
  Object.fromEntries(which.map((route) => [nameOf(route), answer]));

describe('every route of the content API', () => {
  it('is one of two, each with our policy and our middleware', () => {
    expect(contentRoutes().map(nameOf)).toEqual([
      'POST /api/mailboxes/submissions',
      'GET /api/mailboxes/submissions/:id',
    ]);
    for (const { config } of contentRoutes())
      expect(config).toMatchObject({
        policies: ['plugin::mailboxes.is-verified'],
        middlewares: ['plugin::mailboxes.refusals'],
      });
  });

  it('requires that Strapi authenticated the caller: a route with `auth: false` stays closed', () => {
    const policy = app.strapi.policy('plugin::mailboxes.is-verified') as unknown as (ctx: unknown) => boolean;
    expect(policy({ state: {} })).toBe(false);
    expect(policy({ state: { auth: { strategy: { name: 'content-api-token' } } } })).toBe(true);
  });
});

describe('every route', () => {
  it('is covered: the HTTP server answers exactly the registered routes below our prefixes', () => {
    expect(servedNames(app).sort()).toEqual(every().map(nameOf).sort());
    expect(routes().length).toBeGreaterThan(30);
    expect(every()).toHaveLength(routes().length + contentRoutes().length);
  });

  it('authenticates, requires a permission of ours, and answers refusals in one place', () => {
    const known = ACTIONS.map(({ uid }) => actionId(uid));
    for (const route of routes()) {
      const [first, second] = route.config.policies ?? [];
      expect([nameOf(route), first]).toEqual([nameOf(route), 'admin::isAuthenticatedAdmin']);
      expect(second).toMatchObject({ name: 'plugin::mailboxes.holds-any' });
      expect(actionsOf(route).length).toBeGreaterThan(0);
      expect(known).toEqual(expect.arrayContaining(actionsOf(route)));
      expect(route.config.middlewares).toEqual(['plugin::mailboxes.refusals']);
    }
  });

  it('answers 401 without a token and with an invalid one', async () => {
    expect(await answers(routes(), null)).toEqual(all(routes(), '401'));
    expect(await answers(routes(), { token: 'nonsense' })).toEqual(all(routes(), '401'));
  });

  it("answers 403 with Strapi's own body to a role without the permission", async () => {
    expect(await answers(routes(), stranger)).toEqual(all(routes(), '403'));
    const { body } = await app.as(stranger).get('/mailboxes');
    expect(body).toEqual({
      data: null,
      error: { status: 403, name: 'PolicyError', message: 'Policy Failed', details: {} },
    });
  });

  it('answers 403 to a role that holds every permission of ours but the one', async () => {
    // One person per set of permissions that a route may ask for: few, and each costs a password hash.
    const people = new Map<string, Person>();
    for (const route of routes()) {
      const asked = actionsOf(route);
      const others = EVERYTHING.filter((action) => !asked.includes(actionId(action)));
      const person = people.get(asked.join()) ?? (await app.person({ actions: others }));
      people.set(asked.join(), person);
      const { status, body } = await call(route, person);
      expect([nameOf(route), status, body.error.name]).toEqual([nameOf(route), 403, 'PolicyError']);
    }
  });

  it('refuses an admin token on routes that act as the signed-in user', async () => {
    const machine = await adminToken(app, root, EVERYTHING);
    const personal = routes().filter((route) => actionsOf(route).includes(actionId('communication.send')));
    expect(personal.map(nameOf)).toEqual(
      expect.arrayContaining(['GET /me', 'POST /submissions', 'POST /own-address/confirmation'])
    );
    expect(await answers(personal, machine)).toEqual(all(personal, '403 FORBIDDEN_TO_SEND'));
    await app.as(machine).get('/mailboxes').expect(200);
  });

  it('lets an admin token do nothing that only its owner may', async () => {
    const machine = await adminToken(app, root, ['mailboxes.create']);
    const { status, body } = await app
      .as(machine)
      .post('/mailboxes', { email: 'token@club.example', name: 'Token', global: true });
    expect({ status, code: body.error?.details?.code }).toEqual({ status: 403, code: 'FORBIDDEN' });
    const system = await app.as(machine).post('/mailboxes/test', { mailbox: 'system' });
    expect(system.status).toBe(403);
  });

  it('limits an admin token to its own permissions, even of an owner with more', async () => {
    const machine = await adminToken(app, root, ['mailboxes.read']);
    const others = routes().filter((route) => !actionsOf(route).includes(actionId('mailboxes.read')));
    expect(await answers(others, machine)).toEqual(all(others, '403'));
    await app.as(machine).get(`/mailboxes/${mailbox}`).expect(200);
  });
});

describe('every route of the content API', () => {
  it('has policies, leaves authentication to Strapi, and answers refusals in one place', () => {
    for (const route of contentRoutes()) {
      // With `auth: false` Strapi would not authenticate the caller.
      expect([nameOf(route), route.config.auth]).not.toEqual([nameOf(route), false]);
      expect(route.config.policies?.length).toBeGreaterThan(0);
      expect(route.config.middlewares).toEqual(['plugin::mailboxes.refusals']);
    }
  });

  it('refuses requests without a token, of an admin, and with a token missing in the configuration', async () => {
    const tokens = app.strapi.service('admin::api-token') as unknown as {
      create: (attributes: Record<string, unknown>) => Promise<{ accessKey: string }>;
    };
    const token = async (type: string, permissions?: string[]): Promise<Caller> => ({
      token: (await tokens.create({ name: type, type, permissions, description: '', lifespan: null })).accessKey,
    });
    const callers: Caller[] = [null, { token: 'nonsense' }, root, await token('custom', [])];
    callers.push(await token('read-only'), await token('full-access'));
    for (const route of contentRoutes())
      for (const [index, caller] of callers.entries()) {
        const { status, body } = await call(route, caller);
        expect([nameOf(route), index, [401, 403].includes(status), body.data]).toEqual([
          nameOf(route),
          index,
          true,
          null,
        ]);
      }
  });
});
