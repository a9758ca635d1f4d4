/**
 * Runs inside the application that pack-proof.mjs makes: boots Strapi, tests the contract of the
 * installed plugin, and sends one message per check. Plain CommonJS, as a user's own code.
 */
const PLUGIN = 'mailboxes';

const SERVICES = {
  identities: ['listFor', 'check', 'whoMayUse'],
  submissions: ['submit', 'get', 'cancel', 'retry', 'settle', 'whenSettled'],
  mailboxes: ['create', 'update', 'delete', 'findOne', 'findMany'],
  grants: ['create', 'delete', 'findMany'],
  tenants: ['create', 'update', 'delete', 'findOne', 'findMany', 'default'],
  secrets: ['rotate'],
  health: ['report'],
  'own-address': ['status', 'request', 'confirm'],
};
const CONTENT_TYPES = ['tenant', 'mailbox', 'grant'];
const ACTIONS = [
  'communication.send',
  'log.read',
  'log.manage',
  'mailboxes.read',
  'mailboxes.create',
  'mailboxes.update',
  'mailboxes.delete',
  'grants.manage',
  'tenants.manage',
  'guard.read',
];
const OPERATOR = { type: 'system', name: 'operator' };

const send = (message) => new Promise((resolve) => process.send(message, resolve));

/** A check that throws is a check that failed, and the next one runs. */
const check = async (rule, run) => {
  try {
    await send({ rule, problems: (await run()) ?? [] });
  } catch (error) {
    await send({ rule, problems: [error.stack ?? String(error)] });
  }
};

const expectEqual = (what, actual, expected) =>
  JSON.stringify(actual) === JSON.stringify(expected)
    ? []
    : [`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];

const refusalOf = (promise) =>
  promise.then(
    () => null,
    (error) => error
  );

const main = async () => {
  await check('better-sqlite3 was built', () => {
    new (require('better-sqlite3'))(':memory:').close();
  });

  const { createStrapi } = require('@strapi/strapi');
  const { errors } = require('@strapi/utils');
  const strapi = createStrapi({ appDir: __dirname, distDir: __dirname, serveAdminPanel: false, autoReload: false });
  await strapi.load();

  await check('the plugin is loaded', () => (strapi.plugin(PLUGIN) ? [] : ['strapi.plugin() does not know it']));
  const service = (name) => strapi.plugin(PLUGIN).service(name);

  for (const [name, methods] of Object.entries(SERVICES)) {
    await check(`service ${name}: ${methods.join(', ')}`, () =>
      methods.filter((method) => typeof service(name)?.[method] !== 'function').map((method) => `no ${method}`)
    );
  }
  await check('content types are registered', () =>
    CONTENT_TYPES.filter((name) => !strapi.contentType(`plugin::${PLUGIN}.${name}`))
  );
  await check('permission actions are registered', () => {
    const { actionProvider } = strapi.service('admin::permission');
    return ACTIONS.filter((action) => !actionProvider.has(`plugin::${PLUGIN}.${action}`));
  });

  await check('there is a default tenant', async () =>
    expectEqual('its key', (await service('tenants').default()).key, 'default')
  );
  await check('a mailbox can be created, found and deleted', async () => {
    const query = { actor: OPERATOR };
    const { id } = await service('mailboxes').create({ email: 'info@example.org', name: 'Info' }, query);
    const found = await service('mailboxes').findOne(id, query);
    const listed = await service('mailboxes').findMany(query);
    await service('mailboxes').delete(id, query);
    const afterwards = await service('mailboxes').findOne(id, query);
    return [
      ...expectEqual('e-mail', found?.email, 'info@example.org'),
      ...expectEqual(
        'list',
        listed.map((mailbox) => mailbox.id),
        [id]
      ),
      ...expectEqual('after the deletion it', afterwards, null),
    ];
  });
  await check("a refusal is an ApplicationError of the application's own @strapi/utils", async () => {
    const refusal = await refusalOf(
      service('mailboxes').create({ email: 'no address', name: 'x' }, { actor: OPERATOR })
    );
    return [
      ...expectEqual('instanceof', refusal instanceof errors.ApplicationError, true),
      ...expectEqual('details.code', refusal?.details?.code, 'INVALID_ADDRESS'),
    ];
  });

  strapi.server.mount();
  await new Promise((resolve) => strapi.server.httpServer.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${strapi.server.httpServer.address().port}`;
  const ask = async (path, options) => {
    const response = await fetch(`${base}${path}`, options);
    return { status: response.status, body: await response.json().catch(() => null) };
  };

  await check('the admin API refuses somebody who is not signed in', async () =>
    expectEqual('status', (await ask(`/${PLUGIN}/mailboxes`)).status, 401)
  );
  await check('the admin API answers a signed-in administrator', async () => {
    const role = await strapi.service('admin::role').getSuperAdmin();
    const user = await strapi.service('admin::user').create({
      email: 'admin@example.org',
      firstname: 'Ada',
      password: 'Passw0rd!',
      isActive: true,
      registrationToken: null,
      roles: [role.id],
    });
    const sessions = strapi.sessionManager('admin');
    const { token: refresh } = await sessions.generateRefreshToken(String(user.id), 'package-proof', {
      type: 'session',
    });
    const { token } = await sessions.generateAccessToken(refresh);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const list = await ask(`/${PLUGIN}/mailboxes`, { headers });
    const refused = await ask(`/${PLUGIN}/mailboxes`, {
      method: 'POST',
      headers,
      body: '{"email":"no address","name":"x"}',
    });
    return [
      ...expectEqual('status', list.status, 200),
      ...expectEqual('data is a list', Array.isArray(list.body?.data), true),
      ...expectEqual('status of a refusal', refused.status, 400),
      ...expectEqual('its code', refused.body?.error?.details?.code, 'INVALID_ADDRESS'),
    ];
  });

  await strapi.destroy();
  await send({ end: true });
  process.disconnect();
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
