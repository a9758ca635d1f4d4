import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestDatabase } from '../tests/support/database';
import { TABLES } from '../server/src/database/tables';
import { apiToken } from '../tests/support/content-api';
import { siteConfig } from '../tests/support/site';
import { boot, OPERATOR, type App } from '../tests/support/strapi';
import { HTML, listsOf, NAMES, OBJECTS, TEXTS } from './shapes';

export type Mode = 'report' | 'enforce';

/** A route with its request bodies. */
export interface Door {
  name: string;
  method: 'POST' | 'PUT';
  url: string;
  token: string;
  bodies: () => Iterable<[shape: string, body: unknown]>;
}

type Body = Record<string, unknown>;

/** A site that accepts without delivering, so that only the request itself is measured. */
export const siteFor = (mode: Mode, database: TestDatabase): Promise<App> =>
  boot({
    database,
    config: siteConfig(
      { port: 9 },
      {
        delivery: { role: 'accept' },
        // Mail in the caller's time is delivered by every role; without a system address it would end as unreachable.
        system: { from: { name: 'Site', email: 'system@site.example' }, transport: 'strapi-email' },
        guard: { mode },
        systemActors: { robot: { mailboxes: 'all' } },
        contentApi: { tokens: { robot: 'robot' } },
        limits: { perUserPerHour: 100_000 },
      }
    ),
    email: {
      provider: require.resolve('./silent-provider.cjs'),
      settings: { defaultFrom: 'system@site.example', defaultReplyTo: 'system@site.example' },
    },
  });

const ADDRESS = (n: number): unknown => ({ email: `ada${n}@reader.example`, name: 'Ada' });
const MAIL: Body = { from: 'system', to: ['ada@reader.example'], subject: 'Hello', text: 'Hello' };

/** Every shape in each of these fields of a body that is well otherwise. */
function* inFields(body: Body, fields: readonly string[], shapes: Record<string, unknown>): Generator<[string, Body]> {
  for (const field of fields)
    for (const [shape, value] of Object.entries(shapes)) {
      const [outer = '', inner] = field.split('.');
      yield [`${field} = ${shape}`, { ...body, [outer]: inner === undefined ? value : { [inner]: value } }];
    }
}

/** Of a door, which fields hold names, texts, HTML and lists. */
interface Fields {
  body: Body;
  names?: readonly string[];
  texts?: readonly string[];
  html?: readonly string[];
  lists?: readonly string[];
  item?: (n: number) => unknown;
}

const bodiesOf = ({ body, names = [], texts = [], html = [], lists = [], item = ADDRESS }: Fields) =>
  function* (): Generator<[string, unknown]> {
    yield* inFields(body, names, NAMES);
    yield* inFields(body, [...texts, ...html], TEXTS);
    yield* inFields(withoutText(body), html, HTML);
    yield* inFields(body, lists, listsOf(item));
    yield* inFields(body, ['unknown', ...lists, ...[...texts, ...names].slice(0, 1), 'headers'], OBJECTS);
    yield ['an object of many keys', OBJECTS['an object of many keys']];
    yield ['a list', listsOf(item)['a list of its items']];
  };

const withoutText = ({ text: _, ...rest }: Body): Body => rest;

const SUBMIT: Fields = {
  body: MAIL,
  names: ['from', 'replyTo', 'tenant', 'sendAt', 'idempotencyKey', 'draft', 'headers.X-A'],
  texts: ['to', 'subject', 'text'],
  html: ['html'],
  lists: ['to', 'bcc', 'attachments', 'acceptWarnings'],
};
/** HTML is only kept there, or goes the same way as elsewhere. */
const DRAFT: Fields = { ...SUBMIT, names: [...(SUBMIT.names ?? []), 'html'], html: [] };
/** Strapi's own e-mail service takes a recipient as a text. */
const EMAIL: Fields = {
  body: { to: 'ada@reader.example', subject: 'Hello', text: 'Hello' },
  names: ['headers.X-A', 'attachments'],
  texts: ['from', 'replyTo', 'to', 'subject', 'text'],
  html: ['html'],
  lists: ['to', 'bcc', 'attachments'],
  item: (n) => `Ada <ada${n}@reader.example>`,
};

const FILE_BYTES = 18_000_000;
const fileOf = ({ strapi }: App): string => path.join(strapi.dirs.static.public, `uploads/bench-${process.pid}.bin`);

/** A file of the media library, nearly as large as a message may be. */
const libraryFile = async (app: App): Promise<number> => {
  const location = fileOf(app);
  await writeFile(location, Buffer.alloc(FILE_BYTES, 'a file of the library '));
  const data = {
    name: 'large.bin',
    hash: 'large',
    ext: '.bin',
    mime: 'application/octet-stream',
    size: FILE_BYTES / 1000,
    url: `/uploads/${path.basename(location)}`,
    provider: 'local',
  };
  return (await app.strapi.db.query('plugin::upload.file').create({ data })).id;
};

