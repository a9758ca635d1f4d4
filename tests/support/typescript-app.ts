import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** Makes every connection to the database refuse to write. */
const READ_ONLY_DATABASE = `
const REFUSE = {
  sqlite: (connection, done) => { connection.pragma('query_only = on'); done(null, connection); },
  postgres: (connection, done) => connection.query('SET default_transaction_read_only = on', (error) => done(error, connection)),
  mysql: (connection, done) => connection.query('SET SESSION TRANSACTION READ ONLY', (error) => done(error, connection)),
};
module.exports = () => {
  const connection = JSON.parse(process.env.TEST_CONNECTION);
  return { connection: { ...connection, pool: { ...connection.pool, afterCreate: REFUSE[connection.client] } } };
};
`;

/** A TypeScript application as it is after its build; the source of `config/plugins` was changed since. */
const FILES: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'mailboxes-typescript-app', private: true, strapi: { uuid: false } }),
  'tsconfig.json': JSON.stringify({
    extends: '@strapi/typescript-utils/tsconfigs/server',
    compilerOptions: { outDir: 'dist', rootDir: '.' },
    include: ['./config'],
  }),
  '.env': 'SITE_ENCRYPTION_KEY=test-encryption-key\n',
  'config/plugins.ts': 'export default () => ({ changed: { enabled: false } });\n',
  'dist/config/admin.js':
    "module.exports = ({ env }) => ({ secrets: { encryptionKey: env('SITE_ENCRYPTION_KEY') } });\n",
  'dist/config/database.js': READ_ONLY_DATABASE,
  'dist/config/plugins.js': `
    module.exports = { mailboxes: {
      resolve: ${JSON.stringify(path.join(ROOT, 'tests/app/plugins/mailboxes'))},
      config: JSON.parse(process.env.TEST_PLUGIN_CONFIG),
    } };
  `,
};

/** @param leaveOut files, or folders that end with `/` */
export const createTypescriptApp = async ({ leaveOut = [] }: { leaveOut?: string[] } = {}) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mailboxes-app-'));
  for (const [name, content] of Object.entries(FILES)) {
    if (leaveOut.some((left) => name === left || (left.endsWith('/') && name.startsWith(left)))) continue;
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return {
    folder,
    /** Content and time of change of every file. */
    files: async (): Promise<Record<string, string>> => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return Object.fromEntries(
        await Promise.all(
          files.map(async ({ parentPath, name }) => {
            const file = path.join(parentPath, name);
            return [path.relative(folder, file), `${(await stat(file)).mtimeMs} ${await readFile(file, 'utf8')}`];
          })
        )
      );
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
