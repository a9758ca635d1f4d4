import { memberTableNames } from '../../server/src/database/member-tables';
import { CONTENT_TABLES, TABLES } from '../../server/src/database/tables';
import { contentsOf } from '../support/answers';
import { apiToken } from '../support/content-api';
import { nameOf, paramsOf, request, routesOf, urlOf, type Method, type Params, type Route } from '../support/routes';
import { bootSite, sentBy, type Site } from '../support/site';
import { twoTenants, type TwoTenants } from '../support/two-tenants';

/*
 * Every route of ours with an id in its path answers an id of another user or tenant, an unknown id and a malformed one
 * with the same 404, and changes nothing (security 8).
 */

type Body = Record<string, unknown>;
type Who = keyof TwoTenants['people'] | 'machine';

interface Case {
  /** The caller, the ids of their own resources, and the body. */
  as: Who;
  own: () => Params;
  body?: () => Body;
  /** Resources of others: of the caller, or of another user who may call the route. */
  foreign: () => [what: string, params: Params, as?: Who][];
}

let app: Site;
let people: Record<Who, { token: string }> & TwoTenants['people'];
let ids: TwoTenants['ids'] & Record<'shops' | 'desks' | 'adasDraft' | 'bensDraft' | 'carlsDraft', string>;

beforeAll(async () => {
  const actor = { mailboxes: 'all' };
  const tokens = { shop: 'shop', desk: 'desk' };
  app = await bootSite({ config: { systemActors: { shop: actor, desk: actor }, contentApi: { tokens } } });
  const site = await twoTenants(app);
  people = { ...site.people, machine: await apiToken(app, 'shop') };
  ids = {
    ...site.ids,
    shops: await sentBy(app, { type: 'system', name: 'shop' }),
    desks: await sentBy(app, { type: 'system', name: 'desk' }),
    adasDraft: await draftOf('ada'),
    bensDraft: await draftOf('ben'),
    carlsDraft: await draftOf('carl'),
  };
});

afterAll(() => app.stop());

const draftOf = async (who: Who): Promise<string> =>
  (await app.as(people[who]).post('/drafts', { subject: 'Hello' }).expect(201)).body.data.id;

const ofSubmissions = (body?: Body): Case => ({
  as: 'ada',
  own: () => ({ id: ids.adas }),
  body: body && (() => body),
  foreign: () => [
    ["another user's", { id: ids.bens }],
    ["another tenant's", { id: ids.carls }],
    ["another tenant's, to who manages the log of one", { id: ids.carls }, 'manager'],
    ['of another kind', { id: ids.mailbox }],
  ],
});
const ofDrafts = (body?: Body): Case => ({
  as: 'ada',
  own: () => ({ id: ids.adasDraft }),
  body: body && (() => body),
  foreign: () => [
    ["another user's", { id: ids.bensDraft }],
    ["another tenant's", { id: ids.carlsDraft }],
    ["another user's, to who reads and manages the log", { id: ids.adasDraft }, 'manager'],
    ['of another kind', { id: ids.adas }],
  ],
});
const ofMailboxes = (body?: () => Body): Case => ({
  as: 'manager',
  own: () => ({ id: ids.mailbox }),
  body,
  foreign: () => [
    ["another tenant's", { id: ids.foreignMailbox }],
    ['of another kind', { id: ids.grant }],
  ],
});
/** `tenants.manage` holds everywhere: no tenant is foreign to a caller of these. */
const ofTenants = (body?: Body): Case => ({
  as: 'operator',
  own: () => ({ id: ids.tenant }),
  body: body && (() => body),
  foreign: () => [['of another kind', { id: ids.mailbox }]],
});

