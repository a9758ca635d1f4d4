import supertest from 'supertest';
import { forgetfulVisitor } from '../support/content-api';
import { emailService, guardedSite, letter, type GuardedSite } from '../support/guard';
import { BOARD, FORGED, HUGE, NEWS, SYSTEM } from '../support/guard.table';
import { createGate } from '../support/smtp/scripted-server';
import { OPERATOR } from '../support/strapi';

type Options = Record<string, unknown>;
type Send = (options: unknown) => Promise<unknown>;

const pluginOf = ({ app }: GuardedSite) =>
  app.strapi.plugin('email') as unknown as { provider: { send: Send; verify?: () => unknown } };
const send = ({ app }: GuardedSite, differs: Options = {}): Promise<unknown> => emailService(app).send(letter(differs));
const http = ({ app }: GuardedSite) => supertest(app.strapi.server.httpServer);
const FORBIDDEN = { details: { code: 'FORBIDDEN_FROM' } };

describe('enforce', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('enforce', {
      usersPermissions: true,
      config: { limits: { perTenantPerHour: 3 } },
    });
  });
  afterEach(() => {
    site.newsServer.play({});
    site.strapiServer.play({});
  });
  afterAll(() => site.stop());

  it.each(['to', 'cc', 'bcc', 'replyTo', 'from'])('refuses a huge %s before anything is sent', async (field) => {
    for (const [title, value] of HUGE)
      for (const given of [value, [value, value]]) {
        const error: unknown = await send(site, { [field]: given }).catch((thrown: unknown) => thrown);
        expect([title, error]).toEqual([
          title,
          expect.objectContaining({ details: expect.objectContaining({ code: expect.any(String) }) }),
        ]);
      }
    expect(site.strapiServer.sessions).toHaveLength(0);
  });

  describe('a provider that a project changes', () => {
    const decorations: [string, (provider: { send: Send }, seen: unknown[]) => void][] = [
      [
        'a copy with a send of its own',
        (provider, seen) => {
          pluginOf(site).provider = {
            ...provider,
            send: (options) => {
              seen.push(options);
              return provider.send(options);
            },
          };
        },
      ],
      [
        'an object derived from it',
        (provider, seen) => {
          pluginOf(site).provider = Object.create(provider, {
            send: {
              value: (options: unknown) => {
                seen.push(options);
                return provider.send(options);
              },
            },
          });
        },
      ],
      [
        'another send in its place',
        (provider, seen) => {
          const before = provider.send;
          provider.send = (options) => {
            seen.push(options);
            return before(options);
          };
        },
      ],
    ];

    it.each(decorations)('stays guarded, and does its work: %s', async (_what, decorate) => {
      const { provider } = pluginOf(site);
      const { send: before } = provider;
      const sessions = site.strapiServer.accepted.length;
      try {
        const seen: unknown[] = [];
        decorate(provider, seen);
        await expect(send(site, { from: 'ceo@evil.example' })).rejects.toMatchObject(FORBIDDEN);
        expect(seen).toEqual([]);
        await send(site);
        expect(seen).toHaveLength(1);
        expect(site.strapiServer.accepted.slice(sessions).map(({ envelope }) => envelope.from)).toEqual([SYSTEM]);
      } finally {
        pluginOf(site).provider = provider;
        if (provider.send !== before) provider.send = before;
      }
    });
  });

  it('refuses a mailbox over POST /email that is not granted to the caller', async () => {
    const editor = await site.app.person();
    const { id } = (await site.app.service('mailboxes').findMany({ actor: OPERATOR })).find(
      ({ email }) => email === NEWS
    ) as { id: string };
    await site.app.service('mailboxes').update(id, { restricted: true }, { actor: OPERATOR });
    const post = () =>
      http(site)
        .post('/email')
        .set('Authorization', `Bearer ${editor.token}`)
        .send(letter({ from: NEWS }));
    const before = site.newsServer.accepted.length;
    expect((await post()).status).toBe(400);
    expect(site.newsServer.accepted.length).toBe(before);
    // The site's own code may.
    await send(site, { from: NEWS });
    await site.app.service('grants').create({ mailbox: id, user: editor.id }, { actor: OPERATOR });
    expect((await post()).status).toBe(200);
    expect(site.newsServer.accepted.length).toBe(before + 2);
    await site.app.service('mailboxes').update(id, { restricted: false }, { actor: OPERATOR });
  });

  it('requires the permission to send of an admin who calls POST /email', async () => {
    const nobody = await site.app.person({ actions: [] });
    const answer = await http(site).post('/email').set('Authorization', `Bearer ${nobody.token}`).send(letter());
    expect(answer.status).toBe(403);
  });

  it('sends unawaited mail of a transaction that has ended', async () => {
    const before = site.newsServer.accepted.length;
    let sent: Promise<unknown> = Promise.resolve();
    await site.app.strapi.db.transaction(async () => {
      await site.app.strapi.store.set({ type: 'plugin', name: 'test', key: 'order', value: 3 });
      sent = send(site, { from: NEWS });
    });
    await sent;
    expect(site.newsServer.accepted.length).toBe(before + 1);
    expect((await site.submissions()).at(-1)).toMatchObject({ state: 'submitted' });
  });

  it('rejects the call when its submission is cancelled', async () => {
    const gate = createGate();
    site.newsServer.play({ replies: { mail: [gate] } });
    const mails = site.newsServer.log.filter(({ stage }) => stage === 'mail').length;
    const sent = send(site, { from: NEWS });
    const ended = expect(sent).rejects.toMatchObject({ details: { code: 'ATTEMPT_FAILED', because: 'canceled' } });
    await site.newsServer.waitFor('mail', mails + 1);
    const { id } = (await site.submissions()).at(-1) as { id: string };
    await site.app.service('submissions').cancel(id, { actor: { type: 'system', name: 'website' } });
    gate.open();
    await ended;
  });

  it('does not delay the queue for mail that hangs', async () => {
    const gate = createGate();
    site.strapiServer.play({ replies: { mail: Array(10).fill(gate) as never } });
    const before = site.strapiServer.log.filter(({ stage }) => stage === 'mail').length;
    const hanging = Array.from({ length: 8 }, () => send(site));
    await site.strapiServer.waitFor('mail', before + 1);
    const actor = { type: 'system', name: 'website' } as const;
    const news = (await site.app.service('identities').listFor({ actor })).from.find(({ email }) => email === NEWS);
    const { id } = await site.app
      .service('submissions')
      .submit({ actor, from: news?.id ?? 'system', to: ['ada@reader.example'], subject: 'Hello', text: 'Hello' });
    expect(await site.app.service('submissions').whenSettled(id, { actor })).toMatchObject({ state: 'submitted' });
    gate.open();
    await Promise.allSettled(hanging);
  });

  describe('a password mail', () => {
    const forgot = () => http(site).post('/api/auth/forgot-password').send({ email: 'cat@reader.example' });

    beforeAll(() => forgetfulVisitor(site.app));

    const setTemplate = async (from: Options, response_email = ''): Promise<void> => {
      const store = site.app.strapi.store({ type: 'plugin', name: 'users-permissions' });
      const email = (await store.get({ key: 'email' })) as { reset_password: { options: Options } };
      Object.assign(email.reset_password.options, { from, response_email });
      await store.set({ key: 'email', value: email });
    };

    it("is sent at the tenant's hourly limit, and does not count towards it", async () => {
      for (let times = 0; times < 4; times += 1) await send(site);
      const actor = { type: 'system', name: 'website' } as const;
      const submit = () =>
        site.app
          .service('submissions')
          .submit({ actor, from: 'system', to: ['ada@reader.example'], subject: 'Hello', text: 'Hello' });
      // One was queued above, and one sent by a person.
      await submit();
      await expect(submit()).rejects.toMatchObject({ details: { code: 'RATE_LIMITED' } });
      await send(site);
    });

    it('of a template with a forged From or Reply-To is not sent', async () => {
      const before = site.strapiServer.sessions.length;
      await setTemplate({ name: 'Boss', email: 'ceo@evil.example' });
      expect((await forgot()).status).toBe(400);
      await setTemplate({ name: NEWS, email: 'ceo@evil.example' });
      expect((await forgot()).status).toBe(400);
      await setTemplate({ name: 'Site', email: SYSTEM }, 'ceo@evil.example');
      expect((await forgot()).status).toBe(400);
      expect(site.strapiServer.sessions.length).toBe(before);
      await setTemplate({ name: 'Administration Panel', email: 'no-reply@strapi.io' });
      expect((await forgot()).status).toBe(200);
    });

    it('of the admin with a forged sender in the configuration is not sent', async () => {
      const admin = await site.app.person({ email: 'forgetful@site.example' });
      site.app.strapi.config.set('admin.forgotPassword.from', 'ceo@evil.example');
      const before = site.strapiServer.accepted.length;
      const findings = (await site.findings()).length;
      await http(site).post('/admin/forgot-password').send({ email: admin.email });
      while ((await site.findings()).length === findings) await new Promise((resolve) => setImmediate(resolve));
      expect(site.strapiServer.accepted.length).toBe(before);
      site.app.strapi.config.set('admin.forgotPassword.from', undefined);
    });

    it('that the mail server refuses does not reveal the SMTP reply to the caller', async () => {
      site.strapiServer.play({ replies: { mail: '550 5.7.1 relay-7.internal.example says no' } });
      const answer = await forgot();
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('internal');
    });
  });
});

