import { actionId } from '../../server/src/contracts/permissions';
import { emailService, FORGED, guardedSite, letter, NEWS, SYSTEM, BOARD, type GuardedSite } from '../support/guard';

/** What reaches a mail library another way than by From. */
const SMUGGLED: [string, Record<string, unknown>, string][] = [
  ['an envelope', { from: NEWS, envelope: { from: 'ceo@evil.example', to: 'x@evil.example' } }, 'UNKNOWN_FIELD'],
  ['a Sender', { from: NEWS, sender: 'ceo@evil.example' }, 'UNKNOWN_FIELD'],
  ['raw bytes', { from: NEWS, raw: 'From: ceo@evil.example\r\n\r\nHello' }, 'UNKNOWN_FIELD'],
  ['alternatives', { from: NEWS, alternatives: [{ content: 'x' }] }, 'UNKNOWN_FIELD'],
  ['credentials', { from: NEWS, auth: { user: 'ceo' } }, 'UNKNOWN_FIELD'],
  ['a message id', { from: NEWS, messageId: '<x@evil.example>' }, 'UNKNOWN_FIELD'],
  ['a header From', { from: NEWS, headers: { From: 'ceo@evil.example' } }, 'INVALID_HEADER'],
  ['a header Bcc', { from: NEWS, headers: { bcc: 'x@evil.example' } }, 'INVALID_HEADER'],
  ['a header Reply-To', { from: NEWS, headers: { 'Reply-To': 'ceo@evil.example' } }, 'INVALID_HEADER'],
  ['a header that injects lines', { from: NEWS, headers: { 'X-A': 'b\r\nBcc: x@evil.example' } }, 'INVALID_HEADER'],
  ['a prepared header', { from: NEWS, headers: { 'X-A': { prepared: true, value: 'b' } } }, 'INVALID_HEADER'],
  ['a list of headers', { from: NEWS, headers: [{ key: 'From', value: 'ceo@evil.example' }] }, 'INVALID_INPUT'],
  ['a file of the server', { attachments: [{ filename: 'a', path: '/etc/passwd' }] }, 'UNKNOWN_FIELD'],
  ['a URL', { attachments: [{ filename: 'a', href: 'http://127.0.0.1/' }] }, 'UNKNOWN_FIELD'],
  ['a file name with a header', { attachments: [{ filename: 'a\r\nBcc: x', content: 'x' }] }, 'INVALID_INPUT'],
  [
    'a media type with a header',
    { attachments: [{ filename: 'a', content: 'x', contentType: 'a/b\r\nX: y' }] },
    'INVALID_INPUT',
  ],
  ['a subject with a header', { subject: 'Hello\r\nBcc: x@evil.example' }, 'INVALID_SUBJECT'],
  ['a Reply-To of nobody here', { replyTo: 'ceo@evil.example' }, 'FORBIDDEN_REPLY_TO'],
  ['two Reply-To', { replyTo: `${NEWS}, ceo@evil.example` }, 'FORBIDDEN_REPLY_TO'],
  ['a Reply-To that is not the guard actor’s', { replyTo: BOARD }, 'FORBIDDEN_REPLY_TO'],
  ['a recipient with a header', { to: 'x@reader.example\r\nBcc: y@evil.example' }, 'INVALID_RECIPIENTS'],
  ['a group of recipients', { to: 'Team: x@reader.example, y@reader.example;' }, 'INVALID_RECIPIENTS'],
  ['nobody', { to: '' }, 'NO_RECIPIENTS'],
];

const DOORS = [
  'service.send',
  'another way to the service',
  'sendTemplatedEmail',
  'the provider',
  'POST /email',
  'POST /api/email',
];
const IN_PROCESS = DOORS.slice(0, 4);

const policiesOf = ({ app }: GuardedSite): unknown[] => {
  const { routes } = app.strapi.plugin('email') as unknown as {
    routes: { admin: { routes: { handler: string; config: { policies: unknown[] } }[] } };
  };
  return routes.admin.routes.find(({ handler }) => handler === 'email.send')?.config.policies ?? [];
};

const providerOf = ({ app }: GuardedSite): object =>
  (app.strapi.plugin('email') as unknown as { provider: object }).provider;

describe('enforce', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('enforce');
  });
  afterAll(() => site.stop());
  afterEach(() => {
    expect(site.strapiServer.sessions).toHaveLength(0);
    expect(site.newsServer.sessions).toHaveLength(0);
  });

  describe.each(DOORS)('through %s', (door) => {
    it.each(FORGED)('sends nothing from %s', async (_what, from) => {
      const sent = site.doors[door]?.(letter({ from }));
      await expect(sent).rejects.toThrow();
      if (IN_PROCESS.includes(door))
        await expect(sent).rejects.toMatchObject({ details: { code: 'FORBIDDEN_FROM' }, statusCode: 400 });
      expect(await site.submissions()).toEqual([]);
    });

    it.each(SMUGGLED)('sends nothing with %s', async (_what, differs, code) => {
      const sent = site.doors[door]?.(letter(differs));
      await expect(sent).rejects.toThrow();
      if (IN_PROCESS.includes(door)) await expect(sent).rejects.toMatchObject({ details: { code } });
    });
  });

  it('asks at the open route of the admin API for the permission to send', async () => {
    expect(policiesOf(site)).toEqual([
      'admin::isAuthenticatedAdmin',
      { name: 'plugin::mailboxes.holds-any', config: { actions: [actionId('communication.send')] } },
    ]);
  });

  it('wraps what is put in the place of the provider, too', async () => {
    const plugin = site.app.strapi.plugin('email') as unknown as { provider: unknown };
    const before = plugin.provider;
    const calls: unknown[] = [];
    plugin.provider = { send: async (options: unknown) => void calls.push(options) };
    await expect(emailService(site.app).send(letter({ from: 'ceo@evil.example' }))).rejects.toThrow();
    plugin.provider = before;
    expect(calls).toEqual([]);
    expect(plugin.provider).toBe(before);
  });

  it('keeps what was refused, with the caller', async () => {
    const findings = await site.findings();
    expect(findings.length).toBeGreaterThan(FORGED.length);
    const callers = new Set(
      findings.filter(({ from_text }) => from_text === 'ceo@evil.example').map(({ caller }) => caller)
    );
    expect([...callers].sort()).toEqual(
      // Both ways to the service, the templates, and the provider are called by these two files.
      ['../server/guard-doors.test.ts', '../support/guard.ts', 'POST /api/email', 'POST /email']
    );
    expect(findings.every(({ from_text }) => from_text.length <= 200)).toBe(true);
  });
});

