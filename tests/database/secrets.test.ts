import { randomBytes } from 'node:crypto';
import { pauseTransport } from '../../server/src/outbox/transport-state';
import { pauseOf } from '../../server/src/domain/outcome';
import { createMailboxRouting } from '../../server/src/mailboxes/routing';
import { createCredentials } from '../../server/src/secrets/credentials';
import { createKeyRing } from '../../server/src/secrets/key-ring';
import { createSecretStore } from '../../server/src/secrets/store';
import { ROBOT, submit, tried, waiting } from '../support/outbox';
import type { TestDatabase } from '../support/database';
import { createDatabase } from '../support/template';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { boot, OPERATOR, type App, type BootOptions } from '../support/strapi';

jest.setTimeout(120_000);

const PASSWORD = 'correct horse battery';

/** Logins with a password of their own, beside the one that is there from the start. */
const LOGINS = Array.from({ length: 12 }, (_, index) => `login-${index}`);

/** Nothing is lost: it waits for its mailbox. */
const WAITING = { state: 'queued', attempts: 0, error: null };

const keyNamed = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** Passwords go in and do not come out; they belong to the settings they were given for (security 1–3). */
describe('passwords of mailboxes', () => {
  let server: MailServer;
  let database: TestDatabase;
  let app: App;
  let counter = 0;

  const start = async (
    options: { keys?: string[]; formerStrapiKeys?: string[]; encryptionKey?: BootOptions['encryptionKey'] } = {}
  ) => {
    app = await boot({
      database,
      encryptionKey: options.encryptionKey,
      config: {
        mailboxLimit: 100,
        secrets: { keys: options.keys ?? [], formerStrapiKeys: options.formerStrapiKeys ?? [] },
        systemActors: { robot: { mailboxes: 'all' } },
        limits: { perMailboxPerMinute: 1000 },
        system: {
          from: { email: 'system@site.example' },
          transport: { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'none' },
        },
        network: { allow: ['127.0.0.1', 'localhost'] },
      },
    });
  };

  const restart = async (options: Parameters<typeof start>[0]) => {
    await app.stop();
    await start(options);
  };

  beforeAll(async () => {
    server = await startMailServer({
      tls: 'none',
      users: { login: PASSWORD, ...Object.fromEntries(LOGINS.map((login) => [login, `of ${login}`])) },
    });
  });

  beforeEach(async () => {
    database = await createDatabase();
    await start();
  });

  afterEach(async () => {
    await app.stop();
    await database.drop();
  });

  afterAll(() => server.close());

  const settings = () => ({
    host: '127.0.0.1',
    port: server.port,
    encryption: 'none',
    auth: 'password',
    username: 'login',
  });

  const add = (smtp: Record<string, unknown> = {}) =>
    app.service('mailboxes').create(
      {
        email: `info-${(counter += 1)}@club.example`,
        name: 'Info',
        authenticated: true,
        smtp: { ...settings(), password: PASSWORD, ...smtp },
      },
      { actor: OPERATOR }
    );

  const update = (id: string, input: Record<string, unknown>) =>
    app.service('mailboxes').update(id, input, { actor: OPERATOR });

  const find = (id: string) => app.service('mailboxes').findOne(id, { actor: OPERATOR });

  const stored = (mailbox: string): Promise<{ value: string; key_id: string }[]> =>
    app.strapi.db.connection('mailboxes_secrets').where({ mailbox }).select('value', 'key_id');

  const send = async (mailbox: string) => {
    const { id } = await submit(app, `mailbox:${mailbox}`);
    return app.service('submissions').whenSettled(id, { actor: ROBOT, timeoutMs: 10_000 });
  };

  it.each([
    ['host', { host: 'localhost' }],
    ['port', { port: 2525 }],
    ['encryption', { encryption: 'starttls' }],
    ['login', { username: 'another' }],
  ])('are deleted with another %s, and the mailbox is paused until a new one is saved', async (_, change) => {
    const { id } = await add();
    const changed = await update(id, { smtp: { ...settings(), ...change } });
    expect(await stored(id)).toEqual([]);
    expect(changed).toMatchObject({
      smtp: { hasPassword: false, passwordSetAt: null },
      state: 'paused',
      pausedBecause: { code: 'SECRET_REQUIRED' },
    });
    // Back to the old settings, without saying the password: it does not come back.
    expect(await update(id, { smtp: settings() })).toMatchObject({ state: 'paused', smtp: { hasPassword: false } });
    expect(await update(id, { smtp: { ...settings(), password: PASSWORD } })).toMatchObject({ state: 'ok' });
  });

  it('are deleted with another address, and not with another spelling of it', async () => {
    const { id, email } = await add();
    expect(await update(id, { email: email.toUpperCase() })).toMatchObject({
      smtp: { hasPassword: true },
      state: 'ok',
    });
    expect(await stored(id)).toHaveLength(1);
    const changed = await update(id, { email: 'ceo@corp.example' });
    expect(changed).toMatchObject({ smtp: { hasPassword: false }, pausedBecause: { code: 'SECRET_REQUIRED' } });
    expect(await stored(id)).toEqual([]);
    // Nor do the settings that came with it bring the password back.
    const other = await add();
    expect(await update(other.id, { email: 'cfo@corp.example', smtp: settings() })).toMatchObject({
      smtp: { hasPassword: false },
      pausedBecause: { code: 'SECRET_REQUIRED' },
    });
    const given = { email: 'coo@corp.example', smtp: { ...settings(), password: PASSWORD } };
    expect(await update(id, given)).toMatchObject({ smtp: { hasPassword: true }, state: 'ok' });
  });

  it('end the pause of their mailbox with its settings saved again, or with the mailbox switched off and on', async () => {
    const { id } = await add();
    const pause = () => pauseTransport(app.strapi.db.connection, id, pauseOf('AUTH_FAILED'));
    await pause();
    expect(await update(id, { name: 'Other' })).toMatchObject({ state: 'paused' });
    expect(await update(id, { smtp: settings() })).toMatchObject({ state: 'ok', smtp: { hasPassword: true } });
    await pause();
    expect(await update(id, { enabled: true })).toMatchObject({ state: 'paused' });
    expect(await update(id, { enabled: false })).toMatchObject({ state: 'paused' });
    expect(await update(id, { enabled: true })).toMatchObject({ state: 'ok', smtp: { hasPassword: true } });
  });

  it('are deleted with the kind of authentication, and required when it is restored', async () => {
    const { id } = await add();
    const without = await update(id, { smtp: { ...settings(), auth: 'none', username: undefined } });
    expect(await stored(id)).toEqual([]);
    expect(without).toMatchObject({ state: 'ok', smtp: { auth: 'none', hasPassword: false } });
    expect(await update(id, { smtp: settings() })).toMatchObject({ pausedBecause: { code: 'SECRET_REQUIRED' } });
  });

  it('are deleted with the settings when authentication is switched off', async () => {
    const { id } = await add();
    expect(await update(id, { authenticated: false })).toMatchObject({ smtp: null, state: 'ok' });
    expect(await stored(id)).toEqual([]);
    const back = await update(id, { authenticated: true, smtp: settings() });
    expect(back).toMatchObject({ pausedBecause: { code: 'SECRET_REQUIRED' } });
  });

  it('stay with the same settings without a password, and with a change of something else', async () => {
    const { id } = await add();
    const before = await stored(id);
    expect(before).toHaveLength(1);
    for (const input of [{ smtp: settings() }, { name: 'Other' }, { restricted: true }, { limits: { perMinute: 5 } }])
      expect(await update(id, input)).toMatchObject({ smtp: { hasPassword: true }, state: 'ok' });
    expect(await stored(id)).toEqual(before);
    expect(await send(id)).toMatchObject({ state: 'submitted' });
  });

  it('are deleted by `password: null`', async () => {
    const { id } = await add();
    const changed = await update(id, { smtp: { ...settings(), password: null } });
    expect(changed).toMatchObject({ smtp: { hasPassword: false }, pausedBecause: { code: 'SECRET_REQUIRED' } });
    expect(await stored(id)).toEqual([]);
  });

  it('cannot be saved without a key, and nothing else breaks', async () => {
    await restart({ encryptionKey: null });
    await expect(add()).rejects.toMatchObject({
      details: { code: 'INVALID_INPUT', path: 'smtp.password', reason: 'no-key' },
    });
    expect(await app.service('mailboxes').findMany({ actor: OPERATOR })).toEqual([]);
    const { id } = await add({ password: undefined });
    expect(await find(id)).toMatchObject({ state: 'paused', pausedBecause: { code: 'SECRET_REQUIRED' } });
  });

  it('are re-encrypted with the first key of the configuration, and then need no older one', async () => {
    const [one, two] = [keyNamed('one'), keyNamed('two')];
    const mailboxes = [await add(), await add(), await add()];
    expect((await stored(mailboxes[0]?.id ?? '')).map(({ key_id }) => key_id)).toEqual(['strapi']);
    await restart({ keys: [one] });
    expect(await send(mailboxes[0]?.id ?? '')).toMatchObject({ state: 'submitted' });
    expect(await app.service('secrets').rotate()).toEqual({ rotated: 3, unreadable: 0 });
    expect(await app.service('secrets').rotate()).toEqual({ rotated: 0, unreadable: 0 });
    await restart({ keys: [two, one], encryptionKey: null });
    expect(await app.service('secrets').rotate()).toEqual({ rotated: 3, unreadable: 0 });
    await restart({ keys: [two], encryptionKey: 'another key of Strapi' });
    for (const { id } of mailboxes) {
      expect((await stored(id)).map(({ value, key_id }) => [key_id, value.split('.')[1]])).toEqual([['two', 'two']]);
      expect(await send(id)).toMatchObject({ state: 'submitted' });
    }
  });

  it('are kept under a wrong key, and the mailbox is paused until a start with the right one', async () => {
    const { id } = await add();
    const before = await stored(id);
    await restart({ encryptionKey: 'not the right one' });
    expect(await find(id)).toMatchObject({ state: 'paused', pausedBecause: { code: 'SECRET_UNREADABLE' } });
    expect(await waiting(app, `mailbox:${id}`)).toMatchObject(WAITING);
    expect(await app.service('secrets').rotate()).toEqual({ rotated: 0, unreadable: 1 });
    expect(await stored(id)).toEqual(before);
    await restart({ keys: [keyNamed('one')], encryptionKey: 'not the right one' });
    expect(await app.service('secrets').rotate()).toEqual({ rotated: 0, unreadable: 1 });
    expect(await stored(id)).toEqual(before);
    expect(await find(id)).toMatchObject({ state: 'paused' });
    expect(await waiting(app, `mailbox:${id}`)).toMatchObject(WAITING);
    // A start with the right key ends the pause.
    await restart({});
    expect(await find(id)).toMatchObject({ state: 'ok' });
    expect(await send(id)).toMatchObject({ state: 'submitted' });
  });

  it('are reported at the start and by health when no key opens them, and end their pause at a start with the key', async () => {
    const [{ id, email }, other] = [await add(), await add()];
    await app.service('mailboxes').delete(other.id, { actor: OPERATOR });
    const warnings = () =>
      app.logs.map((line) => JSON.parse(line).message).filter((text) => /no key of this site opens/.test(text));
    const unreadable = async () => (await app.service('health').report()).unreadable;
    expect(await unreadable()).toEqual([]);
    await restart({ encryptionKey: 'not the right one' });
    expect(warnings()).toEqual([
      expect.stringMatching(/^\[mailboxes\] stored passwords that no key of this site opens: 1\. /),
    ]);
    expect(await unreadable()).toEqual([{ id, email }]);
    expect(await app.service('health').report()).toMatchObject({ attention: true });
    await restart({ encryptionKey: null });
    expect(warnings()).toEqual([
      expect.stringMatching(
        /^\[mailboxes\] stored passwords that no key of this site opens: 1\. .* There is no encryption key at all: /
      ),
    ]);
    expect(await unreadable()).toEqual([{ id, email }]);
    await restart({});
    expect(warnings()).toEqual([]);
    expect(await unreadable()).toEqual([]);
    expect(await find(id)).toMatchObject({ state: 'ok' });
    expect(await send(id)).toMatchObject({ state: 'submitted' });
  });

  it('are read with a configured former key of Strapi, and no longer need it after a rotation', async () => {
    const { id } = await add();
    const formerStrapiKeys = ['another former key', 'test-encryption-key'];
    await restart({ encryptionKey: 'a new key', formerStrapiKeys });
    expect(await find(id)).toMatchObject({ state: 'ok' });
    expect(await app.service('secrets').rotate()).toEqual({ rotated: 1, unreadable: 0 });
    expect((await stored(id)).map(({ key_id }) => key_id)).toEqual(['strapi']);
    expect(await app.service('secrets').rotate()).toEqual({ rotated: 0, unreadable: 0 });
    await restart({ encryptionKey: 'a new key' });
    expect(await send(id)).toMatchObject({ state: 'submitted' });
  });

  it('do not open in the row of another mailbox', async () => {
    const [one, two] = [await add(), await add()];
    const [row] = await stored(one.id);
    await app.strapi.db.connection('mailboxes_secrets').where({ mailbox: two.id }).update({ value: row?.value });
    expect(await tried(app, `mailbox:${two.id}`)).toMatchObject(WAITING);
    expect(await find(two.id)).toMatchObject({ pausedBecause: { code: 'SECRET_UNREADABLE' } });
    expect(await send(one.id)).toMatchObject({ state: 'submitted' });
  });

  it('never stay with settings they were not given for when several users save at the same time', async () => {
    const { id } = await add();
    // Every third saves its own login without a password: no password may be stored with that login.
    const saves = LOGINS.map((username, index) =>
      update(id, { smtp: { ...settings(), username, ...(index % 3 === 0 ? {} : { password: `of ${username}` }) } })
    );
    await Promise.all(saves);
    const after = await find(id);
    const saysNone = LOGINS.indexOf(after?.smtp?.username ?? '') % 3 === 0;
    expect(await stored(id)).toHaveLength(saysNone ? 0 : 1);
    expect(after).toMatchObject({ state: saysNone ? 'paused' : 'ok', smtp: { hasPassword: !saysNone } });
    if (!saysNone) expect(await send(id)).toMatchObject({ state: 'submitted' });
  });

  it('never go to a server they were not given for, when settings are saved while they are being read', async () => {
    const { id } = await add();
    const store = createSecretStore(createKeyRing({ strapiKey: 'test-encryption-key' }));
    let saves = 0;
    const credentialsFor = createCredentials({
      open: async (queries, mailbox) => {
        if ((saves += 1) === 1) await update(id, { smtp: { ...settings(), host: 'localhost', password: 'another' } });
        return store.open(queries, mailbox);
      },
    });
    const routeTo = createMailboxRouting(app.strapi, credentialsFor);
    expect(await routeTo(app.strapi.db.connection, id)).toMatchObject({
      host: 'localhost',
      auth: { password: 'another' },
    });
    expect(saves).toBe(2);
  });

  it('are opened once for each version of the settings', async () => {
    const { id } = await add();
    const store = createSecretStore(createKeyRing({ strapiKey: 'test-encryption-key' }));
    let opened = 0;
    const routeTo = createMailboxRouting(
      app.strapi,
      createCredentials({
        open: (queries, mailbox) => {
          opened += 1;
          return store.open(queries, mailbox);
        },
      })
    );
    const passwordOf = async (): Promise<unknown> => {
      const route = await routeTo(app.strapi.db.connection, id);
      return route.kind === 'smtp' && route.auth.type === 'password' ? route.auth.password : route.kind;
    };
    expect([await passwordOf(), await passwordOf(), opened]).toEqual([PASSWORD, PASSWORD, 1]);
    await update(id, { smtp: { ...settings(), password: 'another' } });
    expect([await passwordOf(), await passwordOf(), opened]).toEqual(['another', 'another', 2]);
    await update(id, { smtp: { ...settings(), username: 'news-2' } });
    expect(await passwordOf()).toBe('paused');
  });
});
