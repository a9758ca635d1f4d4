import { bootSite, sentBy, type Site } from '../support/site';
import { actorOf, EVERYTHING, MANAGER, OPERATOR, type Person } from '../support/strapi';
import type { Action } from '../../server/src/contracts/permissions';

/*
 * Where administration holds (rules §6). Carol administers the tenant North and is a member of no other; Dora manages
 * tenants and is a member of none. South has a mailbox, a grant and a submission that are not Carol's to see.
 */

const SCOPED: readonly Action[] = [...MANAGER, 'communication.send', 'log.read'];

let app: Site, carol: Person, dora: Person, ada: Person;
/** Tenants, and mailboxes in them. */
let north: string, south: string, inNorth: string, inSouth: string, everywhere: string;
let grantInSouth: string, submissionInSouth: string;

beforeAll(async () => {
  app = await bootSite();
  carol = await app.person({ actions: SCOPED });
  dora = await app.person({ actions: ['tenants.manage'] });
  ada = await app.person();
  await app.service('tenants').update('default', { members: { users: [], roles: [] } }, { actor: OPERATOR });
  north = (await app.seeds.tenant({ key: 'north', members: { users: [carol.id], roles: [] } })).id;
  south = (await app.seeds.tenant({ key: 'south', members: { users: [], roles: ada.roles } })).id;
  inNorth = (await app.seeds.mailbox(north)).id;
  inSouth = (await app.seeds.mailbox(south, { restricted: true })).id;
  grantInSouth = (await app.seeds.grant(inSouth, { user: ada.id })).id;
  everywhere = (await app.seeds.mailbox(south, { name: 'Everywhere', global: true })).id;
  submissionInSouth = await sentBy(app, actorOf(ada), { subject: 'South' });
});

afterAll(() => app.stop());

type Method = 'get' | 'post' | 'put' | 'delete';
const ask = async (person: Person, method: Method, url: string, body?: unknown): Promise<string> => {
  const answer = await app.as(person)[method](url, body);
  return `${answer.status} ${answer.body.error?.details?.code ?? ''}`.trim();
};
let counter = 0;
const newMailbox = (differs = {}) => ({ email: `new-${(counter += 1)}@club.example`, name: 'New', ...differs });

interface Attempt {
  what: string;
  method: Method;
  url: () => string;
  body?: () => object;
}
const attempt = (what: string, method: Method, url: () => string, body?: () => object): Attempt => ({
  what,
  method,
  url,
  body,
});

const FOREIGN: readonly Attempt[] = [
  attempt('read', 'get', () => `/mailboxes/${inSouth}`),
  attempt(
    'change',
    'put',
    () => `/mailboxes/${inSouth}`,
    () => ({ name: 'Mine' })
  ),
  attempt('delete', 'delete', () => `/mailboxes/${inSouth}`),
  attempt('list the mailboxes of', 'get', () => `/mailboxes?tenant=${south}`),
  attempt('list the mailboxes by key of', 'get', () => '/mailboxes?tenant=south'),
  attempt(
    'create a mailbox in',
    'post',
    () => '/mailboxes',
    () => newMailbox({ tenant: south })
  ),
  attempt('ask who may use', 'get', () => `/mailboxes/${inSouth}/who-may-use`),
  attempt('ask within it who may use her own', 'get', () => `/mailboxes/${inNorth}/who-may-use?tenant=south`),
  attempt('list the grants of', 'get', () => `/mailboxes/${inSouth}/grants`),
  attempt(
    'grant',
    'post',
    () => `/mailboxes/${inSouth}/grants`,
    () => ({ user: carol.id })
  ),
  attempt('revoke', 'delete', () => `/mailboxes/${inSouth}/grants/${grantInSouth}`),
  attempt('revoke by way of her own', 'delete', () => `/mailboxes/${inNorth}/grants/${grantInSouth}`),
  attempt(
    'test the connection of',
    'post',
    () => '/mailboxes/test',
    () => ({ mailbox: inSouth })
  ),
  attempt('read a submission of', 'get', () => `/submissions/${submissionInSouth}`),
  attempt('list the submissions of', 'get', () => `/submissions?tenant=${south}`),
  attempt('ask what a user may send as in', 'get', () => `/users/${ada.id}/identities?tenant=${south}`),
  attempt('ask what a user may send as in the tenant of', 'get', () => `/users/${ada.id}/identities`),
];

