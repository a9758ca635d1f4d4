import { countRows, refuses, STORED, staysUnchanged } from '../support/answers';
import { siteOfOneMailbox } from '../support/site';
import type { App, Person } from '../support/strapi';

/*
 * Paths, queries and bodies that have to fail well (security, "Inputs that must fail well"). Each form goes to one
 * route of a kind; routes-queries, routes-foreign and inputs-routes show that every route is of such a kind.
 */

type Body = Record<string, unknown>;
type Method = 'get' | 'post' | 'put' | 'delete';

let app: App, root: Person, ada: Person, mailbox: string;

beforeAll(async () => {
  ({ app, root, ada, mailbox } = await siteOfOneMailbox());
});

afterAll(() => app.stop());

staysUnchanged(() => countRows(app, STORED));

describe('the query of a list', () => {
  const LISTS = ['/submissions', '/mailboxes', '/tenants', '/pickers/users', '/pickers/roles'];
  const OF_ONE = () => [`/mailboxes/${mailbox}/grants`, `/mailboxes/${mailbox}/who-may-use`];
  const PROBES = [
    'filters[createdBy][password][$startsWith]=$2',
    'filters[smtpUsername][$contains]=a',
    'where[password][$startsWith]=a',
    'populate=*',
    'populate[createdBy]=*',
    'populate=createdBy.roles',
    'fields=*',
    'fields[0]=password',
    'sort=password',
    'sort[0]=createdBy.password:asc',
    'lookup[x]=1',
    'pagination[pageSize]=1000000',
    'pagination[limit]=-1',
    '_q=a',
    'locale=*',
    'status=draft',
    'select=*',
    'limit=-1',
    '$where=1',
    'page[]=1&sort=id',
    'smtp.password=a',
  ];

  it.each(PROBES)('rejects %s as an unknown field', async (probe) => {
    for (const url of ['/submissions', `/mailboxes/${mailbox}`, '/identities'])
      await refuses(app.as(root).get(`${url}?${probe}`), 400, 'UNKNOWN_FIELD');
  });

  it.each<[string, { page: number; pageSize: number }]>([
    ['pageSize=1e9', { page: 1, pageSize: 100 }],
    ['pageSize=1000000', { page: 1, pageSize: 100 }],
    ['pageSize=0', { page: 1, pageSize: 1 }],
    ['pageSize=-5', { page: 1, pageSize: 1 }],
    ['page=-1', { page: 1, pageSize: 25 }],
    ['page=0&pageSize=3', { page: 1, pageSize: 3 }],
    ['page=999999999999999', { page: 1_000_000, pageSize: 25 }],
  ])('clamps %s', async (query, expected) => {
    const { body } = await app.as(root).get(`/mailboxes?${query}`).expect(200);
    expect(body.meta.pagination).toMatchObject(expected);
  });

  it('clamps page and pageSize in every list', async () => {
    for (const list of [...LISTS, ...OF_ONE()])
      for (const [query, expected] of [
        ['page=-1&pageSize=1e9', { page: 1, pageSize: 100 }],
        ['page=999999999999999&pageSize=0', { page: 1_000_000, pageSize: 1 }],
      ] as const) {
        const { status, body } = await app.as(root).get(`${list}?${query}`);
        expect([list, status, body.meta?.pagination]).toEqual([list, 200, expect.objectContaining(expected)]);
      }
  });

  it.each([
    'page=x',
    'page=1.5',
    'page=',
    'page=NaN',
    'pageSize=Infinity',
    'pageSize=1%00',
    'page=1&page=2',
    'page[a]=1',
    'page=%2b1',
    'q=a&q=b',
    'q[$ne]=a',
    `q=${'x'.repeat(256)}`,
    'q=%00',
  ])('rejects %s as invalid', (query) => refuses(app.as(root).get(`/mailboxes?${query}`), 400, 'INVALID_INPUT'));

  it('is read by the same rules in every list', async () => {
    for (const list of [...LISTS, ...OF_ONE()])
      for (const [query, path] of [
        ['page=1.5', 'page'],
        ['pageSize=1%00', 'pageSize'],
        ['q=%00', 'q'],
      ] as const)
        await refuses(app.as(root).get(`${list}?${query}`), 400, 'INVALID_INPUT', path);
  });

  it.each(["'", '"', '%', '_', '!', '\\', '%27 OR 1=1 --', '😀', '\ufffd', "') --", '${7*7}', '%25'])(
    'searches for the text %j, not for a pattern',
    async (q) => {
      for (const list of LISTS) {
        const { status, body } = await app.as(root).get(`${list}?q=${encodeURIComponent(q)}`);
        expect([list, status, body.data]).toEqual([
          list,
          200,
          list === '/pickers/users' && q === '_' ? expect.anything() : [],
        ]);
      }
    }
  );

  it('rejects an unknown state, and a foreign or malformed tenant', async () => {
    await refuses(app.as(ada).get('/submissions?state=sent'), 400, 'INVALID_INPUT', 'state');
    await refuses(app.as(ada).get('/submissions?state[$ne]=x'), 400, 'INVALID_INPUT', 'state');
    await refuses(app.as(ada).get('/submissions?tenant=nowhere'), 404, 'NOT_FOUND');
    await refuses(app.as(ada).get('/identities?tenant=nowhere'), 403, 'TENANT_MISMATCH');
    await refuses(app.as(ada).get('/identities?tenant[$ne]=x'), 400, 'INVALID_INPUT', 'tenant');
    await refuses(app.as(root).get('/mailboxes?tenant=%00'), 400, 'INVALID_INPUT', 'tenant');
  });
});

