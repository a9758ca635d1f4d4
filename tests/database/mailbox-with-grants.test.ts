import { CONTENT_TABLES, TABLES } from '../../server/src/database/tables';
import { contentsOf, refuses } from '../support/answers';
import { seedsOf, siteConfig } from '../support/site';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { boot, MANAGER, OPERATOR, type App, type Person } from '../support/strapi';

/* A mailbox saved with its grants: one request, one transaction (contract "Services"). Carol saves. */

jest.setTimeout(60_000);

type Body = Record<string, unknown>;
interface Stored {
  id: string;
  user: number | null;
  role: number | null;
  expiresAt: string | null;
}

const END = '2199-01-01T00:00:00.000Z';
const MISSING = 2_000_000_000;
const NOT_FOUND = { details: { code: 'NOT_FOUND' } };
const STORED = [...Object.values(CONTENT_TABLES), TABLES.secrets, TABLES.audit, TABLES.transports];

let app: App;
let server: MailServer;
let carol: Person;
let ada: Person;
let ben: Person;
let role: number;
let mailbox: string;
let events: [event: string, payload: unknown][];
let counter = 0;

const seeds = () => seedsOf(app);
const home = async (): Promise<string> => (await app.service('tenants').default()).id;
const put = (body: Body, person = carol, id = mailbox) => app.as(person).put(`/mailboxes/${id}`, body);
const withLogin = (password: string): Body => ({
  authenticated: true,
  smtp: {
    host: '127.0.0.1',
    port: server.port,
    encryption: 'none',
    auth: 'password',
    username: 'news',
    password,
  },
});
const grantsOf = (id = mailbox): Promise<Stored[]> =>
  app.service('grants').findMany({ actor: OPERATOR, mailbox: id }) as Promise<Stored[]>;
const subjectsOf = async (id = mailbox) => (await grantsOf(id)).map(({ user, role }) => ({ user, role }));
const nameOf = async (): Promise<string | undefined> =>
  (await app.service('mailboxes').findOne(mailbox, { actor: OPERATOR }))?.name;
const auditOf = async (id = mailbox): Promise<unknown[]> =>
  app.strapi.db
    .connection('mailboxes_audit')
    .where({ object: id })
    .orderBy('id')
    .select('action', 'actor_user as by', 'tenant');

/** Expects a refused save to change no row and to emit no event. */
const changesNothing = async (work: () => Promise<unknown>): Promise<void> => {
  const before = await contentsOf(app, STORED);
  await work();
  expect(await contentsOf(app, STORED)).toEqual(before);
  expect(events).toEqual([]);
};

beforeAll(async () => {
  server = await startMailServer({ tls: 'none' });
  app = await boot({ config: siteConfig(server) });
  carol = await app.person({ actions: MANAGER });
  ada = await app.person();
  ben = await app.person();
  role = ada.roles[0] ?? 0;
  app.strapi.eventHub.subscribe((event: string, payload: unknown) => {
    if (event.startsWith('mailboxes.')) events.push([event, payload]);
    return Promise.resolve();
  });
});

beforeEach(async () => {
  mailbox = (await seeds().mailbox(await home(), { restricted: true })).id;
  events = [];
});

afterAll(async () => {
  await app.stop();
  await server.close();
});

