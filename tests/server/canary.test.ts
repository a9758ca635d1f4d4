import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { engine as transfer, file, strapi as local } from '@strapi/data-transfer';
import type supertest from 'supertest';
import { EDITOR, MANAGER, boot, type App, type Person } from '../support/strapi';
import { makeCertificates } from '../support/smtp/certificates';
import { startScriptedServer, type Script, type ScriptedServer } from '../support/smtp/scripted-server';
import { createStateWaiter } from '../support/smtp/state-waiter';

/*
 * Two passwords go through everything that can be done with them, against servers that repeat them in every reply.
 * Afterwards they are looked for wherever something could have kept them (security 2).
 */

const USER = 'news-login';
const CANARIES = {
  mailbox: 'Canary/of+the "mailbox"&1',
  changed: 'Canary/of+the "change"&2',
  system: 'Canary/of+the "system"&3',
} as const;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const formsOf = (password: string): string[] => [
  password,
  base64(password),
  base64(password).replace(/=+$/, ''),
  base64(`\u0000${USER}\u0000${password}`),
  encodeURIComponent(password),
  JSON.stringify(password).slice(1, -1),
  JSON.stringify(JSON.stringify(password).slice(1, -1)).slice(1, -1),
  Buffer.from(password).toString('hex'),
];
const FORMS = Object.entries(CANARIES).flatMap(([name, password]) =>
  formsOf(password).map((form) => [name, form] as const)
);
/** Returns the canaries in the text, by name and form; expected to be empty. */
const found = (text: string): string[] =>
  FORMS.filter(([, form]) => text.includes(form)).map(([name, form]) => `${name}: ${form}`);

/** Reply of a server that repeats the login it just received. */
const echo = (password: string): string => `${formsOf(password).slice(0, 5).join(' ')} for ${USER}`;

const seen = { answers: [] as string[], events: [] as string[], errors: [] as string[], console: [] as string[] };
const waiter = createStateWaiter();

let app: App;
let club: ScriptedServer;
let selfSigned: ScriptedServer;
let system: ScriptedServer;
let carol: Person;
let ada: Person;
let mailbox: string;

const known = async (request: supertest.Test): Promise<supertest.Response> => {
  const answer = await request;
  seen.answers.push(`${answer.text} ${JSON.stringify(answer.headers)}`);
  return answer;
};
const thrown = async (work: Promise<unknown>): Promise<void> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(Error);
  const { stack, message, cause } = error as Error;
  seen.errors.push(
    JSON.stringify(error),
    JSON.stringify({ ...(error as object) }),
    stack ?? '',
    message,
    String(cause)
  );
};
const event = (name: string, nth: number): Promise<string> =>
  waiter.until(
    () => seen.events.filter((entry) => entry.startsWith(`${name} `))[nth - 1],
    () => `${name} number ${nth}; seen: ${seen.events.join('; ')}`
  );

const settings = (differs: Record<string, unknown> = {}) => ({
  authenticated: true,
  smtp: { host: '127.0.0.1', port: club.port, encryption: 'starttls', auth: 'password', username: USER, ...differs },
});
const submit = (from: string, differs: Record<string, unknown> = {}) =>
  known(
    app.as(ada).post('/submissions', { from, to: ['reader@news.example'], subject: 'Hello', text: 'Hello', ...differs })
  );
const settledOf = async (id: string) => {
  await app.service('submissions').whenSettled(id, { actor: { type: 'user', id: ada.id }, timeoutMs: 20_000 });
  return known(app.as(ada).get(`/submissions/${id}`));
};
const lookAround = async () => {
  for (const url of ['/mailboxes', `/mailboxes/${mailbox}`, `/mailboxes/${mailbox}/who-may-use`])
    await known(app.as(carol).get(url).expect(200));
  for (const url of ['/submissions', '/identities', '/me']) await known(app.as(ada).get(url).expect(200));
};

