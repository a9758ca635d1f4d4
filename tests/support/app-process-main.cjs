'use strict';

// Runs as a process of its own, started by app-process.ts: boots the test app from the sources and calls
// services as it is told, until it is killed or told to stop.
require('./typescript.cjs');
const path = require('node:path');

const APP = path.resolve(__dirname, '../app');

const describe = (error) => ({ message: String(error?.stack ?? error), code: error?.details?.code ?? error?.code });

const main = async () => {
  const { createStrapi } = require('@strapi/strapi');
  const strapi = createStrapi({ appDir: APP, distDir: APP, serveAdminPanel: false, autoReload: false });
  await strapi.load();
  process.on('message', async ({ type, call, service, method, args }) => {
    try {
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
  process.send({ type: 'ready' });
};

main().catch((error) => {
  process.send({ type: 'failed', message: describe(error).message });
});
// The test run is gone.
process.on('disconnect', () => process.exit(0));
