/**
 * Runs one version of the plugin's sources in a process of its own, since a process can load only one of them:
 * `seed` boots it and lets it write, `migrate` runs its migrations on a bare connection at a signal.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

const OPERATOR = { type: 'system', name: 'operator' };
const PASSWORD = 'correct horse battery';

const seed = async ({ root, port }) => {
  const { createStrapi } = require('@strapi/strapi');
  const app = path.join(root, 'tests', 'app');
  const strapi = createStrapi({ appDir: app, distDir: app, serveAdminPanel: false, autoReload: false });
  await strapi.load();
  const service = (name) => strapi.plugin('mailboxes').service(name);
  const role = await strapi.db.query('admin::role').create({ data: { name: 'Writers', code: 'writers' } });
  await strapi.db.query('admin::permission').create({
    data: {
      action: 'plugin::mailboxes.communication.send',
      properties: {},
      conditions: [],
      actionParameters: {},
      role: role.id,
    },
  });
  const user = await strapi.service('admin::user').create({
    email: 'ada@club.example',
    firstname: 'Ada',
    password: 'Passw0rd!',
    isActive: true,
    registrationToken: null,
    roles: [role.id],
  });
  const smtp = { host: '127.0.0.1', port, encryption: 'none', auth: 'password', username: 'login', password: PASSWORD };
  const mailbox = await service('mailboxes').create(
    { email: 'News@club.example', name: 'News', restricted: true, authenticated: true, smtp },
    { actor: OPERATOR }
  );
  const grant = await service('grants').create({ mailbox: mailbox.id, user: user.id }, { actor: OPERATOR });
  const actor = { type: 'user', id: user.id };
  const { id } = await service('submissions').submit({
    actor,
    from: `mailbox:${mailbox.id}`,
    to: ['reader@news.example'],
    subject: 'News',
    text: 'Hello',
  });
  const submission = await service('submissions').whenSettled(id, { actor });
  await strapi.destroy();
  return { user: user.id, mailbox: mailbox.id, grant: grant.id, submission };
};

const CLIENTS = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' };

const migrate = async ({ root, connection }) => {
  const { migrate: run } = require(path.join(root, 'server/src/database/migrations/index.ts'));
  const knex = require('knex')({ ...connection, client: CLIENTS[connection.client] });
  await knex.raw('SELECT 1');
  process.send({ ready: true });
  await new Promise((resolve) => process.once('message', resolve));
  const db = { connection: knex, inTransaction: () => false };
  db.transaction = (work) => knex.transaction((trx) => work({ trx }));
  const ran = await run({ db, log: { info: () => undefined } });
  await knex.destroy();
  return ran;
};

const { work, ...job } = JSON.parse(process.env.VERSION_JOB);

({ seed, migrate })
  [work](job)
  .then((result) => process.send({ result }, () => process.exit(0)))
  .catch((error) => process.send({ error: error.stack ?? String(error) }, () => process.exit(1)));
