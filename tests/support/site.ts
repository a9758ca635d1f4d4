import { simpleParser, type ParsedMail } from 'mailparser';
import type { Actor } from '../../server/src/domain/actor';
import type { Identity, IdentityId, IdentityList } from '../../server/src/domain/identity';
import { letter } from './letter';
import { boot, EVERYTHING, OPERATOR, type App, type BootOptions, type Person } from './strapi';
import { startMailServer, type MailServer, type MailServerOptions } from './smtp/mail-server';

/* Shared setup and queries of the tests of the rules. */

type Input = Record<string, unknown>;

/** The plugin's configuration: room for mailboxes, and the system mailbox over a mail server of the test. */
export const siteConfig = ({ port }: Pick<MailServer, 'port'>, config: Input = {}): Input => ({
  mailboxLimit: 1000,
  system: {
    from: { name: 'Site', email: 'system@site.example' },
    transport: { host: '127.0.0.1', port, encryption: 'none', auth: 'none' },
  },
  network: { allow: ['127.0.0.1'] },
  ...config,
});

let counter = 0;

/** Creates records as the reserved operator, without a permission check. */
export const seedsOf = (app: App) => {
  const by = { actor: OPERATOR };
  return {
    /** A tenant of its own for a test; all users are members by default. */
    tenant: (differs: Input = {}) =>
      app.service('tenants').create({ name: `Tenant ${(counter += 1)}`, members: 'everyone', ...differs }, by),
    mailbox: (tenant: string, differs: Input = {}) =>
      app
        .service('mailboxes')
        .create({ email: `box-${(counter += 1)}@club.example`, name: 'Box', tenant, ...differs }, by),
    grant: (mailbox: string, holder: Input) => app.service('grants').create({ mailbox, ...holder }, by),
  };
};

/** A booted Strapi and the mail server of its system mailbox; `stop` ends both. */
export interface Site extends App {
  mailServer: MailServer;
  seeds: ReturnType<typeof seedsOf>;
}

/** Boots with `siteConfig` over a mail server of its own. */
export const bootSite = async ({
  config,
  onRcpt,
  ...options
}: BootOptions & Pick<MailServerOptions, 'onRcpt'> = {}): Promise<Site> => {
  const mailServer = await startMailServer({ tls: 'none', onRcpt });
  const app = await boot({ ...options, config: siteConfig(mailServer, config) });
  const stop = async (): Promise<void> => {
    await app.stop();
    await mailServer.close();
  };
  return { ...app, mailServer, seeds: seedsOf(app), stop };
};

/** A site with one mailbox, its administrator, and the editor Ada. Nothing is sent. */
export const siteOfOneMailbox = async (
  config: Input = {}
): Promise<{ app: App; root: Person; ada: Person; mailbox: string }> => {
  const app = await boot({ config: { mailboxLimit: 100_000, ...config } });
  return {
    app,
    root: await app.person({ actions: EVERYTHING }),
    ada: await app.person(),
    mailbox: (await seedsOf(app).mailbox('default')).id,
  };
};

/** Sends a small message as this actor. @returns the id of the settled submission */
export const sentBy = async (app: App, actor: Actor, differs: object = {}): Promise<string> => {
  const { id } = await app.service('submissions').submit({ actor, ...letter(differs) });
  await app.service('submissions').whenSettled(id, { actor });
  return id;
};

export const idsOf = (identities: readonly Pick<Identity, 'id'>[]): IdentityId[] => identities.map(({ id }) => id);

/** Identities of the user in the tenant, over HTTP. */
export const listOf = async (app: App, person: Person, tenant: string): Promise<IdentityList> =>
  (await app.as(person).get(`/identities?tenant=${tenant}`).expect(200)).body.data;

/** The ids of both lists. */
export const offersOf = async (app: App, person: Person, tenant: string) => {
  const { from, replyTo } = await listOf(app, person, tenant);
  return { from: idsOf(from), replyTo: idsOf(replyTo) };
};

export const parsedLast = async ({ messages }: Pick<MailServer, 'messages'>): Promise<ParsedMail> =>
  simpleParser(messages.at(-1)?.raw ?? '');

/** The code in the last received mail: the one line of eight characters. */
export const lastCode = async (server: Pick<MailServer, 'messages'>): Promise<string> =>
  ((await parsedLast(server)).text ?? '').split('\n').find((line) => /^[2-9A-Z]{8}$/.test(line)) ?? '';

/** Confirms the person's own address as the person would: with the code that was mailed. */
export const confirmOwnAddress = async (app: App, server: MailServer, person: Person): Promise<void> => {
  await app.as(person).post('/own-address/confirmation').expect(200);
  const code = await lastCode(server);
  await app.as(person).post('/own-address/confirmation/verify', { code }).expect(200);
};
