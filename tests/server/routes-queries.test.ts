import { contentsOf, STORED, staysUnchanged } from '../support/answers';
import { actionsOf, nameOf, paramsOf, request, routesOf, urlOf, type Params, type Route } from '../support/routes';
import { bootSite, sentBy, type Site } from '../support/site';
import { actorOf, EVERYTHING, type Person } from '../support/strapi';

/* Nothing of a client's query reaches Strapi's query engine: every route of ours names its keys (security 10). */

let app: Site, root: Person;
let params: (route: Route) => Params;

const TEXT = 'a text of its own';
const RECIPIENT = 'reader@elsewhere.example';
const LOGIN = 'login-of-news';
const PASSWORD = 'correct horse';

beforeAll(async () => {
  app = await bootSite();
  root = await app.person({ actions: EVERYTHING });
  const smtp = {
    host: '127.0.0.1',
    port: 587,
    encryption: 'none',
    auth: 'password',
    username: LOGIN,
    password: PASSWORD,
  };
  const mailbox = await app.seeds.mailbox('default', { authenticated: true, smtp });
  const grant = await app.seeds.grant(mailbox.id, { user: root.id });
  const { id: tenant } = await app.service('tenants').default();
  const draft = await app
    .as(root)
    .post('/drafts', { to: [RECIPIENT], subject: 'Hello', text: TEXT })
    .expect(201);
  const byNoun: Record<string, string> = {
    drafts: draft.body.data.id,
    mailboxes: mailbox.id,
    submissions: await sentBy(app, actorOf(root), { to: [RECIPIENT], text: TEXT }),
    tenants: tenant,
    users: String(root.id),
  };
  params = ({ path }) => ({ id: byNoun[path.split('/')[1] ?? ''] ?? 'x', grantId: grant.id });
});

afterAll(() => app.stop());

staysUnchanged(() => contentsOf(app, STORED));

const routes = (): Route[] => routesOf(app).filter(({ type }) => type === 'admin');
const probe = async (route: Route, query: string) => {
  const { status, body } = await request(app, route.method, `${urlOf(route, params(route))}?${query}`, root);
  return { route: nameOf(route), status, details: body.error?.details, data: body.data };
};

const rejectsKey = async (route: Route, key: string, query: (guess: string) => string): Promise<void> => {
  const right = await probe(route, query('S'));
  expect(right).toEqual({
    route: nameOf(route),
    status: 400,
    details: { code: 'UNKNOWN_FIELD', path: key },
    data: null,
  });
  expect(await probe(route, query('X'))).toEqual(right);
};

it('calls every admin route with the permission that it requires', () => {
  expect(routes().length).toBeGreaterThan(30);
  for (const route of routes()) {
    expect(EVERYTHING.map((action) => `plugin::mailboxes.${action}`)).toEqual(expect.arrayContaining(actionsOf(route)));
    expect([nameOf(route), ...paramsOf(route).map((name) => params(route)[name])]).not.toContain('x');
  }
});

/**
 * The mechanisms by which a route names its keys, each with one route: a list, a few texts, none at all, none beside a
 * body. Each form of a query goes through these; each route shows with a few forms that it uses one of them.
 */
const MECHANISMS = ['GET /submissions', 'GET /identities', 'GET /mailboxes/:id', 'PUT /mailboxes/:id'];
const mechanisms = (): Route[] => routes().filter((route) => MECHANISMS.includes(nameOf(route)));

it('finds the routes that stand for the mechanisms', () => {
  expect(mechanisms()).toHaveLength(MECHANISMS.length);
});

describe('an unknown key', () => {
  it.each<[key: string, query: (guess: string) => string]>([
    ['filters', (guess) => `filters[smtp][password][$startsWith]=${guess}`],
    ['filters', (guess) => `filters[createdBy][password][$startsWith]=${guess}`],
    ['filters', (guess) => `filters[t1.password][$startsWith]=${guess}`],
    ['filters', (guess) => `filters[$or][0][memberUsers][resetPasswordToken][$startsWith]=${guess}`],
    ['where', (guess) => `where[user][password][$startsWith]=${guess}`],
    ['_where', (guess) => `_where[0][smtpUsername_contains]=${guess}`],
    ['$where', (guess) => `$where=${guess}`],
    ['lookup', (guess) => `lookup[user][password][$startsWith]=${guess}`],
    ['populate', (guess) => `populate[user][filters][password][$startsWith]=${guess}`],
    ['populate', () => 'populate=*'],
    ['populate', () => 'populate=deep'],
    ['fields', () => 'fields=*'],
    ['fields', () => 'fields[0]=password'],
    ['select', () => 'select=*'],
    ['sort', () => 'sort=user.password:desc'],
    ['sort', () => 'sort[user][password]=desc'],
    ['orderBy', () => 'orderBy[password]=desc'],
    ['_q', (guess) => `_q=${guess}`],
    ['pagination', () => 'pagination[limit]=-1'],
    ['locale', () => 'locale=*'],
    ['status', () => 'status=draft'],
    ['actor', (guess) => `actor=${guess}`],
    ['_method', () => '_method=DELETE'],
  ])('%s is rejected with the same answer for each guess (%#)', async (key, query) => {
    for (const route of mechanisms()) await rejectsKey(route, key, query);
  });

  it('is rejected by every route', async () => {
    for (const route of routes()) {
      await rejectsKey(route, 'filters', (guess) => `filters[createdBy][password][$startsWith]=${guess}`);
      await rejectsKey(route, 'populate', () => 'populate=*');
    }
  });
});