describe('a save of a mailbox with its grants', () => {
  it('creates mailbox, password and grants, and answers the new grants', async () => {
    const email = `with-${(counter += 1)}@club.example`;
    const body = { email, name: 'News', restricted: true, ...withLogin('first') };
    const add = [{ user: ada.id }, { role, expiresAt: END }];
    const { data } = (
      await app
        .as(carol)
        .post('/mailboxes', { ...body, grants: { add } })
        .expect(201)
    ).body;
    expect(data).toMatchObject({ email, restricted: true, smtp: { hasPassword: true } });
    expect(data.grants).toEqual(await grantsOf(data.id));
    expect(data.grants).toMatchObject([
      { user: ada.id, role: null, expiresAt: null },
      { user: null, role, expiresAt: END },
    ]);
    const by = { by: carol.id, tenant: await home() };
    expect(await auditOf(data.id)).toEqual([
      { action: 'mailbox.created', ...by },
      { action: 'grant.created', ...by },
      { action: 'grant.created', ...by },
    ]);
    expect(events).toEqual(
      (data.grants as Stored[]).map(({ id, user, role: granted }) => [
        'mailboxes.grant.created',
        { id, mailbox: data.id, user, role: granted },
      ])
    );
  });

  it('revokes, grants and replaces in one request, with the audit and events of single calls', async () => {
    const revoked = await seeds().grant(mailbox, { user: ben.id });
    const kept = await seeds().grant(mailbox, { role });
    const ended = await seeds().grant(mailbox, { user: ada.id });
    events = [];
    const add = [{ user: ada.id, expiresAt: END }, { user: carol.id }];
    const { data } = (await put({ name: 'Renamed', grants: { add, remove: [revoked.id] } }).expect(200)).body;
    expect(data).toMatchObject({ name: 'Renamed', grants: [{ id: ended.id, expiresAt: END }, { user: carol.id }] });
    expect((await grantsOf()).map(({ id }) => id).sort()).toEqual(
      [kept.id, ended.id, (data.grants as Stored[])[1]?.id].sort()
    );
    const by = { by: carol.id, tenant: await home() };
    expect((await auditOf()).slice(-4)).toEqual([
      { action: 'mailbox.updated', ...by },
      { action: 'grant.deleted', ...by },
      { action: 'grant.created', ...by },
      { action: 'grant.created', ...by },
    ]);
    expect(events.map(([event, payload]) => [event, (payload as Stored).user])).toEqual([
      ['mailboxes.grant.deleted', ben.id],
      ['mailboxes.grant.created', ada.id],
      ['mailboxes.grant.created', carol.id],
    ]);
  });

  it('changes grants alone without an audit entry of the mailbox', async () => {
    const before = await auditOf();
    await put({ grants: { add: [{ user: ada.id }] } }).expect(200);
    expect((await auditOf()).slice(before.length)).toMatchObject([{ action: 'grant.created' }]);
  });

  it('applies the entries in order, as single calls: the second for the same user replaces the first', async () => {
    const { id } = await seeds().grant(mailbox, { user: ada.id });
    await put({ grants: { add: [{ user: ada.id }, { user: ada.id, expiresAt: END }], remove: [id] } }).expect(200);
    expect(await grantsOf()).toMatchObject([{ user: ada.id, expiresAt: END }]);
    expect((await grantsOf())[0]?.id).not.toBe(id);
  });

  it('answers as before without grants', async () => {
    expect((await put({ name: 'Renamed' }).expect(200)).body.data).not.toHaveProperty('grants');
  });

  it('keeps the grants of the former address from becoming those of another', async () => {
    await seeds().grant(mailbox, { user: ada.id });
    events = [];
    const grants = { add: [{ user: ben.id }] };
    await changesNothing(() =>
      refuses(put({ email: `other-${(counter += 1)}@club.example`, grants }), 409, 'MAILBOX_IN_USE')
    );
  });

  it('is a service call, too, and joins the transaction of its caller', async () => {
    const grants = { add: [{ user: ada.id }] };
    const save = () => app.service('mailboxes').update(mailbox, { name: 'Renamed', grants }, { actor: OPERATOR });
    await changesNothing(() =>
      expect(
        app.strapi.db.transaction(async () => {
          await save();
          throw new Error('the caller rolls back');
        })
      ).rejects.toThrow('the caller rolls back')
    );
    await app.strapi.db.transaction(async () => {
      await save();
      expect(events).toEqual([]);
    });
    expect(await subjectsOf()).toEqual([{ user: ada.id, role: null }]);
    expect(events.map(([event]) => event)).toEqual(['mailboxes.grant.created']);
  });
});

