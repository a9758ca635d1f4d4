import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { siteConfig } from '../support/site';
import { boot, EDITOR, OPERATOR, type App, type Person } from '../support/strapi';

jest.setTimeout(120_000);

const PASSWORD = 'correct horse battery';
const BODY = 'Only the readers should read this.';
const RECIPIENT = 'reader@news.example';
const COMMAND = 'dist/src/cli/utils/data-transfer.js';

type Provider = { onWarning?: (message: string) => void };
type Options = Record<string, unknown>;

interface DataTransfer {
  engine: {
    createTransferEngine: (from: Provider, to: Provider, options: Options) => { transfer: () => Promise<void> };
  };
  file: {
    providers: {
      createLocalFileDestinationProvider: (options: Options) => Provider;
      createLocalFileSourceProvider: (options: Options) => Provider;
    };
  };
  strapi: {
    providers: {
      createLocalStrapiSourceProvider: (options: Options) => Provider;
      createLocalStrapiDestinationProvider: (options: Options) => Provider;
    };
  };
}

/** Types that `strapi export` leaves out, and that `strapi import` deletes first. */
interface Command {
  buildTransferTransforms: (options: Options) => unknown;
  parseRestoreFromOptions: (options: Options, strapi: unknown) => unknown;
}

const strapiFolder = path.dirname(require.resolve('@strapi/strapi/package.json'));
const { engine, file, strapi: local } = createRequire(`${strapiFolder}/`)('@strapi/data-transfer') as DataTransfer;
const command = createRequire(`${strapiFolder}/`)(path.join(strapiFolder, COMMAND)) as Command;

/** Both as the commands do it; only their progress bars and the end of the process are left out. */
const exportTo = async ({ strapi }: App, folder: string): Promise<string> => {
  const target = path.join(folder, 'export');
  const transfer = engine.createTransferEngine(
    local.providers.createLocalStrapiSourceProvider({ getStrapi: async () => strapi, autoDestroy: false }),
    file.providers.createLocalFileDestinationProvider({
      file: { path: target },
      encryption: { enabled: false },
      compression: { enabled: false },
    }),
    { versionStrategy: 'ignore', schemaStrategy: 'ignore', transforms: command.buildTransferTransforms({}) }
  );
  await transfer.transfer();
  return `${target}.tar`;
};

const importFrom = async (archive: string, { strapi }: App): Promise<void> => {
  const transfer = engine.createTransferEngine(
    file.providers.createLocalFileSourceProvider({
      file: { path: archive },
      encryption: { enabled: false },
      compression: { enabled: false },
    }),
    local.providers.createLocalStrapiDestinationProvider({
      getStrapi: async () => strapi,
      autoDestroy: false,
      strategy: 'restore',
      restore: command.parseRestoreFromOptions({}, strapi),
    }),
    { versionStrategy: 'ignore', schemaStrategy: 'strict', transforms: command.buildTransferTransforms({}) }
  );
  await transfer.transfer();
};

