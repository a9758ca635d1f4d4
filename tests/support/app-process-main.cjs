'use strict';

// Runs as a process of its own, started by app-process.ts: it hooks the TypeScript sources in, boots the test app, and
// submits what it is told, until it is killed or told to stop.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const compile = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};
require.extensions['.ts'] = compile;

const APP = path.resolve(__dirname, '../app');

const main = async () => {
  const { createStrapi } = require('@strapi/strapi');
  const strapi = createStrapi({ appDir: APP, distDir: APP, serveAdminPanel: false, autoReload: false });
  await strapi.load();
  const submissions = strapi.plugin('mailboxes').service('submissions');
  process.on('message', async ({ type, input }) => {
    try {
      if (type === 'submit') process.send({ type: 'submitted', id: (await submissions.submit(input)).id });
      if (type === 'stop') {
        await strapi.destroy();
        process.send({ type: 'stopped' });
      }
    } catch (error) {
      process.send({ type: 'failed', message: String(error?.stack ?? error) });
    }
  });
  process.send({ type: 'ready' });
};

main().catch((error) => {
  process.send({ type: 'failed', message: String(error?.stack ?? error) });
});
// The test run is gone.
process.on('disconnect', () => process.exit(0));