describe('while the site stops', () => {
  it('mail is still checked by the guard', async () => {
    const site = await guardedSite('enforce');
    const gate = createGate();
    site.newsServer.play({ replies: { dot: [gate] } });
    const last = send(site, { from: NEWS });
    await site.newsServer.waitFor('dot');
    const stopped = site.app.strapi.destroy();
    await expect(send(site, { from: 'ceo@evil.example' })).rejects.toMatchObject(FORBIDDEN);
    gate.open();
    await last;
    await stopped;
    expect(site.strapiServer.sessions).toHaveLength(0);
    await site.app.database.drop();
    await site.strapiServer.close();
    await site.newsServer.close();
  });
});

describe('report', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('report');
  });
  afterAll(() => site.stop());

  it('counts each forged From once, under the code of enforce', async () => {
    const counted = async (): Promise<number> =>
      (await site.findings()).reduce((sum, { count, verdict }) => sum + (verdict === 'FORBIDDEN_FROM' ? count : 0), 0);
    for (const [title, from] of FORGED) {
      const before = await counted();
      // Sending such a From may fail in the mail library, as it would without the guard.
      await send(site, { from }).catch(() => undefined);
      expect([title, await counted()]).toEqual([title, before + 1]);
    }
  });

  it('counts mail with a From that cannot be serialized', async () => {
    const circular: Options = {};
    circular.self = circular;
    await send(site, { from: circular }).catch(() => undefined);
    expect((await site.findings()).some(({ from_text }) => from_text.includes('Circular'))).toBe(true);
  });

  it('counts mail over the size limit', async () => {
    await send(site, { attachments: [{ filename: 'big.bin', content: Buffer.alloc(20 * 1024 * 1024) }] });
    expect((await site.findings()).map(({ verdict }) => verdict)).toContain('TOO_LARGE');
  });

  it('counts a mail once, however its provider was decorated', async () => {
    const { provider } = pluginOf(site);
    pluginOf(site).provider = { ...provider, send: (options) => provider.send(options) };
    await send(site, { from: 'once@evil.example' });
    pluginOf(site).provider = provider;
    expect((await site.findings()).filter(({ address }) => address === 'once@evil.example')).toMatchObject([
      { count: 1 },
    ]);
  });

  it('counts mail of a transaction, without waiting for its commit', async () => {
    await site.app.strapi.db.transaction(async () => {
      await site.app.strapi.store.set({ type: 'plugin', name: 'test', key: 'order', value: 4 });
      await send(site, { from: 'inside@evil.example' });
    });
    while (!(await site.findings()).some(({ address }) => address === 'inside@evil.example'))
      await new Promise((resolve) => setImmediate(resolve));
  });

  it('counts another mailbox of the site in From', async () => {
    await send(site, { from: BOARD });
    expect((await site.findings()).find(({ address }) => address === BOARD)).toBeDefined();
  });
});