describe('the administrator of one tenant cannot see another one', () => {
  it.each(FOREIGN)('answers 404 to a request to $what it', async ({ method, url, body }) => {
    expect(await ask(carol, method, url(), body?.())).toBe('404 NOT_FOUND');
  });

  it.each(FOREIGN)('gives the answer of an unknown id to a request to $what it', async ({ method, url, body }) => {
    const nowhere = (text: string) =>
      [south, inSouth, grantInSouth, submissionInSouth].reduce((all, id) => all.replaceAll(id, 'nowhere'), text);
    const answer = async (at: string, sent: object | undefined) => {
      const { status, body: got } = await app.as(carol)[method](at, sent);
      return { status, got };
    };
    const sent = body?.();
    expect(await answer(url(), sent)).toEqual(
      await answer(nowhere(url()), sent && (JSON.parse(nowhere(JSON.stringify(sent))) as object))
    );
  });

  it('allows all of it in the own tenant', async () => {
    const { body } = await app.as(carol).post('/mailboxes', newMailbox()).expect(201);
    const { id, tenant } = body.data;
    expect(tenant).toBe(north);
    const grant = await app.as(carol).post(`/mailboxes/${id}/grants`, { user: ada.id }).expect(201);
    await app.as(carol).get(`/mailboxes/${id}/who-may-use`).expect(200);
    await app.as(carol).get(`/users/${carol.id}/identities`).expect(200);
    await app.as(carol).get('/submissions').expect(200);
    await app.as(carol).delete(`/mailboxes/${id}/grants/${grant.body.data.id}`).expect(204);
    await app.as(carol).put(`/mailboxes/${id}`, { name: 'Renamed', tenant: north, global: false }).expect(200);
    await app.as(carol).delete(`/mailboxes/${id}`).expect(204);
  });

  it('ends the permissions with the membership, on the very next request', async () => {
    const erin = await app.person({ actions: MANAGER });
    const { id } = await app.seeds.tenant({ members: { users: [erin.id], roles: [] } });
    const mailbox = await app.seeds.mailbox(id);
    expect(await ask(erin, 'get', `/mailboxes/${mailbox.id}`)).toBe('200');
    await app.service('tenants').update(id, { members: { users: [], roles: [] } }, { actor: OPERATOR });
    expect(await ask(erin, 'get', `/mailboxes/${mailbox.id}`)).toBe('404 NOT_FOUND');
  });

  it.each([
    ['the users of a mailbox', () => `/mailboxes/${everywhere}/who-may-use`],
    ['the submissions', () => '/submissions'],
  ])('limits %s to the own tenant', async (_, url) => {
    const { body } = await app.as(carol).get(url()).expect(200);
    expect(JSON.stringify(body)).not.toContain(south);
    expect(JSON.stringify(body)).not.toContain(submissionInSouth);
  });
});

describe('tenants.manage alone holds everywhere and includes the others', () => {
  it.each(FOREIGN.filter(({ what }) => /^(read|change|list|ask who)/.test(what) && !what.includes('submission')))(
    'it lets a non-member $what it',
    async ({ method, url, body }) => {
      expect(await ask(dora, method, url(), body?.())).toBe('200');
    }
  );

  it('allows moving a mailbox, making it global, granting and deleting', async () => {
    const { body } = await app
      .as(dora)
      .post('/mailboxes', newMailbox({ tenant: south, global: true }))
      .expect(201);
    const url = `/mailboxes/${body.data.id}`;
    const moved = await app.as(dora).put(url, { tenant: 'north', global: false }).expect(200);
    expect(moved.body.data).toMatchObject({ tenant: north, global: false });
    await app.as(dora).post(`${url}/grants`, { role: ada.roles[0] }).expect(201);
    await app.as(dora).delete(url).expect(204);
  });
});

