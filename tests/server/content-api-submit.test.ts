import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { countRows, refuses } from '../support/answers';
import { apiToken, contentApi, type ApiToken } from '../support/content-api';
import { OF_A_TEST } from '../support/statements';
import { letter } from '../support/letter';
import { boot, type App } from '../support/strapi';
import { seedsOf, siteConfig } from '../support/site';

/* Input of the content API, and the results of repeated requests. */

let app: App;
let shop: ApiToken;
let clerk: ApiToken;
let listed: string;
let unlisted: string;
let counter = 0;

const newKey = (): string => `key ${(counter += 1)}`;
const post = (differs: object = {}, as: ApiToken = shop) => contentApi(app, as).post(letter(differs));
const keyed = (key: string, differs: object = {}, as: ApiToken = shop) => post(differs, as).set('Idempotency-Key', key);
const stored = async (): Promise<number> =>
  (await countRows(app, ['mailboxes_submissions'])).mailboxes_submissions ?? 0;
/** @returns the submission's id */
const accepted = async (request: ReturnType<typeof post>): Promise<string> => (await request.expect(202)).body.data.id;

beforeAll(async () => {
  app = await boot({
    config: siteConfig(
      { port: 25 },
      {
        delivery: { role: 'accept' },
        systemActors: { robot: { mailboxes: ['orders@club.example'] }, clerk: { mailboxes: 'all' } },
        contentApi: { tokens: { shop: 'robot', till: 'robot', clerk: 'clerk' } },
      }
    ),
  });
  shop = await apiToken(app, 'shop');
  clerk = await apiToken(app, 'clerk');
  const seeds = seedsOf(app);
  const { id: tenant } = await app.service('tenants').default();
  listed = (await seeds.mailbox(tenant, { email: 'orders@club.example', restricted: true })).id;
  unlisted = (await seeds.mailbox(tenant, { email: 'boss@club.example' })).id;
  await seeds.tenant({ name: 'Elsewhere', key: 'elsewhere' });
});

afterAll(() => app.stop());

describe('a submission over the content API', () => {
  it('is answered with 202 and all of it, at once: a machine has no undo window', async () => {
    const { body } = await post({
      from: `mailbox:${listed}`,
      replyTo: 'system',
      to: ['reader@reader.example'],
    }).expect(202);
    expect(body.data).toMatchObject({
      state: 'queued',
      actor: { type: 'system', name: 'robot' },
      from: { email: 'orders@club.example' },
      replyTo: { email: 'system@site.example' },
      recipients: [{ email: 'reader@reader.example', field: 'to', state: 'pending' }],
    });
    const { body: again } = await contentApi(app, shop).get(`/submissions/${body.data.id}`).expect(200);
    expect(again).toEqual(body);
  });

  it.each<[string, () => object, number, string]>([
    ['a mailbox that the actor does not list', () => ({ from: `mailbox:${unlisted}` }), 403, 'FORBIDDEN_FROM'],
    ['it as Reply-To', () => ({ replyTo: `mailbox:${unlisted}` }), 403, 'FORBIDDEN_REPLY_TO'],
    ['an own address', () => ({ from: 'own' }), 403, 'FORBIDDEN_FROM'],
    ['an address', () => ({ from: 'boss@club.example' }), 400, 'INVALID_INPUT'],
    ['a mailbox that is not there', () => ({ from: 'mailbox:nothing' }), 403, 'FORBIDDEN_FROM'],
    ["another tenant than the actor's", () => ({ tenant: 'elsewhere' }), 403, 'TENANT_MISMATCH'],
    ['nobody to send to', () => ({ to: [] }), 400, 'NO_RECIPIENTS'],
    ['a header of ours', () => ({ headers: { From: 'boss@club.example' } }), 400, 'INVALID_HEADER'],
  ])('is refused for %s, and nothing is stored', async (_, differs, status, code) => {
    const before = await stored();
    await refuses(post(differs()), status, code);
    expect(await stored()).toBe(before);
  });

  it.each<[string, object, string]>([
    ['actor', { actor: { type: 'system', name: 'clerk' } }, 'actor'],
    ['the actor that it has anyway', { actor: { type: 'system', name: 'robot' } }, 'actor'],
    ['data', { data: {} }, 'data'],
    ['state', { state: 'submitted' }, 'state'],
    ['a key of an address', { to: [{ email: 'a@b.example', group: [] }] }, 'to[0].group'],
    ['constructor', { constructor: { name: 'robot' } }, 'constructor'],
  ])('has no field %s', async (_, differs, path) => {
    const before = await stored();
    await refuses(post(differs), 400, 'UNKNOWN_FIELD', path);
    expect(await stored()).toBe(before);
  });

  it.each(['populate=*', 'filters[actor]=x', 'tenant=elsewhere', 'idempotencyKey=a', 'from=own'])(
    'takes no query, and not %s either',
    async (query) => {
      await refuses(contentApi(app, shop).post(letter(), `/submissions?${query}`), 400, 'UNKNOWN_FIELD');
      await refuses(contentApi(app, shop).get(`/submissions/abc?${query}`), 400, 'UNKNOWN_FIELD');
    }
  );

  it.each([[[]], [[letter()]], [null]])('is no %j', async (body) => {
    const request = contentApi(app, shop).post(JSON.stringify(body)).set('Content-Type', 'application/json');
    const { status } = await request;
    expect(status).toBe(400);
  });

  it('rejects an uploaded file: attachments are files of the media library', async () => {
    const before = await stored();
    const request = contentApi(app, shop)
      .post()
      .field('from', 'system')
      .field('subject', 'Hello')
      .field('text', 'Hello')
      .field('to[]', 'reader@reader.example')
      .attach('attachments', Buffer.from('hello'), 'hello.txt');
    await refuses(request, 400, 'UNKNOWN_FIELD', 'attachments');
    expect(await stored()).toBe(before);
  });
});