export const removeLibraryFile = (app: App): Promise<void> => rm(fileOf(app), { force: true });

/** Every route with a body, of ours and of Strapi's e-mail plugin. */
export const doorsOf = async (app: App, mode: Mode): Promise<Door[]> => {
  const person = await app.superAdmin();
  const api = await apiToken(app, 'robot');
  const { id: mailbox } = await app
    .service('mailboxes')
    .create({ email: 'news@club.example', name: 'News' }, { actor: OPERATOR });
  const { id: tenant } = await app.service('tenants').default();
  const { body } = await app.as(person).post('/submissions', { ...MAIL, undoSeconds: 60 });
  const draft = async (): Promise<string> => (await app.as(person).post('/drafts', {})).body.data.id;
  const submission = String(body.data.id);
  const door = (url: string, fields: Fields, method: Door['method'] = 'POST', token = person.token): Door => ({
    name: `${method} ${url.replace(/[a-z0-9]{24}/, ':id')}${url.endsWith('email') ? ` (${mode})` : ''}`,
    method,
    url,
    token,
    bodies: bodiesOf(fields),
  });
  const own = (url: string, fields: Fields, method?: Door['method']): Door => door(`/mailboxes${url}`, fields, method);
  const email = [door('/email', EMAIL), door('/api/email', EMAIL, 'POST', api.token)];
  if (mode === 'enforce') return email;

  /** Small requests that make the server read much. */
  const file = await libraryFile(app);
  const withFile = { ...MAIL, attachments: [{ file }] };
  const sent = async (differs: Body): Promise<string> =>
    (await app.as(person).post('/submissions', { ...MAIL, ...differs })).body.data.id;
  const again = (id: string, what: string): Door => ({
    ...own(`/submissions/${id}/resend`, { body: {}, names: [] }),
    name: `POST /mailboxes/submissions/:id/resend (${what})`,
    *bodies() {
      yield [what, { to: ['ben@reader.example'] }];
    },
  });
  const robotDone = { undoSeconds: 0 };
  const stored = {
    file: await sent({ ...withFile, ...robotDone }),
    text: await sent({ ...robotDone, text: TEXTS.umlauts }),
    html: await sent({ ...robotDone, text: undefined, html: HTML.paragraphs?.slice(0, 200_000) }),
  };
  await app.strapi.db.connection(TABLES.submissions).update({ state: 'submitted' });
  const large: Door[] = [
    ...['/submissions', '/submissions/preview'].map((url) => ({
      ...own(url, { body: withFile, names: [] }),
      name: `POST /mailboxes${url} (a file of 18 MB)`,
      *bodies(): Generator<[string, unknown]> {
        yield ['a file of 18 MB', withFile];
      },
    })),
    again(stored.file, 'a file of 18 MB'),
    again(stored.text, 'a text of 900 kB'),
    again(stored.html, 'HTML of 200 kB'),
  ];

  const smtp = { host: 'mail.example', port: 587, encryption: 'starttls', auth: 'none' };
  const box = { name: 'Box', email: 'box@club.example' };
  const ofMailbox = ['email', 'name', 'tenant', 'smtp.host', 'smtp.username', 'smtp.password', 'signature.text'];
  return [
    ...large,
    own('/submissions', SUBMIT),
    door('/api/mailboxes/submissions', DRAFT, 'POST', api.token),
    own('/submissions/preview', SUBMIT),
    own('/drafts', DRAFT),
    own(`/drafts/${await draft()}`, { ...DRAFT, body: { ...MAIL, version: 1 } }, 'PUT'),
    ...['cancel', 'retry', 'settle', 'reschedule', 'resend'].map((verb) =>
      own(`/submissions/${submission}/${verb}`, { body: {}, names: ['as', 'sendAt', 'idempotencyKey'], lists: ['to'] })
    ),
    own('/identities/check', { body: { from: 'system' }, names: ['from', 'replyTo', 'tenant'] }),
    own('/own-address/confirmation', { body: {}, names: ['code'] }),
    own('/own-address/confirmation/verify', { body: {}, names: ['code'] }),
    own('/mailboxes', { body: box, names: ofMailbox, html: ['signature.html'] }),
    own(`/mailboxes/${mailbox}`, { body: {}, names: ofMailbox, html: ['signature.html'] }, 'PUT'),
    own('/mailboxes/test', {
      body: { email: 'box@club.example', smtp: { ...smtp, host: 'localhost' } },
      names: ofMailbox,
    }),
    own(`/mailboxes/${mailbox}/grants`, { body: {}, names: ['user', 'role', 'expiresAt'], lists: ['user'] }),
    own('/tenants', { body: { name: 'Club' }, names: ['name', 'key'], lists: ['mailboxDomains', 'members'] }),
    own(
      `/tenants/${tenant}`,
      {
        body: {},
        names: ['name', 'system.email', 'system.name'],
        lists: ['mailboxDomains', 'ownAddressDomains'],
        item: (n) => `a${n}.example`,
      },
      'PUT'
    ),
    ...email,
  ];
};
