import supertest from 'supertest';
import { TABLES } from '../../server/src/database/tables';
import { BOARD, NEWS, SYSTEM } from './guard.table';
import { OF_A_TEST } from './statements';
import { startScriptedServer, type ScriptedServer } from './smtp/scripted-server';
import { boot, OPERATOR, type App, type BootOptions } from './strapi';

export { BOARD, NEWS, SYSTEM };

type Mode = 'off' | 'report' | 'enforce';
type Options = Record<string, unknown>;

interface EmailService {
  send(options: unknown): Promise<unknown>;
  sendTemplatedEmail(options: unknown, template: unknown, data: unknown): Promise<unknown>;
}

/** A site that sends over Strapi's nodemailer provider, with a mailbox that has a server of its own. */
export interface GuardedSite {
  app: App;
  /** Server of Strapi's provider, and thereby of the system mailbox. */
  strapiServer: ScriptedServer;
  /** Server of the mailbox `NEWS`. */
  newsServer: ScriptedServer;
  /** Every entry point of Strapi's e-mail plugin; rejects if the mail was refused. */
  doors: Record<string, (options: Options) => Promise<unknown>>;
  findings: () => Promise<
    { from_text: string; address: string | null; caller: string; verdict: string; count: number }[]
  >;
  /** Every submission, the oldest first. */
  submissions: () => Promise<Options[]>;
  stop: () => Promise<void>;
}

const emailOf = (app: App) =>
  app.strapi.plugin('email') as unknown as { provider: { send(options: unknown): Promise<unknown> } };
export const emailService = (app: App): EmailService =>
  app.strapi.plugin('email').service('email') as unknown as EmailService;

const doorsOf = async (app: App): Promise<GuardedSite['doors']> => {
  const admin = await app.superAdmin();
  const { accessKey } = (await app.strapi.service('admin::api-token').create({
    name: 'everything',
    description: '',
    type: 'full-access',
    lifespan: null,
  })) as { accessKey: string };
  const post = async (path: string, token: string, body: Options): Promise<unknown> => {
    const answer = await supertest(app.strapi.server.httpServer)
      .post(path)
      .set('Authorization', `Bearer ${token}`)
      .send(body);
    if (answer.status !== 200)
      throw Object.assign(new Error(`${answer.status} ${answer.text}`), { status: answer.status });
    return answer.body;
  };
  return {
    'service.send': (options) => emailService(app).send(options),
    'another way to the service': (options) =>
      (app.strapi.service('plugin::email.email') as unknown as EmailService).send(options),
    sendTemplatedEmail: ({ subject = '', text = '', html = '', ...options }) =>
      emailService(app).sendTemplatedEmail(options, { subject, text, html }, {}),
    'the provider': (options) => emailOf(app).provider.send(options),
    'POST /email': (options) => post('/email', admin.token, options),
    'POST /api/email': (options) => post('/api/email', accessKey, options),
  };
};

export const guardedSite = async (mode: Mode, { config = {}, ...options }: BootOptions = {}): Promise<GuardedSite> => {
  const strapiServer = await startScriptedServer();
  const newsServer = await startScriptedServer();
  const app = await boot({
    email: {
      provider: 'nodemailer',
      providerOptions: { host: '127.0.0.1', port: strapiServer.port, secure: false, ignoreTLS: true },
      settings: { defaultFrom: `Site <${SYSTEM}>` },
    },
    config: {
      mailboxLimit: 100,
      network: { allow: ['127.0.0.1'] },
      systemActors: { website: { mailboxes: [NEWS] } },
      guard: { mode, actor: 'website' },
      ...config,
    },
    ...options,
  });
  const smtp = { host: '127.0.0.1', port: newsServer.port, encryption: 'none', auth: 'none' } as const;
  for (const email of [NEWS, BOARD])
    await app
      .service('mailboxes')
      .create({ email, name: 'Club', authenticated: true, restricted: email === BOARD, smtp }, { actor: OPERATOR });
  const knex = app.strapi.db.connection;
  return {
    app,
    strapiServer,
    newsServer,
    doors: await doorsOf(app),
    findings: async () =>
      ((await knex(TABLES.guardFindings).comment(OF_A_TEST).orderBy('from_text').select('*')) as never[]).map(
        (row: Options) => ({
          ...(row as never as { from_text: string; address: string | null; caller: string; verdict: string }),
          count: Number(row.count),
        })
      ),
    submissions: async () => knex(TABLES.submissions).orderBy('created_at').select('*'),
    stop: async () => {
      await app.stop();
      await strapiServer.close();
      await newsServer.close();
    },
  };
};

export const letter = (differs: Options = {}): Options => ({
  to: 'ada@reader.example',
  subject: 'Hello',
  text: 'Hello',
  html: '<p>Hello</p>',
  ...differs,
});
