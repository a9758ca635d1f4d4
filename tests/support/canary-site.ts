import { TABLES, UIDS } from '../../server/src/database/tables';
import type { Caller } from './routes';
import { lastCode } from './site';
import type { MailServer } from './smtp/mail-server';
import { OF_A_TEST } from './statements';
import { OPERATOR, type App, type Person } from './strapi';

/*
 * A site whose articles are related to the plugin's content types and to admin users. Every value that must not leak is
 * distinguishable from all others. Boot it with `articles` and `usersPermissions`.
 */

type Input = Record<string, unknown>;

export const ARTICLE = 'plugin::articles.article';
export const SUBJECT = 'Canary subject';
export const TEXT = 'Canary text';
export const TO = 'canary-to@reader.example';
export const BCC = 'canary-bcc@reader.example';
export const LOGIN = 'canary-login';
export const HOST = 'canary.mail.example';
export const PASSWORD = 'Canary password';
export const SIGNATURE = 'Canary signature';
/** A filter value that matches no row. */
export const NOTHING = 'qqzzqq';
export const RESET = 'canary-reset-token';

export type Asker = 'editor' | 'super admin' | 'full-access token' | 'read-only token' | 'site user';

export interface CanarySite {
  ada: Person;
  callers: Record<Asker, Caller>;
  /** Values that no response of Strapi's own routes may contain, by name. */
  canaries: Record<string, string>;
  /** documentIds by noun. */
  documents: Record<string, string>;
}

const permissionsOf = async (
  app: App,
  role: number,
  rows: [action: string, subject: string | null, fields?: string[]][]
) => {
  for (const [action, subject, fields] of rows)
    await app.strapi.db.query('admin::permission').create({
      data: { action, subject, properties: fields ? { fields } : {}, conditions: [], actionParameters: {}, role },
    });
};

const apiToken = async (app: App, type: 'full-access' | 'read-only'): Promise<Caller> => {
  const tokens = app.strapi.service('admin::api-token') as unknown as {
    create: (attributes: Input) => Promise<{ accessKey: string }>;
  };
  return { token: (await tokens.create({ name: type, type, description: '', lifespan: null })).accessKey };
};

/** A registered user of the site who may read articles and users. */
const siteUser = async (app: App): Promise<Caller> => {
  const role = await app.strapi.db
    .query('plugin::users-permissions.role')
    .findOne({ where: { type: 'authenticated' } });
  for (const action of [`${ARTICLE}.find`, `${ARTICLE}.findOne`, 'plugin::users-permissions.user.find'])
    await app.strapi.db.query('plugin::users-permissions.permission').create({ data: { action, role: role.id } });
  const users = app.strapi.plugin('users-permissions');
  const { id } = await users.service('user').add({
    username: 'site-user',
    email: 'site-user@reader.example',
    password: 'Passw0rd!',
    provider: 'local',
    confirmed: true,
    role: role.id,
  });
  return { token: await users.service('jwt').issue({ id }) };
};

export const canarySite = async (app: App, server: MailServer): Promise<CanarySite> => {
  const ada = await app.person({ email: 'ada@site.example' });
  const zoe = await app.person({ email: 'zoe@site.example' });
  await app.strapi.db.connection('admin_users').where({ id: ada.id }).update({ reset_password_token: RESET });

  const by = { actor: OPERATOR };
  const members = { users: [ada.id], roles: [] };
  const tenant = await app.service('tenants').create({ name: 'Club', members, system: { name: 'Club' } }, by);
  const mailboxOf = async (email: string, username: string) =>
    app.service('mailboxes').create(
      {
        email,
        name: 'News',
        tenant: tenant.id,
        restricted: true,
        authenticated: true,
        smtp: { host: HOST, port: 587, encryption: 'starttls', auth: 'password', username, password: PASSWORD },
        signature: { text: SIGNATURE },
      },
      by
    );
  const mailbox = await mailboxOf('news@club.example', LOGIN);
  const other = await mailboxOf('other@club.example', 'zzz');
  const grant = await app.service('grants').create({ mailbox: mailbox.id, user: ada.id }, by);
  const otherGrant = await app.service('grants').create({ mailbox: mailbox.id, user: zoe.id }, by);
  const documents: Record<string, string> = { mailbox: mailbox.id, grant: grant.id, tenant: tenant.id };

  const numeric = async (uid: (typeof UIDS)[keyof typeof UIDS], documentId: string): Promise<number> =>
    (await app.strapi.db.query(uid).findOne({ where: { documentId } })).id;
  const article = async (title: string, box: string, granted: string, author: number) =>
    app.strapi.db.query(ARTICLE).create({
      data: {
        title,
        mailbox: await numeric(UIDS.mailbox, box),
        grants: [await numeric(UIDS.grant, granted)],
        tenant: await numeric(UIDS.tenant, tenant.id),
        author,
      },
    });
  documents.article = (await article('One', mailbox.id, grant.id, ada.id)).documentId;
  await article('Two', other.id, otherGrant.id, zoe.id);

  await app.as(ada).post('/own-address/confirmation').expect(200);
  const submission = { from: 'system', to: [TO], bcc: [BCC], subject: SUBJECT, text: TEXT, tenant: 'default' };
  const { body } = await app.as(ada).post('/submissions', submission).expect(202);
  await app.service('submissions').whenSettled(body.data.id, { actor: { type: 'user', id: ada.id } });
  const confirmation = server.messages.find(({ envelope }) => envelope.to.includes('ada@site.example'));
  const code = await lastCode({ messages: confirmation ? [confirmation] : [] });
  const [secret] = await app.strapi.db.connection(TABLES.secrets).comment(OF_A_TEST).select('*');
  const [{ code_hash: codeHash }] = await app.strapi.db
    .connection(TABLES.confirmations)
    .comment(OF_A_TEST)
    .select('code_hash');
  const [{ header_id: messageId }] = await app.strapi.db
    .connection(TABLES.messages)
    .comment(OF_A_TEST)
    .where({ subject: SUBJECT })
    .select('header_id');
  const canaries: Record<string, string> = {
    ...{ SUBJECT, TEXT, TO, BCC, LOGIN, HOST, PASSWORD, SIGNATURE },
    base64: Buffer.from(PASSWORD).toString('base64'),
    ...{ code, ciphertext: secret.ciphertext ?? secret.value, codeHash, messageId },
  };

  const role = await app.role(['communication.send']);
  const fields = ['title', 'mailbox', 'grants', 'tenant', 'author'];
  await permissionsOf(app, role, [
    ['plugin::content-manager.explorer.read', ARTICLE, fields],
    ['plugin::content-manager.explorer.update', ARTICLE, fields],
    ['plugin::upload.read', null],
  ]);
  return {
    ada,
    documents,
    canaries,
    callers: {
      editor: await app.person({ roles: [role] }),
      'super admin': await app.superAdmin(),
      'full-access token': await apiToken(app, 'full-access'),
      'read-only token': await apiToken(app, 'read-only'),
      'site user': await siteUser(app),
    },
  };
};
