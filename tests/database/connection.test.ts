import { pauseOf } from '../../server/src/domain/outcome';
import { tried } from '../support/outbox';
import { pauseTransport } from '../../server/src/outbox/transport-state';
import { boot, EDITOR, EVERYTHING, MANAGER, type App, type Person } from '../support/strapi';
import { makeCertificates } from '../support/smtp/certificates';
import { startMailServer, type MailServer, type Refusal } from '../support/smtp/mail-server';

const SECRET = 'correct horse';

/** POST /mailboxes/test, on saved and unsaved settings. */
describe('the connection test', () => {
  let app: App, server: MailServer;
  let operator: Person, admin: Person;
  let smtp: Record<string, unknown>;
  /** The answer to RCPT TO of a mailbox's own address. */
  let refusing: Refusal | undefined;

  beforeAll(async () => {
    const certificates = await makeCertificates();
    server = await startMailServer({
      tls: 'starttls',
      certificate: certificates,
      users: { news: SECRET },
      authOptional: true,
      onRcpt: () => refusing,
    });
    smtp = { host: '127.0.0.1', port: server.port, encryption: 'starttls', auth: 'password', username: 'news' };
    app = await boot({
      config: {
        mailboxLimit: 100,
        system: { from: { email: 'system@site.example' }, transport: { ...smtp, password: SECRET } },
        network: { allow: ['127.0.0.1'], ca: [certificates.caPem] },
      },
    });
    operator = await app.person({ actions: EVERYTHING });
  });

  // Ten tests a minute are allowed, for each person.
  beforeEach(async () => {
    admin = await app.person({ actions: MANAGER });
    server.reset();
    refusing = undefined;
  });

  afterAll(async () => {
    await app.stop();
    await server.close();
  });

  const mailbox = async (password: string | null = SECRET, settings = smtp): Promise<string> => {
    const { body } = await app.as(operator).post('/mailboxes', {
      email: `news-${Math.random().toString(36).slice(2)}@club.example`,
      name: 'News',
      authenticated: true,
      smtp: { ...settings, ...(password === null ? {} : { password }) },
    });
    return body.data.id as string;
  };

  it('tries settings that are not saved', async () => {
    const { body } = await app
      .as(admin)
      .post('/mailboxes/test', { smtp: { ...smtp, password: SECRET }, email: 'new@club.example' })
      .expect(200);
    expect(body.data).toMatchObject({ ok: true, mail: null });
    expect(server.messages).toHaveLength(0);
  });

  it('uses the stored password for the stored settings only', async () => {
    const id = await mailbox();
    await app.as(admin).post('/mailboxes/test', { mailbox: id }).expect(200);
    await app.as(admin).post('/mailboxes/test', { mailbox: id, smtp }).expect(200);
    const { body, status } = await app
      .as(admin)
      .post('/mailboxes/test', { mailbox: id, smtp: { ...smtp, username: 'other' } });
    expect({ status, code: body.error.details.code }).toEqual({ status: 400, code: 'SECRET_REQUIRED' });
  });

  it('leaves a mailbox paused as long as its stored settings fail', async () => {
    const id = await mailbox('wrong');
    await tried(app, `mailbox:${id}`, { actor: { type: 'user', id: operator.id } });
    const state = async () => (await app.as(admin).get(`/mailboxes/${id}`)).body.data.pausedBecause?.code ?? 'ok';
    expect(await state()).toBe('AUTH_FAILED');
    await app
      .as(admin)
      .post('/mailboxes/test', { mailbox: id, smtp: { ...smtp, password: SECRET } })
      .expect(200);
    expect(await state()).toBe('AUTH_FAILED');
    const { body } = await app.as(admin).post('/mailboxes/test', { mailbox: id });
    expect(body.data).toMatchObject({ ok: false });
    expect(await state()).toBe('AUTH_FAILED');
  });

  it('shows what a server said at the login to those who administer the mailbox, and to editors the sentence', async () => {
    const SENTENCE = 'The mail server refused the login. Check login name and password.';
    const WORDS = '535 Authentication credentials invalid';
    const id = await mailbox('wrong');
    const editor = await app.person({ actions: [...EDITOR, 'log.read'] });
    const submission = await tried(app, `mailbox:${id}`, { actor: { type: 'user', id: editor.id } });
    const system = { code: 535, text: '535 5.7.8 login smtp-relay from 10.1.2.3 refused' };
    await pauseTransport(app.strapi.db.connection, 'system', pauseOf('AUTH_FAILED', system));
    try {
      const identities = (await app.as(editor).get('/identities').expect(200)).body.data;
      const paused = (await app.as(editor).get('/overview').expect(200)).body.data.paused;
      const { email } = identities.from.find((one: { id: string }) => one.id === `mailbox:${id}`);
      for (const [kind, address] of [
        ['mailbox', email],
        ['system', 'system@site.example'],
      ])
        expect(paused.find((one: { email: string }) => one.email === address)).toMatchObject({
          kind,
          message: SENTENCE,
        });
      for (const one of [`mailbox:${id}`, 'system'])
        expect(identities.from.find((identity: { id: string }) => identity.id === one).paused).toEqual({
          code: 'AUTH_FAILED',
          message: SENTENCE,
        });
      const path = `/submissions/${submission.id}`;
      for (const door of ['/identities', '/overview', '/submissions', path, `${path}/timeline`]) {
        const { text } = await app.as(editor).get(door).expect(200);
        expect([door, text.match(/credentials invalid|smtp-relay/)]).toEqual([door, null]);
      }

      const timelineOf = async (person: Person) =>
        (await app.as(person).get(`${path}/timeline`).expect(200)).body.data.at(-1);
      expect(await timelineOf(editor)).toMatchObject({ kind: 'attempt', result: 'AUTH_FAILED', reply: null });
      expect(await timelineOf(operator)).toMatchObject({ kind: 'attempt', result: 'AUTH_FAILED', reply: WORDS });
      const { pausedBecause } = (await app.as(admin).get(`/mailboxes/${id}`).expect(200)).body.data;
      expect(pausedBecause.message).toBe(`${SENTENCE} The server said: ${WORDS}`);
      const systemOf = async (person: Person) =>
        (await app.as(person).get('/mailboxes').expect(200)).body.meta.system.pausedBecause.message;
      expect(await systemOf(admin)).toBe(SENTENCE);
      expect(await systemOf(operator)).toBe(`${SENTENCE} The server said: ${system.text}`);
    } finally {
      await app.as(operator).post('/mailboxes/test', { mailbox: 'system' }).expect(200);
    }
  });

  it('resumes a paused mailbox when its stored settings pass', async () => {
    const id = await mailbox();
    await pauseTransport(app.strapi.db.connection, id, pauseOf('TLS_FAILED'));
    const recovered: unknown[] = [];
    app.strapi.eventHub.on('mailboxes.mailbox.recovered', (payload: unknown) =>
      Promise.resolve(void recovered.push(payload))
    );
    await app.as(admin).post('/mailboxes/test', { mailbox: id }).expect(200);
    const { body } = await app.as(admin).get(`/mailboxes/${id}`);
    expect(body.data).toMatchObject({ state: 'ok', pausedBecause: null });
    expect(recovered).toEqual([{ id }]);
  });

  it('leaves a mailbox without a login paused when a test of another address passes', async () => {
    const id = await mailbox(null, { ...smtp, auth: 'none', username: undefined });
    const stateAfter = async (input: object) => {
      const { body } = await app
        .as(admin)
        .post('/mailboxes/test', { mailbox: id, ...input })
        .expect(200);
      expect(body.data.ok).toBe(true);
      return (await app.as(admin).get(`/mailboxes/${id}`)).body.data.state;
    };
    await pauseTransport(app.strapi.db.connection, id, pauseOf('SENDER_REJECTED'));
    expect(await stateAfter({ email: 'other@club.example' })).toBe('paused');
    expect(await stateAfter({})).toBe('ok');
  });

  /** As if the person had entered the code for its account e-mail. */
  const confirm = ({ id, email }: Person) =>
    app.strapi.db.connection('mailboxes_confirmations').insert({ user_id: id, address_key: email });

  const audit = ({ id }: Person): Promise<{ object: string; details: unknown }[]> =>
    app.strapi.db
      .connection('mailboxes_audit')
      .where({ action: 'mailbox.tested', actor_user: id })
      .orderBy('id')
      .select('object', 'details');

  it('resumes a paused mailbox whose server refuses mail for its address, or puts it off', async () => {
    for (const code of [550, 450]) {
      const id = await mailbox();
      await pauseTransport(app.strapi.db.connection, id, pauseOf('AUTH_FAILED'));
      refusing = { code, text: 'No inbox' };
      const { body } = await app.as(admin).post('/mailboxes/test', { mailbox: id }).expect(200);
      expect(body.data).toMatchObject({
        ok: true,
        steps: { 5: { step: 'rcpt-to', ok: null, detail: `${code} No inbox` } },
      });
      expect((await app.as(admin).get(`/mailboxes/${id}`)).body.data.state).toBe('ok');
    }
  });

  it('sends one fixed mail to the tester and nowhere else', async () => {
    const id = await mailbox();
    await confirm(admin);
    const { body } = await app.as(admin).post('/mailboxes/test', { mailbox: id, sendToMe: true }).expect(200);
    expect(body.data.mail).toMatchObject({ ok: true });
    expect(server.messages.map(({ envelope }) => envelope.to)).toEqual([[admin.email]]);
  });

  it('uses a stored password for the stored address only, so that no tester sends as another address', async () => {
    const id = await mailbox();
    const other = await app.person({ actions: MANAGER });
    await confirm(other);
    const known = server.messages.length;
    const forged = { mailbox: id, email: 'ceo@corp.example', sendToMe: true };
    for (const input of [forged, { ...forged, smtp }]) {
      const { body, status } = await app.as(other).post('/mailboxes/test', input);
      expect({ status, code: body.error?.details.code }).toEqual({ status: 400, code: 'SECRET_REQUIRED' });
    }
    expect(server.messages).toHaveLength(known);
    const { email } = (await app.as(other).get(`/mailboxes/${id}`)).body.data;
    const { body } = await app.as(other).post('/mailboxes/test', { mailbox: id, email: email.toUpperCase() });
    expect(body.data).toMatchObject({ ok: true });
  });

  it('refuses a test mail to an account e-mail that is not confirmed', async () => {
    const id = await mailbox();
    const before = server.connections;
    for (const input of [
      { mailbox: id, sendToMe: true },
      { smtp: { ...smtp, password: SECRET }, email: 'new@club.example', sendToMe: true },
    ]) {
      const { body, status } = await app.as(admin).post('/mailboxes/test', input);
      expect({ status, code: body.error?.details.code }).toEqual({ status: 403, code: 'OWN_ADDRESS_UNCONFIRMED' });
    }
    expect({ connections: server.connections, rows: await audit(admin) }).toEqual({ connections: before, rows: [] });
  });

  it('binds a typed address to the domains of the tenants in which the tester may create', async () => {
    const id = await mailbox();
    const { body: list } = await app.as(operator).get('/tenants').expect(200);
    const tenant = list.data.find((row: { default: boolean }) => row.default).id as string;
    const settings = { smtp: { ...smtp, password: SECRET } };
    await app
      .as(operator)
      .put(`/tenants/${tenant}`, { mailboxDomains: ['club.example'] })
      .expect(200);
    try {
      for (const input of [
        { ...settings, email: 'ceo@corp.example' },
        { ...settings, mailbox: id, email: 'ceo@corp.example' },
      ]) {
        const { body, status } = await app.as(admin).post('/mailboxes/test', input);
        expect({ status, details: body.error?.details }).toMatchObject({
          status: 400,
          details: { code: 'INVALID_ADDRESS', path: 'email', reason: 'domain' },
        });
      }
      await app
        .as(admin)
        .post('/mailboxes/test', { ...settings, email: 'New@CLUB.example' })
        .expect(200);
      await app
        .as(admin)
        .post('/mailboxes/test', { ...settings, mailbox: id, email: 'new@club.example' })
        .expect(200);
      const updater = await app.person({ actions: ['mailboxes.read', 'mailboxes.update'] });
      const { body, status } = await app
        .as(updater)
        .post('/mailboxes/test', { ...settings, email: 'new@club.example' });
      expect({ status, code: body.error?.details.code }).toEqual({ status: 403, code: 'FORBIDDEN' });
    } finally {
      await app.as(operator).put(`/tenants/${tenant}`, { mailboxDomains: [] }).expect(200);
    }
  });

  it('writes the sender and the recipient of the test mail into the audit', async () => {
    const id = await mailbox();
    await confirm(admin);
    const settings = { smtp: { ...smtp, password: SECRET }, email: 'new@club.example' };
    await app.as(admin).post('/mailboxes/test', settings).expect(200);
    await app
      .as(admin)
      .post('/mailboxes/test', { ...settings, mailbox: id, sendToMe: true })
      .expect(200);
    const read = (details: unknown): unknown => (typeof details === 'string' ? JSON.parse(details) : details);
    expect((await audit(admin)).map(({ object, details }) => [object, read(details)])).toEqual([
      ['new', { from: 'new@club.example', to: null }],
      [id, { from: 'new@club.example', to: admin.email }],
    ]);
  });

  it('lets only users with tenants.manage test the system mailbox', async () => {
    await app.as(admin).post('/mailboxes/test', { mailbox: 'system' }).expect(403);
    const { body } = await app.as(operator).post('/mailboxes/test', { mailbox: 'system', sendToMe: true }).expect(200);
    expect(body.data).toMatchObject({ ok: true, mail: { ok: true } });
    expect(server.messages.map(({ envelope }) => envelope)).toEqual([
      { from: 'system@site.example', to: [operator.email] },
    ]);
  });

  it.each([
    [
      'a forbidden host',
      { smtp: { host: '169.254.169.254', port: 587, encryption: 'tls', auth: 'none' }, email: 'a@b.example' },
      400,
      'HOST_NOT_ALLOWED',
    ],
    ['another field', { smtp: {}, email: 'a@b.example', to: 'x@y.example' }, 400, 'UNKNOWN_FIELD'],
    ['no settings at all', {}, 400, 'INVALID_INPUT'],
    [
      'a wrong address',
      { smtp: { host: 'a.example', port: 587, encryption: 'tls', auth: 'none' }, email: 'a@b@c' },
      400,
      'INVALID_ADDRESS',
    ],
    ['an unknown mailbox', { mailbox: 'nope' }, 404, 'NOT_FOUND'],
  ])('refuses %s', async (_name, input, status, code) => {
    const answer = await app.as(admin).post('/mailboxes/test', input);
    expect({ status: answer.status, code: answer.body.error.details.code }).toEqual({ status, code });
  });

  it('is refused to an editor', async () => {
    const editor = await app.person({ actions: EDITOR });
    await app.as(editor).post('/mailboxes/test', { mailbox: 'nope' }).expect(403);
  });

  it('runs exactly ten of 30 parallel tests in a minute, and keeps no row of the refused ones', async () => {
    const id = await mailbox();
    const tries = await Promise.all(
      Array.from({ length: 30 }, () => app.as(admin).post('/mailboxes/test', { mailbox: id }))
    );
    const codes = tries.map(({ status, body }) => body.error?.details.code ?? status).sort();
    expect(codes).toEqual([...Array(10).fill(200), ...Array(20).fill('RATE_LIMITED')]);
    expect(await audit(admin)).toHaveLength(10);
  });

  it('returns the seconds until the oldest of the last ten tests is a minute old', async () => {
    const id = await mailbox();
    for (let tests = 0; tests < 11; tests += 1) await app.as(admin).post('/mailboxes/test', { mailbox: id });
    await app.strapi.db.connection('mailboxes_audit').where({ actor_user: admin.id }).decrement('at', 40_000);
    const { body } = await app.as(admin).post('/mailboxes/test', { mailbox: id }).expect(429);
    const { retryAfterSeconds } = body.error.details;
    expect(retryAfterSeconds).toBeLessThanOrEqual(20);
    expect(retryAfterSeconds).toBeGreaterThan(0);
  });
});
