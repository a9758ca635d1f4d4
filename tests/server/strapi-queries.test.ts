import { CONTENT_TABLES, TABLES, UIDS } from '../../server/src/database/tables';
import { contentsOf } from '../support/answers';
import { ARTICLE, BCC, LOGIN, NOTHING, PASSWORD, RESET, SUBJECT, TEXT, canarySite } from '../support/canary-site';
import type { Asker, CanarySite } from '../support/canary-site';
import { request } from '../support/routes';
import { bootSite, type Site } from '../support/site';

/*
 * Strapi's own APIs, in a site whose articles are related to our content types and to admin users: for any caller and
 * query, no answer holds a text, a recipient, or a secret, and a right guess gets the answer of a wrong one
 * (security 10).
 */

let app: Site;
let ada: CanarySite['ada'];
let callers: CanarySite['callers'];
let canaries: CanarySite['canaries'];
let documents: CanarySite['documents'];

beforeAll(async () => {
  app = await bootSite({ articles: true, usersPermissions: true });
  ({ ada, callers, canaries, documents } = await canarySite(app, app.mailServer));
  // For a relation of a type that the asker may not read, Strapi breaks instead of refusing, and writes each time.
  for (const transport of app.strapi.log.transports) transport.silent = true;
  // Once, and not for each of some thousand requests.
  await new Promise<void>((resolve) => app.strapi.server.httpServer.listen(0, '127.0.0.1', resolve));
});

afterAll(() => app.stop());

const IN_ADMIN: Asker[] = ['editor', 'super admin'];
const IN_CONTENT: Asker[] = ['full-access token', 'read-only token', 'site user'];

const get = async (who: Asker, url: string) => request(app, 'GET', encodeURI(url), callers[who]);
const found = (text: string): string[] => Object.keys(canaries).filter((name) => text.includes(String(canaries[name])));

/** Possible uids of one of our tables, if it were a content type. */
const uidsOf = (table: string): string[] => {
  const noun = table.replace(/^mailboxes_/, '').replace(/_/g, '-');
  return [table, `plugin::mailboxes.${noun}`, `plugin::mailboxes.${noun.replace(/s$/, '')}`];
};

it('the canaries are stored', async () => {
  expect(Object.values(canaries).every((text) => String(text).length >= 8)).toBe(true);
  const { text } = await request(app, 'GET', '/mailboxes/submissions', ada);
  expect(found(text)).toEqual(expect.arrayContaining(['SUBJECT', 'TO', 'BCC', 'messageId']));
});

describe('our tables are no content types', () => {
  it('Strapi has a model of none of them', () => {
    const { strapi } = app;
    const known = [...strapi.db.metadata.values()].map(({ tableName }) => tableName);
    expect(known).toEqual(expect.arrayContaining(Object.values(CONTENT_TABLES)));
    expect(known.filter((table) => (Object.values(TABLES) as (string | undefined)[]).includes(table))).toEqual([]);
    const ours = Object.keys(strapi.contentTypes).filter((uid) => uid.startsWith('plugin::mailboxes.'));
    expect(ours.sort()).toEqual(Object.values(UIDS).sort());
    expect(Object.keys(strapi.components)).toEqual([]);
  });

  it.each(Object.values(TABLES))('no uid of %s answers', async (table) => {
    for (const uid of uidsOf(table)) {
      expect(app.strapi.getModel(uid as never)).toBeUndefined();
      const answers: [string, number, string[]][] = [];
      for (const url of [
        `/content-manager/collection-types/${uid}`,
        `/content-manager/collection-types/${uid}/1`,
        `/content-manager/single-types/${uid}`,
        `/content-manager/relations/${uid}/message`,
        `/content-manager/content-types/${uid}/configuration`,
        `/content-type-builder/content-types/${uid}`,
        `/api/${uid.split('.').at(-1)}`,
      ]) {
        const { status, text } = await get('super admin', url);
        answers.push([url, status, found(text)]);
      }
      expect(
        answers.filter(([, status, canary]) => ![400, 401, 403, 404].includes(status) || canary.length > 0)
      ).toEqual([]);
      const body = { contentTypeUID: uid, field: 'subject', data: { subject: SUBJECT }, value: SUBJECT };
      for (const action of ['generate', 'check-availability']) {
        const url = `/content-manager/uid/${action}`;
        const { status } = await request(app, 'POST', url, callers['super admin'], body);
        expect([uid, action, status]).toEqual([uid, action, 400]);
      }
    }
  });
});