describe('a known key', () => {
  const KEYS = [
    'q',
    'id',
    'state',
    'from',
    'since',
    'until',
    'author',
    'after',
    'zone',
    'tenant',
    'page',
    'pageSize',
    'cancelUnfinished',
  ];
  const FORMS = [
    '[$ne]=x',
    '[$startsWith]=S',
    '[$containsi]=S',
    '[$null]=true',
    '[]=x',
    '[0]=x',
    '[0][$ne]=x',
    '[a][b][c]=x',
    '=%00',
    `=${'x'.repeat(256)}`,
  ];
  /** Routes that know a key which the mechanisms above do not. */
  const OTHERS = ['DELETE /mailboxes/:id', 'GET /submissions-by-day', 'GET /pickers/users'];

  const rejectsForm = async (route: Route, key: string, query: string): Promise<string> => {
    const { status, details } = await probe(route, query);
    expect([nameOf(route), query, status, details?.path]).toEqual([nameOf(route), query, 400, key]);
    expect(['UNKNOWN_FIELD', 'INVALID_INPUT']).toContain(details.code);
    return details.code as string;
  };

  it.each(KEYS)('%s is rejected in each form that is no single text', async (key) => {
    const asked = routes().filter((route) => [...MECHANISMS, ...OTHERS].includes(nameOf(route)));
    expect(asked).toHaveLength(MECHANISMS.length + OTHERS.length);
    for (const route of asked)
      for (const query of [...FORMS.map((end) => `${key}${end}`), `${key}=x&${key}=y`])
        await rejectsForm(route, key, query);
  });

  // One test per key: all of them together exceed the time limit of one test on a busy machine.
  it.each(KEYS)('%s is rejected as an operator, a list and a NUL by every route, and known to some', async (key) => {
    const codes = new Set<string>();
    for (const route of routes())
      for (const form of ['[$ne]=x', '[]=x', '=%00']) codes.add(await rejectsForm(route, key, `${key}${form}`));
    expect([...codes].sort()).toEqual(['INVALID_INPUT', 'UNKNOWN_FIELD']);
  });
});

it('finds no text, login or hash by a search, and recipients only in lists that show them', async () => {
  const lists: Route[] = [];
  for (const route of routes())
    if (route.method === 'GET' && (await probe(route, 'q=%00')).details?.code === 'INVALID_INPUT') lists.push(route);
  expect(lists.map(nameOf)).toEqual(
    expect.arrayContaining(['GET /submissions', 'GET /drafts', 'GET /mailboxes', 'GET /pickers/users'])
  );
  // This list suggests previous recipients.
  const ownRecipients = (list: Route): boolean => nameOf(list) === 'GET /recipients';
  for (const route of lists.filter((list) => paramsOf(list).length === 0 && !ownRecipients(list)))
    for (const guess of [TEXT, RECIPIENT, LOGIN, PASSWORD, '$2a$', 'v1.']) {
      if (guess === RECIPIENT && nameOf(route) === 'GET /submissions') continue;
      const { status, data } = await probe(route, `q=${encodeURIComponent(guess)}`);
      expect([nameOf(route), guess, status, data]).toEqual([nameOf(route), guess, 200, []]);
    }
});

describe('prototype keys', () => {
  it.each(['__proto__[q]=x', 'constructor[prototype][q]=x', '__proto__=x', 'q[__proto__][$ne]=x', 'toString=x'])(
    '%s does not change the prototype',
    async (query) => {
      for (const route of routes().filter(({ method }) => method === 'GET'))
        expect([200, 400]).toContain((await probe(route, query)).status);
      expect(({} as Record<string, unknown>).q).toBeUndefined();
    }
  );
});