describe('an id in a path', () => {
  it.each([
    ...[
      '__proto__',
      'constructor',
      'toString',
      '..%2f',
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '%00',
      'a%00b',
      '%0d%0aX-A:%20b',
    ],
    ...[
      'x'.repeat(5000),
      '%F0%9F%98%80',
      '%FF',
      '%u0000',
      '*',
      '%25',
      '_',
      "'%20OR%201=1%20--",
      '%7B%22$ne%22:1%7D',
      'null',
      '0',
      '-1',
      '1e9',
    ],
    ...['undefined', 'true', '99999999999999999999', '%E2%80%AE', '%20', 'id%20', '[object%20Object]'],
  ])('is answered 404 in the form %s', async (id) => {
    const requests: [Method, string, Body?][] = [
      ['get', `/submissions/${id}`],
      ['put', `/mailboxes/${id}`, { name: 'Changed' }],
      ['delete', `/mailboxes/${mailbox}/grants/${id}`],
      ['get', `/users/${id}/identities`],
      ['get', `/tenants/${id}`],
    ];
    for (const [method, url, body] of requests) {
      const answer = await app.as(root)[method](url, body);
      expect([method, url, answer.status, answer.body.error?.details?.code]).toEqual([method, url, 404, 'NOT_FOUND']);
    }
  });

  it('is answered 404 in another case and with a space', async () => {
    for (const id of [mailbox.toUpperCase(), `${mailbox}%20`, `%20${mailbox}`])
      await refuses(app.as(root).put(`/mailboxes/${id}`, { name: 'Changed' }), 404, 'NOT_FOUND');
  });
});

describe('a body that is no object', () => {
  const TARGETS: [Method, string][] = [
    ['post', '/submissions'],
    ['put', '/mailboxes/:id'],
    ['post', '/tenants'],
  ];
  const PROTO = '{"__proto__":{"global":true}}';
  const DEEP = `{"smtp":${'{"smtp":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
  it.each<[string, string, string]>([
    ['a list', '[]', 'application/json'],
    ['a list of bodies', '[{"name":"x"}]', 'application/json'],
    ['a text', '"system"', 'application/json'],
    ['a number', '5', 'application/json'],
    ['null', 'null', 'application/json'],
    ['half an object', '{"name":', 'application/json'],
    ['__proto__', PROTO, 'application/json'],
    ['__proto__ within', `{"smtp":${PROTO}}`, 'application/json'],
    ['constructor', '{"constructor":{"prototype":{"global":true}}}', 'application/json'],
    ['objects 50 000 deep', DEEP, 'application/json'],
    ['plain text', 'from=system', 'text/plain'],
    ['a form', 'from[$ne]=1&name[]=x&__proto__[global]=true', 'application/x-www-form-urlencoded'],
    ['XML', '<a/>', 'application/xml'],
  ])('is rejected: %s', async (_, payload, type) => {
    for (const [method, path] of TARGETS) {
      const url = path.replace(':id', mailbox);
      const { status, body } = await app.as(root)[method](url).set('Content-Type', type).send(payload);
      expect([method, path, status]).toEqual([method, path, 400]);
      expect(body.error?.name ?? 'none').toMatch(/^(?:MailboxesError|SyntaxError|ValidationError|none)$/);
    }
    expect(({} as Body).global).toBeUndefined();
  });
});
