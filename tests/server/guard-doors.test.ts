import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { actionId } from '../../server/src/contracts/permissions';
import type { RefusalCode } from '../../server/src/domain/refusal';
import { emailService, guardedSite, letter, type GuardedSite } from '../support/guard';
import { BOARD, FORGED, NEWS, SMUGGLED, SYSTEM } from '../support/guard.table';

/*
 * Every entry point of Strapi's e-mail plugin ends in `provider.send`, which is the guard. Here: each entry point
 * reaches that one funnel, with a few typical mails, and the funnel itself refuses every spelling.
 */

const DOORS = [
  'service.send',
  'another way to the service',
  'sendTemplatedEmail',
  'the provider',
  'POST /email',
  'POST /api/email',
];
const IN_PROCESS = DOORS.slice(0, 4);

/** From no single mailbox of the guard's, and one field for each part of a mail that the guard reads. */
const TELLING: [differs: Record<string, unknown>, code: RefusalCode][] = [
  ...[
    'ceo@evil.example',
    `${NEWS}, ceo@evil.example`,
    `${NEWS}\u0000@evil.example`,
    `"${NEWS}" <ceo@evil.example>`,
    ['ceo@evil.example', NEWS],
    { name: NEWS, address: 'ceo@evil.example' },
    false,
    `${'a'.repeat(1_000_000)}@evil.example`,
  ].map((from): [Record<string, unknown>, RefusalCode] => [{ from }, 'FORBIDDEN_FROM']),
  [{ from: NEWS, envelope: { from: 'ceo@evil.example', to: 'x@evil.example' } }, 'UNKNOWN_FIELD'],
  [{ from: NEWS, headers: { From: 'ceo@evil.example' } }, 'INVALID_HEADER'],
  [{ from: NEWS, headers: [{ key: 'From', value: 'ceo@evil.example' }] }, 'INVALID_INPUT'],
  [{ attachments: [{ filename: 'a', path: '/etc/passwd' }] }, 'UNKNOWN_FIELD'],
  [{ subject: 'Hello\r\nBcc: x@evil.example' }, 'INVALID_SUBJECT'],
  [{ replyTo: BOARD }, 'FORBIDDEN_REPLY_TO'],
  [{ to: 'x@reader.example\r\nBcc: y@evil.example' }, 'INVALID_RECIPIENTS'],
  [{ to: '' }, 'NO_RECIPIENTS'],
];

/** Without a From that names a mailbox, mail leaves as the site. */
const AS_SITE = [undefined, '', SYSTEM, `Site <${SYSTEM}>`, 'Strapi <no-reply@strapi.io>'];
const AS_MAILBOX = [NEWS, `Club <${NEWS.toUpperCase()}>`];
const fromOf = (from: unknown): Record<string, unknown> => (from === undefined ? {} : { from });

/** Counts the findings per code. */
const verdictsOf = async ({ findings }: GuardedSite): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { verdict, count } of await findings()) counts[verdict] = (counts[verdict] ?? 0) + count;
  return counts;
};
const oneMore = (counts: Record<string, number>, verdict: string): Record<string, number> => ({
  ...counts,
  [verdict]: (counts[verdict] ?? 0) + 1,
});

const policiesOf = ({ app }: GuardedSite): unknown[] => {
  const { routes } = app.strapi.plugin('email') as unknown as {
    routes: { admin: { routes: { handler: string; config: { policies: unknown[] } }[] } };
  };
  return routes.admin.routes.find(({ handler }) => handler === 'email.send')?.config.policies ?? [];
};

const providerOf = ({ app }: GuardedSite): object =>
  (app.strapi.plugin('email') as unknown as { provider: object }).provider;