const CASES: Record<string, Case> = {
  'GET /submissions/:id': ofSubmissions(),
  'GET /submissions/:id/timeline': ofSubmissions(),
  'POST /submissions/:id/cancel': ofSubmissions(),
  'POST /submissions/:id/retry': ofSubmissions(),
  'POST /submissions/:id/reschedule': ofSubmissions({ sendAt: new Date().toISOString() }),
  'POST /submissions/:id/resend': ofSubmissions({ to: ['reader@news.example'] }),
  'POST /submissions/:id/settle': ofSubmissions({ as: 'submitted' }),
  'GET /drafts/:id': ofDrafts(),
  'PUT /drafts/:id': ofDrafts({ version: 1, subject: 'Changed' }),
  'DELETE /drafts/:id': ofDrafts(),
  'GET /mailboxes/:id': ofMailboxes(),
  'PUT /mailboxes/:id': ofMailboxes(() => ({ name: 'Changed' })),
  'GET /mailboxes/:id/who-may-use': ofMailboxes(),
  'GET /mailboxes/:id/grants': ofMailboxes(),
  'GET /mailboxes/:id/grants/subjects': ofMailboxes(),
  'POST /mailboxes/:id/grants': ofMailboxes(() => ({ user: people.ben.id })),
  'DELETE /mailboxes/:id/grants/:grantId': {
    as: 'manager',
    own: () => ({ id: ids.mailbox, grantId: ids.grant }),
    foreign: () => [
      ["another tenant's, by way of its mailbox", { id: ids.foreignMailbox, grantId: ids.foreignGrant }],
      ["another tenant's, by way of one's own mailbox", { id: ids.mailbox, grantId: ids.foreignGrant }],
      ["a global mailbox's, by way of one's own", { id: ids.mailbox, grantId: ids.globalGrant }],
      ["one's own, by way of another tenant's mailbox", { id: ids.foreignMailbox, grantId: ids.grant }],
    ],
  },
  'DELETE /mailboxes/:id': ofMailboxes(),
  'GET /users/:id/identities': {
    as: 'manager',
    own: () => ({ id: String(people.ada.id) }),
    foreign: () => [
      ["another tenant's", { id: String(people.carl.id) }],
      ['of another kind', { id: ids.mailbox }],
    ],
  },
  'GET /tenants/:id': ofTenants(),
  'GET /tenants/:id/members': ofTenants(),
  'PUT /tenants/:id': ofTenants({ name: 'Changed' }),
  'DELETE /tenants/:id': ofTenants(),
  'GET /api/mailboxes/submissions/:id': {
    as: 'machine',
    own: () => ({ id: ids.shops }),
    foreign: () => [
      ["a person's", { id: ids.adas }],
      ["another machine's", { id: ids.desks }],
      ["another tenant's", { id: ids.carls }],
    ],
  },
};

const UNKNOWN = ['abcdefghijklmnopqrstuvwx', '00000000-0000-4000-8000-000000000000', '999999', '0', 'null'];
/** Forms of an id that are none. */
const malformed = (id: string): string[] => [
  ...(id === id.toUpperCase() ? [] : [id.toUpperCase()]),
  ...['%20', '%00', '%2f', '%0a', '.json', ';', '%3f', '%25', '%CC%81'].map((end) => id + end),
  ...['0', '00', '%20', '..%2f', '%2e%2e%2f', '+', '%F0%9F%98%80'].map((start) => start + id),
  ...['__proto__', 'constructor', '*', '_', '-1', '1e9', '[object%20Object]', '%7B%22$ne%22:1%7D', 'x'.repeat(5000)],
];

/** One route for each kind of id and each parameter: `idFrom` reads them all. */
const EVERY_FORM = [
  'GET /submissions/:id',
  'PUT /drafts/:id',
  'GET /mailboxes/:id',
  'DELETE /mailboxes/:id/grants/:grantId',
  'GET /users/:id/identities',
  'GET /tenants/:id',
  'GET /api/mailboxes/submissions/:id',
];
/** Forms that one of the databases takes for the id itself, or fails at. */
const telling = (id: string): string[] => [
  ...(id === id.toUpperCase() ? [] : [id.toUpperCase()]),
  `${id}%20`,
  `${id}%00`,
  `0${id}`,
  '__proto__',
];

const STORED = (): string[] => {
  const { processes: _, rates: __, turns: ___, transports: ____, ...kept } = TABLES;
  return [...Object.values(CONTENT_TABLES), ...Object.values(kept), ...memberTableNames(app.strapi), 'admin_users'];
};