describe('no answer to a GET holds any of it', () => {
  /** Routes that leave this machine, need another protocol, or end the caller's session. */
  const LEFT_OUT = /\/(?:ai-|license|transfer\/runner|connect\/|:provider|_health|uploads)|\(|^\/(?:api\/)?mailboxes\//;
  const attributesOf = (uid: string): Record<string, { type: string }> =>
    Object.hasOwn(app.strapi.contentTypes, uid)
      ? (app.strapi.getModel(uid as never) as { attributes: never }).attributes
      : {};
  const relationsOf = (uid: string): string[] =>
    Object.entries(attributesOf(uid))
      .filter(([, { type }]) => type === 'relation')
      .map(([name]) => name);

  const paths = (): string[] => {
    const layers = app.strapi.server.listRoutes() as unknown as { methods: string[]; path: string }[];
    return layers
      .filter(({ methods, path }) => methods.includes('GET') && !LEFT_OUT.test(path) && path !== '/')
      .map(({ path }) => path);
  };
  const MODELS = [...Object.values(UIDS), ARTICLE];
  const documentOf = (uid: string): string => documents[uid.split('.').at(-1) ?? ''] ?? '1';
  const filled = (path: string): string[] => {
    const ofModel = /:(?:model|uid|contentType)\b/;
    if (!ofModel.test(path)) return [path.replace(/:\w+/g, '1')];
    return MODELS.flatMap((uid) =>
      (path.includes(':targetField') ? relationsOf(uid) : ['']).map((field) =>
        path
          .replace(ofModel, uid)
          .replace(':targetField', field)
          .replace(/:(?:id|documentId)\b/, documentOf(uid))
          .replace(/:\w+/g, (param, at: number, whole: string) => (whole[at - 1] === '/' ? '1' : param))
      )
    );
  };
  const urls = (below: RegExp): string[] =>
    paths()
      .filter((path) => below.test(path))
      .flatMap(filled);
  const QUERIES = ['?populate=*&pageSize=100', '?_q=canary&sort=id'];

  it.each<[Asker, RegExp, number]>([
    ...IN_ADMIN.map((who): [Asker, RegExp, number] => [who, /^\/(?!api\/)/, 60]),
    ...IN_CONTENT.map((who): [Asker, RegExp, number] => [who, /^\/api\//, 10]),
  ])('asked by the %s', async (who, below, atLeast) => {
    const asked = urls(below);
    expect(asked.length).toBeGreaterThan(atLeast);
    let answered = 0;
    for (const url of asked)
      for (const query of QUERIES) {
        const { status, text } = await get(who, url + query);
        if (status === 200) answered += 1;
        expect([url + query, found(text)]).toEqual([url + query, []]);
      }
    expect(answered).toBeGreaterThan(3);
  });

  it('with the choices for a relation of an article', async () => {
    for (const who of IN_ADMIN)
      for (const field of ['mailbox', 'grants', 'tenant'])
        for (const query of [
          ...['smtpUsername', 'smtpHost', 'signatureText', 'email,smtpUsername', '*'].map((name) => `fields=${name}`),
          ...['createdBy', 'tenant', 'tenant.memberUsers', 'user', 'memberUsers', 'memberUsers.roles', '*'].map(
            (name) => `populate=${name}`
          ),
        ])
          for (const url of [field, `${documents.article}/${field}`]) {
            const answer = await get(who, `/content-manager/relations/${ARTICLE}/${url}?${query}`);
            expect([who, url, query, found(answer.text)]).toEqual([who, url, query, []]);
            expect(answer.text).not.toContain(RESET);
            expect(answer.text).not.toMatch(/"(?:password|resetPasswordToken|memberUsers|user|smtp\w+)":/);
          }
  });

  it('an article shows only the names of its mailbox and tenant', async () => {
    const plain = ['id', 'documentId', 'createdAt', 'updatedAt', 'publishedAt', 'locale', 'localizations', 'status'];
    const keysOf = (value: object) => Object.keys(value).filter((key) => !plain.includes(key));
    for (const [who, url, list] of [
      ['editor', `/content-manager/collection-types/${ARTICLE}?populate=*`, 'results'],
      ['super admin', `/content-manager/collection-types/${ARTICLE}?populate=*`, 'results'],
      ['full-access token', '/api/articles?populate=*', 'data'],
    ] as const) {
      const { body } = await get(who, url);
      const [{ mailbox, tenant }] = body[list];
      expect([who, keysOf(mailbox), keysOf(tenant)]).toEqual([who, ['email', 'name'], ['name', 'key']]);
    }
  });
});

describe('a right guess is answered as a wrong one', () => {
  const CM = '/content-manager';
  const ADMIN = [
    `${CM}/collection-types/${UIDS.grant}`,
    `${CM}/collection-types/${ARTICLE}`,
    `${CM}/collection-types/admin::user`,
    ...['mailbox', 'grants', 'tenant', 'author'].map((field) => `${CM}/relations/${ARTICLE}/${field}`),
    '/admin/users',
    '/upload/files',
  ];
  const CONTENT = ['/api/articles', '/api/users', '/api/upload/files'];

  type Guess = [query: string, right: string, wrong: string];
  const OTHERWISE = ['filters[$or][0]', 'filters[$not]', 'filters[$and][0][$or][0]', 'where', '_where', 'lookup'];
  const within = (befores: readonly string[], guesses: Guess[]): Guess[] =>
    guesses.flatMap(([path, right, wrong]) => befores.map((before): Guess => [`${before}${path}`, right, wrong]));
  const GUESSES: Guess[] = [
    ...within(OTHERWISE, [
      ['[mailbox][smtpUsername][$startsWith]', 'canary', NOTHING],
      ['[grants][user][password][$startsWith]', '$2', NOTHING],
      ['[tenant][memberUsers][email][$startsWith]', 'ada', NOTHING],
    ]),
    ...within(
      ['filters'],
      [
        ['[mailbox][smtpUsername][$startsWith]', 'canary', NOTHING],
        ['[mailbox][smtpHost][$contains]', 'canary', NOTHING],
        ['[mailbox][signatureText][$contains]', 'Canary', NOTHING],
        ['[mailbox][smtp][password][$startsWith]', 'Canary', NOTHING],
        ['[mailbox][secrets][ciphertext][$startsWith]', 'v1.', NOTHING],
        ['[mailbox][tenant][memberUsers][email][$startsWith]', 'ada', NOTHING],
        ['[grants][user][email][$startsWith]', 'ada', NOTHING],
        ['[grants][user][password][$startsWith]', '$2', NOTHING],
        ['[grants][user][resetPasswordToken][$startsWith]', 'canary', NOTHING],
        ['[grants][mailbox][smtpUsername][$startsWith]', 'canary', NOTHING],
        ['[tenant][memberUsers][email][$startsWith]', 'ada', NOTHING],
        ['[tenant][memberUsers][resetPasswordToken][$startsWith]', 'canary', NOTHING],
        ['[tenant][systemName][$startsWith]', 'Club', NOTHING],
        ['[author][password][$startsWith]', '$2', NOTHING],
        ['[author][resetPasswordToken][$startsWith]', 'canary', NOTHING],
        ['[smtpUsername][$startsWith]', 'canary', NOTHING],
        ['[smtpPassword][$startsWith]', 'Canary', NOTHING],
        ['[password][$startsWith]', '$2', NOTHING],
        ['[user][email][$startsWith]', 'ada', NOTHING],
        ['[user][password][$startsWith]', '$2', NOTHING],
        ['[memberUsers][email][$startsWith]', 'ada', NOTHING],
        ['[memberUsers][password][$startsWith]', '$2', NOTHING],
        ['[submissions][subject][$startsWith]', 'Canary', NOTHING],
        ['[messages][text][$contains]', 'Canary', NOTHING],
        ['[recipients][email][$startsWith]', 'canary', NOTHING],
        ['[t1.password][$startsWith]', '$2', NOTHING],
        ['[t1.smtp_username][$startsWith]', 'canary', NOTHING],
        ['[mailboxes_secrets.ciphertext][$startsWith]', 'v1.', NOTHING],
      ]
    ),
    ['populate[mailbox][filters][smtpUsername][$startsWith]', 'canary', NOTHING],
    ['populate[grants][filters][user][email][$startsWith]', 'ada', NOTHING],
    ['populate[tenant][filters][memberUsers][password][$startsWith]', '$2', NOTHING],
    ['populate[tenant][populate][memberUsers][filters][resetPasswordToken][$startsWith]', 'canary', NOTHING],
    ['_q', TEXT, NOTHING],
    ['_q', BCC, NOTHING],
    ['_q', LOGIN, NOTHING],
    ['_q', PASSWORD, NOTHING],
    ['sort[mailbox][smtpUsername]', 'asc', 'desc'],
    ['sort[grants][user][password]', 'asc', 'desc'],
    ['sort[user][password]', 'asc', 'desc'],
  ];

  it.each<[Asker, string]>([
    ...IN_ADMIN.flatMap((who) => ADMIN.map((url): [Asker, string] => [who, url])),
    ...IN_CONTENT.flatMap((who) => CONTENT.map((url): [Asker, string] => [who, url])),
  ])('to the %s at %s', async (who, url) => {
    for (const [query, right, wrong] of GUESSES) {
      const answer = async (guess: string) => {
        const { status, text } = await get(who, `${url}?${query}=${guess}`);
        // Some refusals repeat the query.
        return [query, status, text.split(right).join('?').split(wrong).join('?'), found(text)];
      };
      const whenRight = await answer(right);
      expect(whenRight).toEqual(await answer(wrong));
      expect(whenRight[3]).toEqual([]);
    }
  });
});

it('does not sort the choices for a relation by hidden fields', async () => {
  const choices = async (who: Asker, field: string, sort: string) =>
    (await get(who, `/content-manager/relations/${ARTICLE}/${field}?sort=${sort}`)).body;
  for (const who of IN_ADMIN)
    for (const [field, path] of [
      ['mailbox', 'smtpUsername'],
      ['mailbox', 'tenant.memberUsers.password'],
      ['grants', 'user.password'],
      ['grants', 'user.email'],
      ['tenant', 'memberUsers.resetPasswordToken'],
    ] as const) {
      const ascending = await choices(who, field, `${path}:asc`);
      expect(ascending.results).toHaveLength(2);
      expect([who, path, ascending]).toEqual([who, path, await choices(who, field, `${path}:desc`)]);
    }
});

describe("our content types are not the content manager's", () => {
  it.each(Object.values(UIDS))('%s cannot be read there', async (uid) => {
    for (const who of IN_ADMIN)
      for (const url of [uid, `${uid}/${documents[uid.split('.').at(-1) ?? '']}`, `${uid}?sort=user.password:desc`]) {
        const { status } = await get(who, `/content-manager/collection-types/${url}`);
        expect([who, url, status]).toEqual([who, url, 403]);
      }
  });

  it.each(Object.values(UIDS))('%s is not changed there, not by the super admin', async (uid) => {
    const tables = [...Object.values(CONTENT_TABLES), TABLES.secrets];
    const before = await contentsOf(app, tables);
    const list = `/content-manager/collection-types/${uid}`;
    const one = `${list}/${documents[uid.split('.').at(-1) ?? '']}`;
    const body = { name: 'Changed', email: 'ceo@corp.example', restricted: false, global: true, everyone: true };
    for (const [method, url] of [
      ['POST', list],
      ['PUT', one],
      ['DELETE', one],
      ['POST', `${one}/actions/publish`],
      ['POST', `${one}/actions/unpublish`],
      ['POST', `${one}/actions/discard`],
      ['POST', `${list}/actions/publish`],
      ['POST', `${list}/actions/bulkDelete`],
      ['POST', `${list}/clone/${documents.mailbox}`],
      ['POST', `${list}/auto-clone/${documents.mailbox}`],
      ['PUT', `/content-manager/single-types/${uid}`],
      ['DELETE', `/content-manager/single-types/${uid}`],
    ] as const) {
      const { status } = await request(app, method, url, callers['super admin'], {
        ...body,
        documentIds: Object.values(documents),
      });
      expect([method, url, [400, 403, 404, 405].includes(status)]).toEqual([method, url, true]);
    }
    expect(await contentsOf(app, tables)).toEqual(before);
  });
});