describe('the header Idempotency-Key', () => {
  it('returns the same submission for the same input, also with another token of the same actor', async () => {
    const key = newKey();
    const id = await accepted(keyed(key));
    const before = await stored();
    const till = await apiToken(app, 'till');
    expect(await accepted(keyed(key))).toBe(id);
    expect(await accepted(keyed(key, {}, till))).toBe(id);
    expect(await stored()).toBe(before);
  });

  it('creates one submission for two concurrent requests', async () => {
    const key = newKey();
    const ids = await Promise.all(Array.from({ length: 5 }, () => accepted(keyed(key))));
    expect(new Set(ids).size).toBe(1);
  });

  it('refuses other input with the same key', async () => {
    const key = newKey();
    await accepted(keyed(key));
    await refuses(keyed(key, { subject: 'Other' }), 409, 'IDEMPOTENCY_CONFLICT');
  });

  it('belongs to its actor: another one with the same key is another submission', async () => {
    const key = newKey();
    expect(await accepted(keyed(key, {}, clerk))).not.toBe(await accepted(keyed(key)));
  });

  it('equals the key of the body; both may be given when they are the same', async () => {
    const key = newKey();
    const id = await accepted(keyed(key));
    expect(await accepted(post({ idempotencyKey: key }))).toBe(id);
    expect(await accepted(keyed(key, { idempotencyKey: key }))).toBe(id);
  });

  it.each<[string, unknown]>([
    ['another one', 'another'],
    ['null', null],
    ['a number', 1],
  ])('beside %s in the body is refused', async (_, idempotencyKey) => {
    const before = await stored();
    await refuses(keyed(newKey(), { idempotencyKey }), 400, 'INVALID_INPUT', 'idempotencyKey');
    expect(await stored()).toBe(before);
  });

  it.each([
    ['nothing', ''],
    ['256 characters', 'k'.repeat(256)],
    ['a tab', 'a\tb'],
    ['a letter beyond ASCII', 'caf\u00e9'],
  ])('is no %s', (_, key) => refuses(keyed(key), 400, 'INVALID_INPUT', 'idempotencyKey'));

  it('is refused when two lines name two keys', async () => {
    const server = app.strapi.server.httpServer;
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (keys: string[]): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const request = http.request(
          { host: '127.0.0.1', port, path: '/api/mailboxes/submissions', method: 'POST' },
          (response) => response.resume().on('end', () => resolve(response.statusCode))
        );
        request.setHeader('Authorization', `Bearer ${shop.token}`);
        request.setHeader('Content-Type', 'application/json');
        request.setHeader('Idempotency-Key', keys);
        request.on('error', reject).end(JSON.stringify(letter()));
      });
    const [one, two] = [newKey(), newKey()];
    expect(await ask([one, two])).toBe(400);
    expect(await ask([one, one])).toBe(202);
  });

  it('is checked after the fields of the body', () =>
    refuses(keyed('', { state: 'submitted' }), 400, 'UNKNOWN_FIELD', 'state'));
});

describe('a named system actor', () => {
  const by = { actor: { type: 'system', name: 'robot' } } as const;
  const audit = (object: string) =>
    app.strapi.db
      .connection('mailboxes_audit')
      .comment(OF_A_TEST)
      .where({ object })
      .select('action', 'actor_system', 'actor_user');

  it('is named in the row, in the timeline and in the audit of its submission', async () => {
    const id = await accepted(post({ sendAt: new Date(Date.now() + 3_600_000).toISOString() }));
    await app.service('submissions').cancel(id, by);
    expect(await app.service('submissions').timeline(id, by)).toContainEqual(
      expect.objectContaining({ kind: 'canceled', by: by.actor, name: null })
    );
    expect(await audit(id)).toEqual([{ action: 'submission.canceled', actor_system: 'robot', actor_user: null }]);
  });

  it('cannot see, cancel, retry or settle the submissions of another one', async () => {
    const id = await accepted(post());
    const other = { actor: { type: 'system', name: 'clerk' } } as const;
    const submissions = app.service('submissions');
    for (const asked of [
      () => submissions.get(id, other),
      () => submissions.cancel(id, other),
      () => submissions.retry(id, other),
      () => submissions.settle(id, { ...other, as: 'failed' }),
      () => submissions.timeline(id, other),
      () => submissions.whenSettled(id, other),
    ])
      await expect(asked()).rejects.toMatchObject({ details: { code: 'NOT_FOUND' } });
  });
});