const withIds = (): Route[] => routesOf(app).filter((route) => paramsOf(route).length > 0);
const routeNamed = (name: string): Route => {
  const route = routesOf(app).find((candidate) => nameOf(candidate) === name);
  if (!route) throw new Error(`there is no route ${name}`);
  return route;
};
const caseOf = (name: string): Case => {
  const found = CASES[name];
  if (!found) throw new Error(`nobody said what is foreign to ${name}`);
  return found;
};
const ask = async (name: string, who: Who, params: Params) => {
  const route = routeNamed(name);
  const { status, body, headers } = await request(
    app,
    route.method,
    urlOf(route, params),
    people[who],
    caseOf(name).body?.()
  );
  const { date: _, ...others } = headers as Record<string, string>;
  return { status, body, headers: others };
};

let before: Record<string, string[]>;
let notFound: Awaited<ReturnType<typeof ask>>;
beforeAll(async () => {
  before = await contentsOf(app, STORED());
  notFound = await ask('GET /mailboxes/:id', 'manager', { id: 'abcdefghijklmnopqrstuvwx' });
});

it('lists foreign ids for every route with an id, and for no other', () => {
  expect(Object.keys(CASES).sort()).toEqual(withIds().map(nameOf).sort());
});

it('answers an unknown id with 404 NOT_FOUND and no further details', () => {
  expect({ status: notFound.status, body: notFound.body }).toEqual({
    status: 404,
    body: {
      data: null,
      error: { status: 404, name: 'MailboxesError', message: 'Not found.', details: { code: 'NOT_FOUND' } },
    },
  });
});

describe.each(Object.keys(CASES))('%s', (name) => {
  afterAll(async () => {
    expect(await contentsOf(app, STORED())).toEqual(before);
  });

  it('answers 404 for a foreign id', async () => {
    const { as, foreign } = caseOf(name);
    for (const [what, params, who = as] of foreign())
      expect([what, await ask(name, who, params)]).toEqual([what, notFound]);
  });

  it('answers 404 for unknown and malformed ids', async () => {
    const { as, own } = caseOf(name);
    const forms = EVERY_FORM.includes(name) ? malformed : telling;
    for (const param of paramsOf(routeNamed(name)))
      for (const id of [...UNKNOWN, ...forms(own()[param] ?? '')])
        expect([param, id, await ask(name, as, { ...own(), [param]: id })]).toEqual([param, id, notFound]);
  });
});

it('sends every malformed id to routes that exist', () => {
  expect(Object.keys(CASES)).toEqual(expect.arrayContaining(EVERY_FORM));
});

