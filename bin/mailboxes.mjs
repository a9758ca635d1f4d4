#!/usr/bin/env node
/**
 * Commands for the operator, run in the folder of the Strapi application. They load the application without
 * delivering anything.
 *
 *   npx mailboxes rotate-secrets     writes every stored password anew with the first key of `secrets.keys`
 *
 * Exit codes: 0 ok, 1 something needs attention, 2 error.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = 'usage: mailboxes rotate-secrets';

const load = async () => {
  const { compileStrapi, createStrapi } = createRequire(join(process.cwd(), 'package.json'))('@strapi/strapi');
  const app = createStrapi(await compileStrapi());
  await app.register();
  app.config.set('plugin::mailboxes.delivery', { ...app.config.get('plugin::mailboxes.delivery', {}), role: 'accept' });
  await app.bootstrap();
  return app;
};

const COMMANDS = {
  'rotate-secrets': async (app) => {
    const { rotated, unreadable } = await app.plugin('mailboxes').service('secrets').rotate();
    console.log(`${rotated} written anew, ${unreadable} unreadable with the keys of this site`);
    return unreadable === 0 ? 0 : 1;
  },
};

const run = async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const command = COMMANDS[positionals[0]];
  if (!command || positionals.length !== 1) {
    console.error(USAGE);
    return 2;
  }
  const app = await load();
  try {
    return await command(app);
  } finally {
    await app.destroy();
  }
};

run().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
);
