import supertest from 'supertest';
import { adminToken } from '../support/admin-token';
import { countRows, refuses } from '../support/answers';
import {
  apiToken,
  contentApi,
  FIND_ONE,
  roleOf,
  SUBMIT,
  visitor,
  type ApiToken,
  type Caller,
} from '../support/content-api';
import { ROBOT } from '../support/outbox';
import { letter } from '../support/letter';
import { EVERYTHING, type Person } from '../support/strapi';
import { bootSite, type Site } from '../support/site';

/* Access to the content API; its input is tested in content-api-submit.test.ts. */

let app: Site, root: Person;
let shop: ApiToken;
let member: Caller;
let submission: string;

const post = (caller: Caller, differs: object = {}) => contentApi(app, caller).post(letter(differs));
const read = (caller: Caller) => contentApi(app, caller).get(`/submissions/${submission}`);
const stored = async (): Promise<number> =>
  (await countRows(app, ['mailboxes_submissions'])).mailboxes_submissions ?? 0;

beforeAll(async () => {
  app = await bootSite({
    usersPermissions: true,
    config: {
      systemActors: { robot: { mailboxes: 'all' }, clerk: { mailboxes: [] } },
      contentApi: {
        tokens: { 'web shop': 'robot', reader: 'robot', narrow: 'robot' },
        roles: { staff: 'clerk', authenticated: 'clerk' },
      },
    },
  });
  root = await app.superAdmin();
  shop = await apiToken(app, 'web shop');
  member = await visitor(app, await roleOf(app, 'staff', [SUBMIT, FIND_ONE]));
  submission = (await post(shop).expect(202)).body.data.id;
});

afterAll(() => app.stop());

/** Strapi's own answer: no code of ours. */
const strapiAnswers = async (request: ReturnType<typeof post>, status: number): Promise<void> => {
  const { status: answered, body } = await request;
  expect({ status: answered, details: body.error?.details }).toEqual({ status, details: {} });
};

describe('a binding of the configuration', () => {
  it('lets a token send as the system actor that its name is bound to', async () => {
    const { body } = await post(shop, { subject: 'From the shop' }).expect(202);
    expect(body.data).toMatchObject({ actor: ROBOT, subject: 'From the shop', from: { email: 'system@site.example' } });
    await app.service('submissions').whenSettled(body.data.id, { actor: ROBOT });
    const mails = await app.mailServer.parsed();
    expect(mails.filter(({ subject }) => subject === 'From the shop')).toHaveLength(1);
  });

  it('lets a user send as the system actor that the type of the role is bound to', async () => {
    const { body } = await post(member).expect(202);
    expect(body.data.actor).toEqual({ type: 'system', name: 'clerk' });
  });

  it('holds for `authenticated` as for any other role, as long as its permission is ticked', async () => {
    const role = await roleOf(app, 'authenticated');
    const somebody = await visitor(app, role);
    await strapiAnswers(post(somebody), 403);
    await roleOf(app, 'authenticated', [SUBMIT]);
    const { body } = await post(somebody).expect(202);
    expect(body.data.actor).toEqual({ type: 'system', name: 'clerk' });
  });

  it('changes with the next request after a token was renamed', async () => {
    const moving = await apiToken(app, 'moving');
    const rename = (id: number, name: string) =>
      app.strapi.db.query('admin::api-token').update({ where: { id }, data: { name } });
    await rename(shop.id, 'old shop');
    await refuses(post(shop), 403, 'FORBIDDEN_TO_SEND');
    await rename(moving.id, 'web shop');
    await post(moving).expect(202);
    await rename(moving.id, 'moving');
    await rename(shop.id, 'web shop');
    await post(shop).expect(202);
  });

  it('means one token: Strapi rejects a second one of the same name', async () => {
    const { status, body } = await supertest(app.strapi.server.httpServer)
      .post('/admin/api-tokens')
      .set('Authorization', `Bearer ${root.token}`)
      .send({ name: 'web shop', type: 'full-access', description: '', lifespan: null });
    expect({ status, message: body.error?.message }).toEqual({ status: 400, message: 'Name already taken' });
  });
});