describe('a global mailbox', () => {
  it('is listed to the admins of every tenant, marked as global', async () => {
    const { body } = await app.as(carol).get('/mailboxes').expect(200);
    const found = body.data.find(({ id }: { id: string }) => id === everywhere);
    expect(found).toMatchObject({ name: 'Everywhere', global: true, tenant: south });
    expect(await ask(carol, 'get', `/mailboxes/${everywhere}`)).toBe('200');
  });

  it.each([
    attempt(
      'changed',
      'put',
      () => `/mailboxes/${everywhere}`,
      () => ({ name: 'Mine' })
    ),
    attempt(
      'made local',
      'put',
      () => `/mailboxes/${everywhere}`,
      () => ({ global: false })
    ),
    attempt('deleted', 'delete', () => `/mailboxes/${everywhere}`),
    attempt(
      'granted',
      'post',
      () => `/mailboxes/${everywhere}/grants`,
      () => ({ user: carol.id })
    ),
    attempt('queried for its grants', 'get', () => `/mailboxes/${everywhere}/grants`),
  ])('cannot be $what without tenants.manage, even in its own tenant', async ({ method, url, body }) => {
    const erin = await app.person({ actions: EVERYTHING.filter((action) => action !== 'tenants.manage') });
    await app
      .service('tenants')
      .update(south, { members: { users: [erin.id], roles: ada.roles } }, { actor: OPERATOR });
    for (const person of [carol, erin]) expect(await ask(person, method, url(), body?.())).toBe('403 FORBIDDEN');
  });
});

describe('settings that only tenants.manage may change', () => {
  it.each<[string, () => object]>([
    ['Global', () => ({ global: true })],
    ['another tenant', () => ({ tenant: south })],
  ])('is %s of a mailbox', async (_, change) => {
    expect(await ask(carol, 'put', `/mailboxes/${inNorth}`, change())).toBe('403 FORBIDDEN');
  });

  it('is Global of a new mailbox', async () => {
    expect(await ask(carol, 'post', '/mailboxes', newMailbox({ global: true }))).toBe('403 FORBIDDEN');
  });

  it('is everything about a tenant', async () => {
    for (const [method, url] of [
      ['get', '/tenants'],
      ['get', `/tenants/${north}`],
      ['post', '/tenants'],
      ['put', `/tenants/${north}`],
      ['delete', `/tenants/${north}`],
    ] as const)
      expect((await app.as(carol)[method](url, { name: 'Mine' })).status).toBe(403);
  });
});

describe('a request without a tenant', () => {
  const others = () => Promise.all([1, 2].map(() => app.seeds.tenant({ members: { users: [], roles: [] } })));
  const tenantOfNew = async (person: Person) => {
    const { status, body } = await app.as(person).post('/mailboxes', newMailbox());
    return status === 201 ? body.data.tenant : body.error.details.code;
  };

  it('means the only tenant of the admin', async () => {
    expect(await tenantOfNew(carol)).toBe(north);
  });

  it('is refused for a member of none, or of several without the default', async () => {
    const erin = await app.person({ actions: MANAGER });
    expect(await tenantOfNew(erin)).toBe('TENANT_MISMATCH');
    for (const { id } of await others())
      await app.service('tenants').update(id, { members: { users: [erin.id], roles: [] } }, { actor: OPERATOR });
    expect(await tenantOfNew(erin)).toBe('TENANT_MISMATCH');
    expect(await ask(erin, 'get', '/mailboxes')).toBe('403 TENANT_MISMATCH');
    expect(await ask(erin, 'get', '/submissions')).toBe('403');
  });

  it('means the default tenant for a member of several with it, and for the operator', async () => {
    const erin = await app.person({ actions: MANAGER });
    const [other] = await others();
    const tenants = app.service('tenants');
    const members = { users: [erin.id], roles: [] };
    await tenants.update(other!.id, { members }, { actor: OPERATOR });
    await tenants.update('default', { members }, { actor: OPERATOR });
    const { id } = await tenants.default();
    expect(await tenantOfNew(erin)).toBe(id);
    const made = await app.service('mailboxes').create(newMailbox(), { actor: OPERATOR });
    expect(made.tenant).toBe(id);
  });
});