describe('an id in a query or body', () => {
  const elsewhere = {
    tenant: () => ids.foreignTenant,
    mailbox: () => ids.foreignMailbox,
  };
  const message = { to: ['reader@news.example'], subject: 'Hello', text: 'Hello' };
  const smtp = { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'none' };

  it.each<[string, keyof typeof elsewhere, Who, Method, (id: string) => [url: string, body?: Body], number, string]>([
    ['a list of mailboxes', 'tenant', 'manager', 'GET', (id) => [`/mailboxes?tenant=${id}`], 404, 'NOT_FOUND'],
    ['a list of submissions', 'tenant', 'ada', 'GET', (id) => [`/submissions?tenant=${id}`], 404, 'NOT_FOUND'],
    ['a log', 'tenant', 'manager', 'GET', (id) => [`/submissions?tenant=${id}`], 404, 'NOT_FOUND'],
    ['a list of drafts', 'tenant', 'ada', 'GET', (id) => [`/drafts?tenant=${id}`], 404, 'NOT_FOUND'],
    ['an overview', 'tenant', 'ada', 'GET', (id) => [`/overview?tenant=${id}`], 404, 'NOT_FOUND'],
    [
      'who may use',
      'tenant',
      'manager',
      'GET',
      (id) => [`/mailboxes/${ids.mailbox}/who-may-use?tenant=${id}`],
      404,
      'NOT_FOUND',
    ],
    [
      'what somebody may send as',
      'tenant',
      'manager',
      'GET',
      (id) => [`/users/${people.ada.id}/identities?tenant=${id}`],
      404,
      'NOT_FOUND',
    ],
    [
      'a new mailbox',
      'tenant',
      'manager',
      'POST',
      (id) => ['/mailboxes', { email: 'a@b.example', name: 'A', tenant: id }],
      404,
      'NOT_FOUND',
    ],
    ['a move', 'tenant', 'manager', 'PUT', (id) => [`/mailboxes/${ids.mailbox}`, { tenant: id }], 403, 'FORBIDDEN'],
    ['what is offered', 'tenant', 'ada', 'GET', (id) => [`/identities?tenant=${id}`], 403, 'TENANT_MISMATCH'],
    [
      'a submission',
      'tenant',
      'ada',
      'POST',
      (id) => ['/submissions', { ...message, from: 'system', tenant: id }],
      403,
      'TENANT_MISMATCH',
    ],
    ['a new draft', 'tenant', 'ada', 'POST', (id) => ['/drafts', { tenant: id }], 403, 'TENANT_MISMATCH'],
    [
      'a moved draft',
      'tenant',
      'ada',
      'PUT',
      (id) => [`/drafts/${ids.adasDraft}`, { version: 1, tenant: id }],
      403,
      'TENANT_MISMATCH',
    ],
    [
      'From',
      'mailbox',
      'ada',
      'POST',
      (id) => ['/submissions', { ...message, from: `mailbox:${id}` }],
      403,
      'FORBIDDEN_FROM',
    ],
    [
      'Reply-To',
      'mailbox',
      'ada',
      'POST',
      (id) => ['/submissions', { ...message, from: 'system', replyTo: `mailbox:${id}` }],
      403,
      'FORBIDDEN_REPLY_TO',
    ],
    ['a connection test', 'mailbox', 'manager', 'POST', (id) => ['/mailboxes/test', { mailbox: id }], 404, 'NOT_FOUND'],
    [
      'a connection test with settings',
      'mailbox',
      'manager',
      'POST',
      (id) => ['/mailboxes/test', { mailbox: id, smtp, email: 'a@b.example' }],
      404,
      'NOT_FOUND',
    ],
  ])('%s: answers a foreign %s like an unknown one', async (_, kind, who, method, to, status, code) => {
    const answer = async (id: string) => {
      const [url, body] = to(id);
      const { status: answered, body: said } = await request(app, method, `/mailboxes${url}`, people[who], body);
      return { status: answered, body: said };
    };
    const foreign = await answer(elsewhere[kind]());
    expect({ status: foreign.status, code: foreign.body.error?.details?.code }).toEqual({ status, code });
    expect(foreign).toEqual(await answer('abcdefghijklmnopqrstuvwx'));
    expect(await contentsOf(app, STORED())).toEqual(before);
  });

  it('answers a check of a foreign mailbox like that of an unknown one', async () => {
    const check = async (id: string) => (await app.as(people.ada).post('/identities/check', { from: id })).body;
    const foreign = await check(`mailbox:${ids.foreignMailbox}`);
    expect(foreign.data).toMatchObject({ allowed: false, code: 'FORBIDDEN_FROM' });
    expect(foreign).toEqual(await check('mailbox:abcdefghijklmnopqrstuvwx'));
  });
});

describe('afterwards', () => {
  // Deletions last: the others need the same resources.
  it('each of these routes serves the own resources of its caller', async () => {
    const names = Object.keys(CASES).sort((a, b) => Number(a.startsWith('DELETE')) - Number(b.startsWith('DELETE')));
    for (const name of names) {
      const { as, own } = caseOf(name);
      const { status } = await ask(name, as, own());
      expect([name, [200, 201, 202, 204, 403, 409].includes(status), status === 403]).toEqual([
        name,
        true,
        // The default tenant cannot be deleted.
        name === 'DELETE /tenants/:id',
      ]);
    }
    expect(await contentsOf(app, STORED())).not.toEqual(before);
  });
});