describe('a refused grant', () => {
  const add = (third: Body): Body => ({ grants: { add: [{ user: ada.id }, { user: ben.id }, third] } });
  const THIRD: [string, string, () => Body][] = [
    ['an unknown user', 'grants.add[2].user', () => ({ user: MISSING })],
    ['an unknown role', 'grants.add[2].role', () => ({ role: MISSING })],
  ];

  it.each(THIRD)('of a new mailbox for %s stores no mailbox, password or grant', async (_, path, third) => {
    const body = { email: `refused-${(counter += 1)}@club.example`, name: 'News', ...withLogin('first') };
    await changesNothing(() =>
      refuses(app.as(carol).post('/mailboxes', { ...body, ...add(third()) }), 404, 'NOT_FOUND', path)
    );
  });

  it.each(THIRD)('for %s changes neither mailbox, password nor grants', async (_, path, third) => {
    await put(withLogin('first')).expect(200);
    const { id } = await seeds().grant(mailbox, { role });
    events = [];
    const { grants } = add(third()) as { grants: Body };
    const body = { name: 'Renamed', ...withLogin('second'), grants: { ...grants, remove: [id] } };
    await changesNothing(() => refuses(put(body), 404, 'NOT_FOUND', path));
  });

  it('for a user deleted during the save changes nothing', async () => {
    const leaving = await app.person();
    const stopListening = app.strapi.db.lifecycles.subscribe({
      models: ['plugin::mailboxes.grant'],
      // In the transaction of the save: its rollback restores the user.
      beforeCreate: async ({ params }) => {
        if (params.data?.user === leaving.id)
          await app.strapi.db.query('admin::user').delete({ where: { id: leaving.id } });
      },
    });
    await changesNothing(() =>
      refuses(put({ name: 'Renamed', ...add({ user: leaving.id }) }), 404, 'NOT_FOUND', 'grants.add[2].user')
    );
    stopListening();
  });

  it('leaves nothing of a save in the transaction of a caller that ignores the refusal', async () => {
    const { id } = await seeds().grant(mailbox, { role });
    events = [];
    const services = { actor: OPERATOR };
    const email = `ignored-${(counter += 1)}@club.example`;
    const refusedSaves: Body[] = [
      { add: [{ user: ada.id }, { user: MISSING }], remove: [id] },
      { add: [{ user: ada.id }], remove: [id, id] },
      { add: [{ user: ada.id }], remove: ['unknown'] },
    ];
    await changesNothing(() =>
      app.strapi.db.transaction(async () => {
        for (const grants of refusedSaves) {
          const change = { name: 'Renamed', ...withLogin('second'), grants };
          await expect(app.service('mailboxes').update(mailbox, change, services)).rejects.toMatchObject(NOT_FOUND);
          const draft = { ...change, email };
          await expect(app.service('mailboxes').create(draft, services)).rejects.toMatchObject(NOT_FOUND);
        }
      })
    );
  });

  it('keeps the quota: the mailbox beyond it is stored with none of its grants', async () => {
    const { id: tenant } = await seeds().tenant({ mailboxLimit: 0 });
    const body = { email: `full-${(counter += 1)}@club.example`, name: 'News', tenant };
    await changesNothing(() =>
      refuses(
        app.as(carol).post('/mailboxes', { ...body, grants: { add: [{ user: ada.id }] } }),
        409,
        'MAILBOX_QUOTA_EXCEEDED'
      )
    );
  });
});

describe('a revoked grant', () => {
  const revokes = (id: string) =>
    refuses(put({ name: 'Renamed', grants: { add: [{ user: ada.id }], remove: [id] } }), 404, 'NOT_FOUND', REMOVED);
  const REMOVED = 'grants.remove[0]';

  it('of another mailbox of the tenant is not found, and changes nothing', async () => {
    const other = await seeds().mailbox(await home(), { restricted: true });
    const { id } = await seeds().grant(other.id, { user: ada.id });
    events = [];
    await changesNothing(() => revokes(id));
  });

  it('that was revoked before is not found, as by DELETE, and changes nothing', async () => {
    const { id } = await seeds().grant(mailbox, { user: ada.id });
    await app.as(carol).delete(`/mailboxes/${mailbox}/grants/${id}`).expect(204);
    await app.as(carol).delete(`/mailboxes/${mailbox}/grants/${id}`).expect(404);
    events = [];
    await changesNothing(() => revokes(id));
  });

  it('named twice is not found the second time', async () => {
    const { id } = await seeds().grant(mailbox, { user: ada.id });
    events = [];
    await changesNothing(() => refuses(put({ grants: { remove: [id, id] } }), 404, 'NOT_FOUND', 'grants.remove[1]'));
  });
});