describe('guard in mode enforce', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('enforce');
  });
  afterAll(() => site.stop());

  describe('refused mail', () => {
    const traces = async () => ({
      system: site.strapiServer.sessions.length,
      news: site.newsServer.sessions.length,
      submissions: (await site.submissions()).length,
    });
    let before: Awaited<ReturnType<typeof traces>>;
    beforeEach(async () => {
      before = await traces();
    });
    afterEach(async () => {
      expect(await traces()).toEqual(before);
    });

    it.each(DOORS)('refuses forged mail at %s, and counts each under its code', async (door) => {
      for (const [differs, code] of TELLING) {
        const found = await verdictsOf(site);
        const error: unknown = await site.doors[door]?.(letter(differs)).catch((thrown: unknown) => thrown);
        expect([differs, error]).toEqual([
          differs,
          expect.objectContaining(
            IN_PROCESS.includes(door)
              ? { details: expect.objectContaining({ code }), statusCode: 400 }
              : { status: 400 }
          ),
        ]);
        expect([differs, await verdictsOf(site)]).toEqual([differs, oneMore(found, code)]);
      }
    });

    it.each(FORGED)('refuses %s as From, and counts it', async (_title, from) => {
      const found = await verdictsOf(site);
      await expect(emailService(site.app).send(letter({ from }))).rejects.toMatchObject({
        details: { code: 'FORBIDDEN_FROM' },
        statusCode: 400,
      });
      expect(await verdictsOf(site)).toEqual(oneMore(found, 'FORBIDDEN_FROM'));
    });

    it.each(SMUGGLED)('refuses a mail with %s, and counts it', async (_title, differs, code) => {
      const found = await verdictsOf(site);
      await expect(emailService(site.app).send(letter(differs))).rejects.toMatchObject({
        details: { code },
        statusCode: 400,
      });
      expect(await verdictsOf(site)).toEqual(oneMore(found, code));
    });
  });

  it.each(DOORS)('hands mail from an allowed From at %s to the outbox', async (door) => {
    const before = await site.findings();
    for (const [froms, server] of [
      [AS_SITE, site.strapiServer],
      [AS_MAILBOX, site.newsServer],
    ] as const)
      for (const from of froms) {
        const sent = server.accepted.length;
        const known = (await site.submissions()).length;
        await site.doors[door]?.(letter(fromOf(from)));
        expect([from, server.accepted.length, (await site.submissions()).length]).toEqual([from, sent + 1, known + 1]);
      }
    expect(await site.findings()).toEqual(before);
  });

  it('requires the permission to send on POST /email', async () => {
    expect(policiesOf(site)).toEqual([
      'admin::isAuthenticatedAdmin',
      { name: 'plugin::mailboxes.holds-any', config: { actions: [actionId('communication.send')] } },
    ]);
  });

  it('wraps a provider that replaces the first one', async () => {
    const plugin = site.app.strapi.plugin('email') as unknown as { provider: unknown };
    const before = plugin.provider;
    const calls: unknown[] = [];
    plugin.provider = { send: async (options: unknown) => void calls.push(options) };
    await expect(emailService(site.app).send(letter({ from: 'ceo@evil.example' }))).rejects.toThrow();
    plugin.provider = before;
    expect(calls).toEqual([]);
    expect(plugin.provider).toBe(before);
  });

  it('stores refused mail with its caller', async () => {
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

/** A plugin as it is published: its own code and that of a library in one minified file. */
const BUNDLE =
  '"use strict";var l={post:(s,o)=>s.plugin("email").service("email").send(o)};exports.send=async(s,o)=>l.post(s,o);';

describe('hint at the caller', () => {
  let site: GuardedSite;
  let folder: string;
  beforeAll(async () => {
    site = await guardedSite('report');
    folder = await mkdtemp(path.join(tmpdir(), 'mailboxes-bundle-'));
  });
  afterAll(async () => {
    await site.stop();
    await rm(folder, { recursive: true });
  });

  const bundleAt = async (place: string): Promise<{ send: (strapi: unknown, mail: unknown) => Promise<unknown> }> => {
    const file = path.join(folder, place);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, BUNDLE);
    return require(file);
  };
  const callersOf = async (from: string): Promise<string[]> =>
    (await site.findings()).filter(({ from_text }) => from_text === from).map(({ caller }) => caller);

  it.each([
    ['strapi-plugin-letters', 'one@evil.example'],
    ['@club/letters', 'two@evil.example'],
  ])('names the package of the bundled plugin %s', async (name, from) => {
    const plugin = await bundleAt(`node_modules/${name}/dist/server/index.js`);
    await plugin.send(site.app.strapi, letter({ from }));
    expect(await callersOf(from)).toEqual([name]);
  });

  it('names the file of a bundled plugin in the project', async () => {
    const plugin = await bundleAt('src/plugins/letters/dist/server/index.js');
    await plugin.send(site.app.strapi, letter({ from: 'three@evil.example' }));
    expect(await callersOf('three@evil.example')).toEqual([
      path.join(path.relative(site.app.strapi.dirs.app.root, folder), 'src/plugins/letters/dist/server/index.js'),
    ]);
  });

  it('names a plugin that sends for another one in its place', async () => {
    const sender = await bundleAt('node_modules/strapi-plugin-sender/dist/server/index.js');
    const file = path.join(folder, 'node_modules/strapi-plugin-author/dist/server/index.js');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'exports.write=(sender,s,o)=>sender.send(s,o);');
    const author: { write: (...args: unknown[]) => Promise<unknown> } = require(file);
    await author.write(sender, site.app.strapi, letter({ from: 'four@evil.example' }));
    expect(await callersOf('four@evil.example')).toEqual(['strapi-plugin-sender']);
  });
});

