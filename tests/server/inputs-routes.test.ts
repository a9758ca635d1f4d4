import { countRows, refuses, STORED, staysUnchanged } from '../support/answers';
import { apiToken } from '../support/content-api';
import { letter } from '../support/letter';
import { nameOf, request, routesOf, urlOf, type Route } from '../support/routes';
import { bootSite, sentBy, type Site } from '../support/site';
import { actorOf, EVERYTHING, type Person } from '../support/strapi';

/*
 * Each route with a body reads it by its schema: one unknown key, one wrong value and one body that is no object per
 * route. The tables of values are tested against the schemas in tests/unit/contracts.
 */

type Body = Record<string, unknown>;

let app: Site, root: Person;
let machine: { token: string };
let ids: Record<string, string>;

beforeAll(async () => {
  app = await bootSite({
    config: { systemActors: { shop: { mailboxes: 'all' } }, contentApi: { tokens: { shop: 'shop' } } },
  });
  root = await app.person({ actions: EVERYTHING });
  machine = await apiToken(app, 'shop');
  const { body: draft } = await app.as(root).post('/drafts', { subject: 'Hello' }).expect(201);
  ids = {
    mailboxes: (await app.seeds.mailbox('default')).id,
    submissions: await sentBy(app, actorOf(root)),
    drafts: draft.data.id,
    tenants: 'default',
  };
});

afterAll(() => app.stop());

staysUnchanged(() => countRows(app, STORED));

const smtp = { host: 'mail.example', port: 587, encryption: 'starttls', auth: 'none' };

/** Per route a good body, and fields that its schema refuses with the code and the path. A route without fields has neither. */
const BODIES: Record<string, [good: Body, wrong: [differs: Body, code: string, path: string]] | null> = {
  'POST /submissions': [letter(), [{ undoSeconds: 121 }, 'INVALID_INPUT', 'undoSeconds']],
  'POST /submissions/preview': [letter(), [{ undoSeconds: 121 }, 'INVALID_INPUT', 'undoSeconds']],
  'POST /submissions/:id/cancel': null,
  'POST /submissions/:id/retry': null,
  'POST /submissions/:id/reschedule': [{}, [{ sendAt: 'tomorrow' }, 'INVALID_INPUT', 'sendAt']],
  'POST /submissions/:id/resend': [{}, [{ idempotencyKey: 'a\u0000b' }, 'INVALID_INPUT', 'idempotencyKey']],
  'POST /submissions/:id/settle': [{}, [{ as: 'sent' }, 'INVALID_INPUT', 'as']],
  'POST /drafts': [{ subject: 'Hello' }, [{ to: 'reader@news.example' }, 'INVALID_INPUT', 'to']],
  'PUT /drafts/:id': [{ version: 1 }, [{ to: 'reader@news.example' }, 'INVALID_INPUT', 'to']],
  'POST /identities/check': [{ from: 'system' }, [{ replyTo: 'ceo@corp.example' }, 'INVALID_INPUT', 'replyTo']],
  'POST /own-address/confirmation': null,
  'POST /own-address/confirmation/verify': [{}, [{ code: 1 }, 'INVALID_INPUT', 'code']],
  'POST /mailboxes': [
    { email: 'new@club.example', name: 'New' },
    [{ limits: { connections: 101 } }, 'INVALID_INPUT', 'limits.connections'],
  ],
  'PUT /mailboxes/:id': [{ name: 'New' }, [{ limits: { connections: 101 } }, 'INVALID_INPUT', 'limits.connections']],
  'POST /mailboxes/test': [
    { email: 'new@club.example', smtp },
    [{ smtp: { ...smtp, port: 65_536 } }, 'INVALID_INPUT', 'smtp.port'],
  ],
  'POST /mailboxes/:id/grants': [{ user: 1 }, [{ expiresAt: '2101-01-01T00:00:00' }, 'INVALID_INPUT', 'expiresAt']],
  'POST /tenants': [{ name: 'New' }, [{ mailboxLimit: 100_001 }, 'INVALID_INPUT', 'mailboxLimit']],
  'PUT /tenants/:id': [{ name: 'New' }, [{ mailboxLimit: 100_001 }, 'INVALID_INPUT', 'mailboxLimit']],
  'POST /api/mailboxes/submissions': [letter(), [{ undoSeconds: 121 }, 'INVALID_INPUT', 'undoSeconds']],
};

const withBody = (): Route[] => routesOf(app).filter(({ method }) => method === 'POST' || method === 'PUT');
const send = (name: string, payload: string) => {
  const route = withBody().find((candidate) => nameOf(candidate) === name) as Route;
  const id = ids[route.path.split('/')[1] ?? ''] ?? '';
  return request(app, route.method, urlOf(route, { id }), route.type === 'admin' ? root : machine)
    .set('Content-Type', 'application/json')
    .send(payload);
};

it('has a row for each route that reads a body', () => {
  expect(Object.keys(BODIES).sort()).toEqual(withBody().map(nameOf).sort());
});

/** `JSON.stringify` cannot write objects of this depth. */
const DEEP = `{"smtp":${'{"smtp":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;

describe.each(Object.keys(BODIES))('%s', (name) => {
  const [good, wrong] = BODIES[name] ?? [{}, null];

  it('rejects an unknown key with its path', async () => {
    for (const key of ['leaseToken', '$where', 'constructor'])
      await refuses(send(name, JSON.stringify({ ...good, [key]: 'x' })), 400, 'UNKNOWN_FIELD', key);
  });

  if (wrong !== null) {
    const [differs, code, path] = wrong;
    it(`rejects a wrong ${path} with ${code} and its path`, () =>
      refuses(send(name, JSON.stringify({ ...good, ...differs })), 400, code, path));
  }

  it('rejects a list and __proto__ as its body, and objects 50 000 deep', async () => {
    for (const payload of ['[]', '{"__proto__":{"global":true}}', DEEP]) {
      const { status } = await send(name, payload);
      expect([payload.slice(0, 40), status]).toEqual([payload.slice(0, 40), 400]);
    }
    expect(({} as Body).global).toBeUndefined();
  });
});
