import { ACTIONS, actionId } from '../../server/src/contracts/permissions';
import { adminToken } from '../support/admin-token';
import { EDITOR, EVERYTHING, MANAGER, OPERATOR, boot, type App, type Person } from '../support/strapi';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';

type Body = Record<string, unknown>;
type Caller = Pick<Person, 'token'> | null;
interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  handler: string;
  config: {
    policies: (string | { name: string; config: { actions: string[] } })[];
    middlewares: string[];
  };
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;
const PASSWORD = 'correct horse';

let app: App;
let systemServer: MailServer;
let root: Person;
let manager: Person;
let ada: Person;
let ben: Person;
let stranger: Person;
let mailbox: string;
let grant: string;
let tenant: string;
let foreignMailbox: string;
let foreignGrant: string;
let submission: string;

beforeAll(async () => {
  systemServer = await startMailServer({ tls: 'none' });
  app = await boot({
    config: {
      mailboxLimit: 50,
      system: {
        from: { name: 'Site', email: 'system@site.example' },
        transport: { host: '127.0.0.1', port: systemServer.port, encryption: 'none', auth: 'none' },
      },
      network: { allow: ['127.0.0.1'] },
    },
  });
  root = await app.superAdmin();
  manager = await app.person({ actions: MANAGER });
  ada = await app.person({ actions: EDITOR });
  ben = await app.person({ actions: EDITOR });
  stranger = await app.person({ actions: [] });
  const by = { actor: OPERATOR };
  const smtp = { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'password', password: PASSWORD };
  const create = (input: Body) => app.service('mailboxes').create({ name: 'News', restricted: true, ...input }, by);
  mailbox = (await create({ email: 'news@club.example', authenticated: true, smtp })).id;
  grant = (await app.service('grants').create({ mailbox, user: ada.id }, by)).id;
  tenant = (await app.service('tenants').create({ name: 'Foreign', members: { users: [ben.id], roles: [] } }, by)).id;
  foreignMailbox = (await create({ email: 'news@foreign.example', tenant })).id;
  foreignGrant = (await app.service('grants').create({ mailbox: foreignMailbox, user: ben.id }, by)).id;
  const { body } = await app
    .as(ada)
    .post('/submissions', { from: 'system', to: ['reader@news.example'], subject: 'Hello', text: 'Hello' })
    .expect(202);
  submission = body.data.id;
});

afterAll(async () => {
  await app.stop();
  await systemServer.close();
});

const routes = (): Route[] =>
  Object.values(app.strapi.plugin('mailboxes').routes as unknown as Record<string, { routes: Route[] }>).flatMap(
    (router) => router.routes
  );
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const urlOf = ({ path }: Route): string =>
  path.replace(':grantId', grant).replace(':id', path.startsWith('/mailboxes') ? mailbox : submission);
const call = (route: Route, caller: Caller) => app.as(caller)[METHODS[route.method]](urlOf(route));
const actionsOf = ({ config }: Route): string[] =>
  config.policies.flatMap((policy) => (typeof policy === 'string' ? [] : policy.config.actions));

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

describe('every route', () => {
  it('is an admin route: there is no content API', () => {
    expect(Object.keys(app.strapi.plugin('mailboxes').routes)).toEqual(['admin']);
    expect(routes().length).toBeGreaterThan(20);
  });

  it('asks who is there, for a permission of ours, and answers refusals in one place', () => {
    const known = ACTIONS.map(({ uid }) => actionId(uid));
    for (const route of routes()) {
      const [first, second] = route.config.policies;
      expect([nameOf(route), first]).toEqual([nameOf(route), 'admin::isAuthenticatedAdmin']);
      expect(second).toMatchObject({ name: 'plugin::mailboxes.holds-any' });
      expect(actionsOf(route).length).toBeGreaterThan(0);
      expect(known).toEqual(expect.arrayContaining(actionsOf(route)));
      expect(route.config.middlewares).toEqual(['plugin::mailboxes.refusals']);
    }
  });

  it('answers 401 to nobody and to a token that is not one', async () => {
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

  it('refuses an admin token wherever somebody acts as themselves', async () => {
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

  it('gives an admin token no more than it was given, whoever owns it', async () => {
    const machine = await adminToken(app, root, ['mailboxes.read']);
    const others = routes().filter((route) => !actionsOf(route).includes(actionId('mailboxes.read')));
    expect(await answers(others, machine)).toEqual(all(others, '403'));
    await app.as(machine).get(`/mailboxes/${mailbox}`).expect(200);
  });
});

describe("what is somebody else's is not there", () => {
  it.each<[string, () => Person, () => [keyof typeof METHODS, string, Body?]]>([
    ["another editor's submission", () => ben, () => ['GET', `/submissions/${submission}`]],
    ["another tenant's mailbox", () => manager, () => ['GET', `/mailboxes/${foreignMailbox}`]],
    [
      "another tenant's mailbox, to change",
      () => manager,
      () => ['PUT', `/mailboxes/${foreignMailbox}`, { name: 'Mine' }],
    ],
    ["another tenant's mailbox, to delete", () => manager, () => ['DELETE', `/mailboxes/${foreignMailbox}`]],
    ["who may use another tenant's mailbox", () => manager, () => ['GET', `/mailboxes/${foreignMailbox}/who-may-use`]],
    ["another tenant's grants", () => manager, () => ['GET', `/mailboxes/${foreignMailbox}/grants`]],
    [
      "another tenant's mailbox, to grant",
      () => manager,
      () => ['POST', `/mailboxes/${foreignMailbox}/grants`, { user: ada.id }],
    ],
    [
      "another tenant's grant, to delete",
      () => manager,
      () => ['DELETE', `/mailboxes/${foreignMailbox}/grants/${foreignGrant}`],
    ],
    [
      "another tenant's grant, by way of one's own mailbox",
      () => manager,
      () => ['DELETE', `/mailboxes/${mailbox}/grants/${foreignGrant}`],
    ],
    ["another tenant's list", () => manager, () => ['GET', `/mailboxes?tenant=${tenant}`]],
    ["another tenant's submissions", () => ada, () => ['GET', `/submissions?tenant=${tenant}`]],
    [
      'another tenant, to create a mailbox in',
      () => manager,
      () => ['POST', '/mailboxes', { email: 'a@b.example', name: 'A', tenant }],
    ],
    [
      'what a user may send as in another tenant',
      () => manager,
      () => ['GET', `/users/${ben.id}/identities?tenant=${tenant}`],
    ],
  ])('404 NOT_FOUND: %s', async (_, who, request) => {
    const [method, url, input] = request();
    const { status, body } = await app.as(who())[METHODS[method]](url, input);
    expect({ status, code: body.error?.details?.code }).toEqual({ status: 404, code: 'NOT_FOUND' });
  });

  it('the answer is the same as for an id that nothing has', async () => {
    const { body: foreign } = await app.as(manager).get(`/mailboxes/${foreignMailbox}`);
    const { body: unknown } = await app.as(manager).get('/mailboxes/abcdefghijklmnopqrstuvwx');
    expect(foreign).toEqual(unknown);
  });

  it('and all of it is still there', async () => {
    const by = { actor: OPERATOR };
    expect(await app.service('mailboxes').findOne(foreignMailbox, by)).toMatchObject({ name: 'News' });
    expect(await app.service('grants').findMany({ ...by, mailbox: foreignMailbox })).toHaveLength(1);
  });
});