/** Repeats the login in every reply, positive or negative. */
const repeating =
  (password: () => string, bad: Record<string, string> = {}): Script =>
  ({ stage, session }) => {
    const code = bad[stage] ?? ({ auth: '235', mail: '250', rcpt: '250', dot: '250' } as Record<string, string>)[stage];
    return code === undefined ? undefined : `${code} ${echo(session.credentials?.password ?? password())}`;
  };

beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    jest
      .spyOn(console, method)
      .mockImplementation((...values: unknown[]) => void seen.console.push(values.map(String).join(' ')));
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => seen.console.push(String(text)) > 0);
  const certificates = await makeCertificates();
  club = await startScriptedServer({ starttls: certificates });
  selfSigned = await startScriptedServer({ starttls: certificates.selfSigned });
  system = await startScriptedServer({ starttls: certificates, on: repeating(() => CANARIES.system, { auth: '535' }) });
  app = await boot({
    config: {
      mailboxLimit: 10,
      system: {
        from: { name: 'Site', email: 'system@site.example' },
        transport: {
          host: '127.0.0.1',
          port: system.port,
          encryption: 'starttls',
          auth: 'password',
          username: USER,
          password: CANARIES.system,
        },
      },
      network: { allow: ['127.0.0.1'], ca: [certificates.caPem] },
    },
  });
  app.strapi.eventHub.subscribe(async (name: string, ...payload: unknown[]) => {
    seen.events.push(`${name} ${JSON.stringify(payload)}`);
    waiter.changed();
  });
  carol = await app.person({ actions: MANAGER });
  ada = await app.person({ actions: EDITOR });
});

afterAll(async () => {
  await app.stop();
  jest.restoreAllMocks();
  for (const server of [club, selfSigned, system]) await server.close();
});