describe('guard in mode report', () => {
  let site: GuardedSite;
  beforeAll(async () => {
    site = await guardedSite('report');
  });
  afterAll(() => site.stop());

  it.each(DOORS)('passes a foreign From at %s on to the provider, and counts it', async (door) => {
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

  it.each(DOORS)('counts no From at %s that enforce allows', async (door) => {
    const before = await site.findings();
    const sent = site.strapiServer.accepted.length;
    for (const from of [...AS_SITE, ...AS_MAILBOX]) await site.doors[door]?.(letter(fromOf(from)));
    expect(await site.findings()).toEqual(before);
    expect(site.strapiServer.accepted.length).toBe(sent + 7);
  });

  it('counts each of 20 concurrent mails', async () => {
    const from = 'many@evil.example';
    await Promise.all(Array.from({ length: 20 }, () => emailService(site.app).send(letter({ from }))));
    expect((await site.findings()).find(({ from_text }) => from_text === from)).toMatchObject({ count: 20 });
  });

  it("returns the results and errors of Strapi's provider unchanged", async () => {
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

  it('sends mail although its finding cannot be stored', async () => {
    const { connection } = site.app.strapi.db;
    await connection.schema.renameTable('mailboxes_guard_findings', 'mailboxes_away');
    try {
      await expect(emailService(site.app).send(letter({ from: 'away@evil.example' }))).resolves.toBeDefined();
    } finally {
      await connection.schema.renameTable('mailboxes_away', 'mailboxes_guard_findings');
    }
    expect(site.app.logs.some((line) => line.includes('the guard could not report'))).toBe(true);
  });

  it('leaves the policies of the e-mail routes unchanged', () => {
    expect(policiesOf(site)).toEqual(['admin::isAuthenticatedAdmin']);
  });

  it('keeps the other functions of the provider', () => {
    const provider = providerOf(site) as Record<string, () => unknown>;
    expect(typeof provider.isIdle?.()).toBe('boolean');
    expect(provider.getCapabilities?.()).toHaveProperty('transport');
  });
});

describe('guard in mode off', () => {
  it("leaves Strapi's own provider and policies unchanged, and sends any From", async () => {
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

  it('is the state after the plugin was destroyed', async () => {
    const site = await guardedSite('enforce');
    const wrapped = providerOf(site);
    await site.stop();
    expect(providerOf(site)).toBe(Object.getPrototypeOf(wrapped));
    expect(policiesOf(site)).toEqual(['admin::isAuthenticatedAdmin']);
  });
});