describe('the permission for grants in a save', () => {
  it('is required beside that for the mailbox, for empty lists, too', async () => {
    const updater = await app.person({ actions: ['mailboxes.read', 'mailboxes.create', 'mailboxes.update'] });
    const { id } = await seeds().grant(mailbox, { user: ada.id });
    events = [];
    await changesNothing(async () => {
      for (const grants of [{ add: [{ user: updater.id }] }, { remove: [id] }, {}]) {
        const body = { name: 'Renamed', grants };
        await refuses(put(body, updater), 403, 'FORBIDDEN', 'grants');
        const email = `forbidden-${(counter += 1)}@club.example`;
        await refuses(app.as(updater).post('/mailboxes', { ...body, email }), 403, 'FORBIDDEN', 'grants');
      }
    });
    await put({ name: 'Renamed' }, updater).expect(200);
  });

  it('is not sufficient: grants.manage alone saves no mailbox', async () => {
    const granter = await app.person({ actions: ['grants.manage'] });
    await put({ grants: { add: [{ user: ada.id }] } }, granter).expect(403);
    expect(await grantsOf()).toEqual([]);
  });

  it('is included in tenants.manage', async () => {
    const operator = await app.person({ actions: ['tenants.manage'] });
    await put({ global: true, grants: { add: [{ role }] } }, operator).expect(200);
    expect(await subjectsOf()).toEqual([{ user: null, role }]);
    events = [];
    await changesNothing(() => refuses(put({ grants: { add: [{ user: ada.id }] } }), 403, 'FORBIDDEN'));
  });
});

describe('two administrators that save at once', () => {
  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();

  it('store one grant for the same user, and both succeed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        put({ name: `Name ${index}`, grants: { add: [{ user: ada.id }, { role }] } })
      )
    );
    expect(statuses(answers)).toEqual(Array(6).fill(200));
    expect(await subjectsOf()).toEqual([
      { user: ada.id, role: null },
      { user: null, role },
    ]);
    expect(new Set(answers.map(({ body }) => body.data.grants[0].id)).size).toBe(1);
  });

  it('store one grant with a single call at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        index % 2 === 0
          ? put({ grants: { add: [{ user: ada.id }] } })
          : app.as(carol).post(`/mailboxes/${mailbox}/grants`, { user: ada.id })
      )
    );
    expect(statuses(answers)).toEqual([200, 200, 200, 201, 201, 201]);
    expect(await subjectsOf()).toEqual([{ user: ada.id, role: null }]);
  });

  it('revoke the same grant once; the other save changes nothing', async () => {
    const { id } = await seeds().grant(mailbox, { user: ada.id });
    events = [];
    const answers = await Promise.all(
      ['First', 'Second'].map((name) => put({ name, grants: { add: [{ user: ben.id }], remove: [id] } }))
    );
    expect(statuses(answers)).toEqual([200, 404]);
    const saved = answers.find(({ status }) => status === 200)?.body.data;
    expect(await nameOf()).toBe(saved.name);
    expect(await subjectsOf()).toEqual([{ user: ben.id, role: null }]);
    expect(events.map(([event]) => event)).toEqual(['mailboxes.grant.deleted', 'mailboxes.grant.created']);
  });

  it('keep the grants of each other', async () => {
    await Promise.all([
      put({ grants: { add: [{ user: ada.id }] } }).expect(200),
      put({ grants: { add: [{ user: ben.id }] } }).expect(200),
    ]);
    expect((await subjectsOf()).map(({ user }) => user).sort()).toEqual([ada.id, ben.id].sort());
  });
});