describe('a password is sent', () => {
  it('with a new mailbox, and with inputs that are refused', async () => {
    const input = { email: 'news@club.example', name: 'News', ...settings({ password: CANARIES.mailbox }) };
    const { status, body } = await known(app.as(carol).post('/mailboxes', input));
    expect(status).toBe(201);
    mailbox = body.data.id;
    for (const password of [
      [CANARIES.mailbox],
      { value: CANARIES.mailbox },
      CANARIES.mailbox.repeat(50),
      `${CANARIES.mailbox}\n`,
    ])
      await known(app.as(carol).put(`/mailboxes/${mailbox}`, settings({ password })).expect(400));
    for (const differs of [
      { smtp: CANARIES.mailbox },
      { smtp: [settings().smtp, CANARIES.mailbox] },
      { password: CANARIES.mailbox },
    ])
      await known(app.as(carol).put(`/mailboxes/${mailbox}`, differs).expect(400));
    await known(
      app
        .as(carol)
        .put(`/mailboxes/${mailbox}`, settings({ password: CANARIES.mailbox, host: '10.0.0.1' }))
        .expect(400)
    );
    await known(app.as(carol).post('/mailboxes', input).expect(409));
    await thrown(app.service('mailboxes').create(input, { actor: { type: 'user', id: carol.id } }));
    await thrown(
      app
        .service('mailboxes')
        .update(mailbox, settings({ password: [CANARIES.mailbox] }), { actor: { type: 'user', id: carol.id } })
    );
    await lookAround();
  });

  it('to a server that refuses it and repeats it', async () => {
    club.play({ on: repeating(() => CANARIES.mailbox, { auth: '535' }) });
    await submit(`mailbox:${mailbox}`);
    expect(await event('mailboxes.mailbox.paused', 1)).toContain('AUTH_FAILED');
    expect(club.sessions.at(-1)?.credentials?.password).toBe(CANARIES.mailbox);
    await lookAround();
  });

  it('to a server with an untrusted certificate, which does not receive it', async () => {
    await known(
      app
        .as(carol)
        .put(`/mailboxes/${mailbox}`, settings({ port: selfSigned.port, password: CANARIES.changed }))
        .expect(200)
    );
    await submit(`mailbox:${mailbox}`);
    expect(await event('mailboxes.mailbox.paused', 2)).toContain('TLS_FAILED');
    expect(selfSigned.sessions.map(({ credentials }) => credentials)).toEqual(selfSigned.sessions.map(() => null));
    await lookAround();
  });

  it('to a server that accepts it, and repeats it with every reply', async () => {
    club.play({ on: repeating(() => CANARIES.changed) });
    await known(
      app
        .as(carol)
        .put(`/mailboxes/${mailbox}`, settings({ password: CANARIES.changed }))
        .expect(200)
    );
    const { body } = await submit(`mailbox:${mailbox}`);
    const { body: settled } = await settledOf(body.data.id);
    expect(settled.data.state).toBe('submitted');
    // Messages that were paused for the password are sent, too.
    const taken = club.accepted.filter(({ raw }) => raw.includes(String(settled.data.messageId)));
    expect(taken).toHaveLength(1);
    await lookAround();
  });

  it.each(['mail', 'rcpt', 'data', 'dot'])('to one that refuses at %s with it', async (stage) => {
    club.play({ on: repeating(() => CANARIES.changed, { [stage]: '550' }) });
    const { body } = await submit(`mailbox:${mailbox}`);
    const { body: settled } = await settledOf(body.data.id);
    expect(settled.data.state).toBe('failed');
    expect(JSON.stringify(settled.data)).toContain('***');
    await lookAround();
    await known(
      app
        .as(carol)
        .put(`/mailboxes/${mailbox}`, settings({ password: CANARIES.changed }))
        .expect(200)
    );
  });

  it.each(['auth', 'mail', 'rcpt'])('with a connection test, to one that refuses at %s with it', async (stage) => {
    club.play({ on: repeating(() => CANARIES.changed, { [stage]: '535' }) });
    const typed = { mailbox, smtp: settings({ password: CANARIES.changed }).smtp };
    for (const input of [typed, { mailbox }]) {
      const { body } = await known(app.as(carol).post('/mailboxes/test', input).expect(200));
      // A refused RCPT TO of the own address is a warning.
      expect(body.data.ok).toBe(stage === 'rcpt');
    }
  });

  it('of the configuration, to a server that refuses it', async () => {
    await known(app.as(ada).post('/own-address/confirmation').expect(409));
    expect(system.sessions.at(-1)?.credentials?.password).toBe(CANARIES.system);
    await thrown(app.service('own-address').request({ actor: { type: 'user', id: ada.id } }));
    await lookAround();
  });
});

describe('no password appears', () => {
  it.each<[string, () => string[], number]>([
    ['in an answer', () => seen.answers, 40],
    ['in an event', () => seen.events, 8],
    ['in an error', () => seen.errors, 10],
    ['in the log', () => app.logs, 2],
    ['on the console', () => [...seen.console, 'nothing at all is fine too'], 1],
  ])('%s', (_, texts, atLeast) => {
    expect(texts().length).toBeGreaterThanOrEqual(atLeast);
    expect(found(texts().join('\n'))).toEqual([]);
  });

  it('in the database', async () => {
    const dump = await app.database.dump();
    expect(dump).toContain('news@club.example');
    expect(dump).toContain('***');
    expect(found(dump)).toEqual([]);
  });

  it('in an export', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mailboxes-export-'));
    try {
      const source = local.providers.createLocalStrapiSourceProvider({
        getStrapi: async () => app.strapi,
        autoDestroy: false,
      });
      const destination = file.providers.createLocalFileDestinationProvider({
        file: { path: path.join(folder, 'export') },
        encryption: { enabled: false },
        compression: { enabled: false },
      });
      const engine = transfer.createTransferEngine(source, destination, {
        versionStrategy: 'ignore',
        schemaStrategy: 'ignore',
        transforms: {},
        exclude: [],
        only: [],
      });
      const { destination: written } = await engine.transfer();
      const text = await readFile(written?.file?.path ?? '', 'utf8');
      expect(text).toContain('news@club.example');
      expect(found(text)).toEqual([]);
      expect(text).not.toMatch(/"mailboxes_(?:secrets|submissions|messages)"/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