describe('an export', () => {
  let server: MailServer;
  let folder: string, mailbox: string, archive: string;
  let config: Record<string, unknown>;
  let ada: Person;

  const smtp = () => ({
    host: '127.0.0.1',
    port: server.port,
    encryption: 'none',
    auth: 'password',
    username: 'login',
    password: PASSWORD,
  });

  beforeAll(async () => {
    server = await startMailServer({ tls: 'none', users: { login: PASSWORD } });
    folder = mkdtempSync(path.join(os.tmpdir(), 'mailboxes-export-'));
    config = siteConfig(server);
    const source = await boot({ config });
    ada = await source.person({ actions: EDITOR, firstname: 'Ada' });
    const input = { email: 'news@club.example', name: 'News', restricted: true, authenticated: true, smtp: smtp() };
    mailbox = (await source.service('mailboxes').create(input, { actor: OPERATOR })).id;
    await source.service('grants').create({ mailbox, user: ada.id }, { actor: OPERATOR });
    await source.service('grants').create({ mailbox, role: ada.roles[0] }, { actor: OPERATOR });
    await source
      .service('tenants')
      .create({ name: 'Club', key: 'club', members: { users: [ada.id], roles: ada.roles } }, { actor: OPERATOR });
    const actor = { type: 'user', id: ada.id } as const;
    const { id } = await source
      .service('submissions')
      .submit({ actor, tenant: 'default', from: `mailbox:${mailbox}`, to: [RECIPIENT], subject: 'News', text: BODY });
    expect(await source.service('submissions').whenSettled(id, { actor })).toMatchObject({ state: 'submitted' });
    archive = await exportTo(source, folder);
    // A process has one Strapi at a time.
    await source.stop();
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds mailboxes, tenants and grants, and no secret, message or recipient', () => {
    const unpacked = mkdtempSync(path.join(folder, 'unpacked-'));
    execFileSync('tar', ['-x', '-f', archive, '-C', unpacked]);
    const files = readdirSync(unpacked, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const text = files.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1')).join('\n');
    expect(text).toContain('news@club.example');
    for (const absent of [PASSWORD, Buffer.from(PASSWORD).toString('base64'), 'v1.strapi.', BODY, RECIPIENT])
      expect(text).not.toContain(absent);
    const types = new Set(text.match(/"type":"plugin::mailboxes\.[a-z-]+"/g));
    expect([...types].sort()).toEqual(
      ['grant', 'mailbox', 'tenant'].map((name) => `"type":"plugin::mailboxes.${name}"`)
    );
    // A link would give access to the user or role that has the same id on the target site.
    expect(text).not.toMatch(/"type":"admin::(user|role)"/);
  });

  it('gives no access to a user with the same id on the target site', async () => {
    const target = await boot({ config });
    try {
      const eve = await target.person({ actions: EDITOR, firstname: 'Eve' });
      expect(eve.id).toBe(ada.id);
      expect(eve.roles).toEqual(ada.roles);
      const own = { email: 'old@club.example', name: 'Old', authenticated: true, smtp: smtp() };
      const old = await target.service('mailboxes').create(own, { actor: OPERATOR });
      await target.service('grants').create({ mailbox: old.id, user: eve.id }, { actor: OPERATOR });
      await importFrom(archive, target);
      // Strapi does not wait for the commit of what it imported.
      while ((await target.strapi.db.connection('mailboxes_mailboxes').where({ document_id: mailbox })).length === 0)
        await new Promise((resolve) => setImmediate(resolve));

      const expectNothing = async ({ service, strapi }: App): Promise<void> => {
        const actor = { type: 'user', id: eve.id } as const;
        expect(await service('mailboxes').findMany({ actor: OPERATOR })).toMatchObject([
          { id: mailbox, email: 'news@club.example', smtp: { hasPassword: false } },
        ]);
        expect(await service('grants').findMany({ actor: OPERATOR, mailbox })).toEqual([]);
        const offered = await service('identities').listFor({ actor, tenant: 'default' });
        expect(offered.from.map(({ id }) => id)).toEqual(['system']);
        const check = service('identities').check({ actor, tenant: 'default', from: `mailbox:${mailbox}` });
        expect(await check).toMatchObject({ allowed: false, code: 'FORBIDDEN_FROM' });
        await expect(service('identities').listFor({ actor, tenant: 'club' })).rejects.toMatchObject({
          details: { code: 'TENANT_MISMATCH' },
        });
        expect(await strapi.db.connection('mailboxes_grants').whereNotNull('user_id')).toEqual([]);
      };
      await expectNothing(target);

      // The next start deletes the grants without a user or role, and the old mailbox's secret.
      await target.strapi.destroy();
      const again = await boot({ config, database: target.database });
      try {
        await expectNothing(again);
        expect(await again.strapi.db.connection('mailboxes_grants')).toEqual([]);
        expect(await again.strapi.db.connection('mailboxes_secrets')).toEqual([]);
        expect((await again.service('tenants').default()).quota.used).toBe(1);
      } finally {
        await again.stop();
      }
    } finally {
      await target.database.drop();
    }
  });
});
