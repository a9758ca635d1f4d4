'use strict';

// Runs as a process of its own, started by app-process.ts: loads the modules, boots the test app from the sources when
// it is handed a site, and calls services until it is killed or stopped.
require('./typescript.cjs');
const path = require('node:path');

const APP = path.resolve(__dirname, '../app');
const SOURCES = path.resolve(__dirname, '../../server/src');

const describe = (error) => ({ message: String(error?.stack ?? error), code: error?.details?.code ?? error?.code });

/** Of the site: a lease below the bound of the configuration, and an interval that is no option for users. */
let timing = {};

/** Replaces one export of a module of the plugin, before another module has read it. */
const replace = (file, name, by) => {
  const filename = path.join(SOURCES, file);
  const original = require(filename);
  require.cache[filename].exports = { __esModule: true, ...original, [name]: by(original[name]) };
};

replace('config.ts', 'readSettings', (readSettings) => (raw) => {
  const settings = readSettings(raw);
  const { leaseMs = settings.delivery.leaseSeconds * 1000 } = timing;
  return { ...settings, delivery: { ...settings.delivery, leaseSeconds: leaseMs / 1000 } };
});
for (const [file, name] of [
  ['outbox/engines/embedded.ts', 'createEmbeddedEngine'],
  ['outbox/engines/bullmq.ts', 'createBullmqEngine'],
])
  replace(file, name, (create) => (options) => {
    const { pollMs, sweepMs = pollMs } = timing;
    // The engine 'bullmq' polls by its own timer.
    const times = { ...(pollMs !== undefined && options.pollMs === undefined && { pollMs, sweepMs }) };
    return create({ ...options, ...times });
  });

const { createStrapi } = require('@strapi/strapi');
require(path.join(SOURCES, 'index.ts'));

const boot = async (site) => {
  Object.assign(process.env, site.env);
  timing = site.timing;
  const strapi = createStrapi({ appDir: APP, distDir: APP, serveAdminPanel: false, autoReload: false });
  await strapi.load();
  return strapi;
};

let strapi;
process.on('message', async ({ type, site, call, service, method, args }) => {
  try {
    if (type === 'boot') {
      strapi = await boot(site);
      process.send({ type: 'ready' });
    }
    if (type === 'call') {
      const uid = service.includes('::') ? service : `plugin::mailboxes.${service}`;
      const result = await strapi.service(uid)[method](...args);
      process.send({ type: 'answer', call, result });
    }
    if (type === 'stop') {
      await strapi.destroy();
      process.send({ type: 'stopped' });
    }
  } catch (error) {
    if (type === 'call') process.send({ type: 'refusal', call, ...describe(error) });
    else process.send({ type: 'failed', message: describe(error).message });
  }
});
// The test run is gone.
process.on('disconnect', () => process.exit(0));
