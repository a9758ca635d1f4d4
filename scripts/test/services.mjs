import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const CONNECT_LIMIT_MS = 5_000;

const postgresUrl = process.env.TEST_POSTGRES_URL || 'postgres://postgres@127.0.0.1:5432/postgres';
const mariadbUrl = process.env.TEST_MARIADB_URL || 'mysql://root@127.0.0.1:3306/mysql';
const chromium = process.env.TEST_CHROMIUM || '/usr/bin/chromium';

/** Environment variables with the servers' URLs, for the suites. */
export const SERVICE_ENV = { TEST_POSTGRES_URL: postgresUrl, TEST_MARIADB_URL: mariadbUrl };

/** By database: resolves with the server's version, rejects when it does not answer. */
const DATABASES = {
  sqlite: async () => 'files',
  postgres: async () => {
    const { Client } = require('pg');
    const client = new Client({ connectionString: postgresUrl, connectionTimeoutMillis: CONNECT_LIMIT_MS });
    await client.connect();
    const { rows } = await client.query('SHOW server_version');
    await client.end();
    return rows[0].server_version;
  },
  mariadb: async () => {
    const client = await require('mysql2/promise').createConnection({
      uri: mariadbUrl,
      connectTimeout: CONNECT_LIMIT_MS,
    });
    const [rows] = await client.query('SELECT VERSION() AS version');
    await client.end();
    return rows[0].version;
  },
};

/**
 * Looks for the services of a run.
 *
 * @returns `version` of its database, and `missing`: why the run is not possible, or null
 */
export const servicesOf = async ({ suite, database }) => {
  if (suite === 'e2e' && !existsSync(chromium))
    return { version: '', missing: `no browser at ${chromium} (TEST_CHROMIUM names another)` };
  if (suite === 'processes' && spawnSync('redis-server', ['--version']).error)
    return { version: '', missing: 'no redis-server in the PATH' };
  if (!database) return { version: '', missing: null };
  try {
    return { version: ` (${await DATABASES[database]()})`, missing: null };
  } catch (error) {
    return { version: '', missing: `the database does not answer: ${error.message || error.code || String(error)}` };
  }
};