describe('a caller without a binding is refused', () => {
  it.each(['Web Shop', 'web shop ', 'web  shop', 'staff', 'robot', 'operator', '__proto__', 'constructor', 'toString'])(
    'a full-access token named %j',
    async (name) => {
      const token = await apiToken(app, name);
      const before = await stored();
      await refuses(post(token), 403, 'FORBIDDEN_TO_SEND');
      await refuses(read(token), 403, 'FORBIDDEN_TO_SEND');
      expect(await stored()).toBe(before);
    }
  );

  it.each(['Staff', 'web shop', '__proto__', 'constructor', 'operator'])(
    'a user with the permission ticked and a role of the type %j',
    async (type) => {
      const somebody = await visitor(app, await roleOf(app, type, [SUBMIT, FIND_ONE]));
      await refuses(post(somebody), 403, 'FORBIDDEN_TO_SEND');
      await refuses(read(somebody), 403, 'FORBIDDEN_TO_SEND');
    }
  );

  it('before anything of the request is read', async () => {
    const token = await apiToken(app, 'unbound');
    await refuses(contentApi(app, token).post({ nonsense: true }, '/submissions?x=1'), 403, 'FORBIDDEN_TO_SEND');
    await refuses(contentApi(app, token).get('/submissions/A?x=1'), 403, 'FORBIDDEN_TO_SEND');
  });

  it('without a token: by Strapi, and with FORBIDDEN_TO_SEND when the public role has the permission', async () => {
    await strapiAnswers(post(null), 403);
    await strapiAnswers(read(null), 403);
    await strapiAnswers(post({ token: 'nonsense' }), 401);
    const publicRole = await roleOf(app, 'public', [SUBMIT, FIND_ONE]);
    await refuses(post(null), 403, 'FORBIDDEN_TO_SEND');
    await refuses(read(null), 403, 'FORBIDDEN_TO_SEND');
    await app.strapi.db.query('plugin::users-permissions.permission').deleteMany({ where: { role: publicRole } });
  });
});

describe("Strapi's own conditions", () => {
  it('hold for a bound token: custom ones need the scope, read-only ones cannot send', async () => {
    const narrow = await apiToken(app, 'narrow', { type: 'custom', scopes: [FIND_ONE] });
    await strapiAnswers(post(narrow), 403);
    await read(narrow).expect(200);
    const reader = await apiToken(app, 'reader', { type: 'read-only' });
    await strapiAnswers(post(reader), 403);
    await read(reader).expect(200);
  });

  it('hold for a bound role: the permission has to be ticked, the user not blocked', async () => {
    const blocked = await visitor(app, await roleOf(app, 'staff'), { blocked: true });
    await strapiAnswers(post(blocked), 401);
  });

  it('keep out an expired token, and a regenerated one', async () => {
    const token = await apiToken(app, 'short');
    const tokens = app.strapi.db.query('admin::api-token');
    await tokens.update({ where: { id: shop.id }, data: { expiresAt: new Date(0) } });
    await strapiAnswers(post(shop), 401);
    await tokens.update({ where: { id: shop.id }, data: { expiresAt: null } });
    await post(shop).expect(202);
    await tokens.delete({ where: { id: token.id } });
    await strapiAnswers(post(token), 401);
  });

  it('keep out administrators, and admin tokens of any name', async () => {
    await strapiAnswers(post(root), 401);
    const machine = await adminToken(app, root, EVERYTHING);
    await app.strapi.db
      .query('admin::api-token')
      .update({ where: { kind: 'admin' }, data: { name: 'web shop' } })
      .catch(() => undefined);
    await strapiAnswers(post(machine), 401);
    await strapiAnswers(read(machine), 401);
  });

  it('keep API tokens and users out of the admin API', async () => {
    for (const caller of [shop, member]) await strapiAnswers(app.as(caller).post('/submissions', letter()), 401);
  });
});

describe('a submission', () => {
  it('is shown to its own actor over any binding', async () => {
    const { body } = await read(shop).expect(200);
    expect(body.data).toMatchObject({ id: submission, actor: ROBOT });
  });

  it("answers 404 to another actor's caller, as for an unknown id", async () => {
    const { body: foreign } = await read(member).expect(404);
    const { body: unknown } = await contentApi(app, member).get('/submissions/abcdefghijklmnopqrstuvwx').expect(404);
    expect(foreign.error.details).toEqual({ code: 'NOT_FOUND' });
    expect(foreign).toEqual(unknown);
  });

  it('answers 404 for one of an editor, or of an actor whose name differs in case', async () => {
    const ada = await app.person();
    const { body } = await app.as(ada).post('/submissions', letter()).expect(202);
    await refuses(contentApi(app, shop).get(`/submissions/${body.data.id}`), 404, 'NOT_FOUND');
    await refuses(contentApi(app, shop).get(`/submissions/${submission.toUpperCase()}`), 404, 'NOT_FOUND');
  });
});