describe('report', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('report');
  });
  afterAll(() => site.stop());

  it.each(DOORS)('lets a foreign From go on as before through %s, and counts it', async (door) => {
    const before = site.strapiServer.accepted.length;
    const from = `Boss <ceo-${DOORS.indexOf(door)}@evil.example>`;
    for (let times = 0; times < 3; times += 1) await site.doors[door]?.(letter({ from }));
    const sent = site.strapiServer.accepted.slice(before);
    expect(sent.map(({ envelope }) => envelope.from)).toEqual(Array(3).fill(`ceo-${DOORS.indexOf(door)}@evil.example`));
    expect((await site.findings()).filter(({ from_text }) => from_text === from)).toMatchObject([
      { count: 3, verdict: 'FORBIDDEN_FROM', address: `ceo-${DOORS.indexOf(door)}@evil.example` },
    ]);
    expect(await site.submissions()).toEqual([]);
  });

  it.each(DOORS)('counts nothing that enforce lets through: %s', async (door) => {
    const before = await site.findings();
    const sent = site.strapiServer.accepted.length;
    for (const from of [
      undefined,
      '',
      SYSTEM,
      `Site <${SYSTEM}>`,
      'Strapi <no-reply@strapi.io>',
      NEWS,
      `Club <${NEWS.toUpperCase()}>`,
    ])
      await site.doors[door]?.(letter(from === undefined ? {} : { from }));
    expect(await site.findings()).toEqual(before);
    expect(site.strapiServer.accepted.length).toBe(sent + 7);
  });

  it('counts every one of many that come at once', async () => {
    const from = 'many@evil.example';
    await Promise.all(Array.from({ length: 20 }, () => emailService(site.app).send(letter({ from }))));
    expect((await site.findings()).find(({ from_text }) => from_text === from)).toMatchObject({ count: 20 });
  });

  it("leaves the answer and the errors of Strapi's provider as they are", async () => {
    expect(await emailService(site.app).send(letter())).toMatchObject({
      accepted: ['ada@reader.example'],
      rejected: [],
    });
    site.strapiServer.play({ replies: { mail: '550 5.7.1 No' } });
    await expect(emailService(site.app).send(letter())).rejects.toMatchObject({
      responseCode: 550,
      command: 'MAIL FROM',
    });
    site.strapiServer.play({});
  });

  it('goes on where nothing can be counted', async () => {
    const { connection } = site.app.strapi.db;
    await connection.schema.renameTable('mailboxes_guard_findings', 'mailboxes_away');
    try {
      await expect(emailService(site.app).send(letter({ from: 'away@evil.example' }))).resolves.toBeDefined();
    } finally {
      await connection.schema.renameTable('mailboxes_away', 'mailboxes_guard_findings');
    }
    expect(site.app.logs.some((line) => line.includes('the guard could not report'))).toBe(true);
  });

  it('leaves the policies of the e-mail routes as they are', () => {
    expect(policiesOf(site)).toEqual(['admin::isAuthenticatedAdmin']);
  });

  it('keeps the other functions of the provider', () => {
    const provider = providerOf(site) as Record<string, () => unknown>;
    expect(typeof provider.isIdle?.()).toBe('boolean');
    expect(provider.getCapabilities?.()).toHaveProperty('transport');
  });
});

describe('off', () => {
  it("leaves Strapi's own provider and policies, and sends as anybody", async () => {
    const site = await guardedSite('off');
    try {
      expect(Object.getPrototypeOf(providerOf(site))).toBe(Object.prototype);
      expect(Object.getOwnPropertyDescriptor(site.app.strapi.plugin('email'), 'provider')).toMatchObject({
        writable: true,
      });
      expect(policiesOf(site)).toEqual(['admin::isAuthenticatedAdmin']);
      for (const door of DOORS) await site.doors[door]?.(letter({ from: 'ceo@evil.example' }));
      expect(site.strapiServer.accepted.map(({ envelope }) => envelope.from)).toEqual(
        Array(6).fill('ceo@evil.example')
      );
      expect(await site.findings()).toEqual([]);
    } finally {
      await site.stop();
    }
  });

  it('is what is left after the plugin was destroyed', async () => {
    const site = await guardedSite('enforce');
    const wrapped = providerOf(site);
    await site.stop();
    expect(providerOf(site)).toBe(Object.getPrototypeOf(wrapped));
    expect(policiesOf(site)).toEqual(['admin::isAuthenticatedAdmin']);
  });
});
