import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { Client } from 'pg';

export type DatabaseName = 'sqlite' | 'postgres' | 'mariadb';

/** The database that this run of the suite tests. */
export const databaseName = (process.env.TEST_DB ?? 'sqlite') as DatabaseName;

export interface TestDatabase {
  name: DatabaseName;
  /** In the format of `config/database.js`. */
  connection: Record<string, unknown>;
  /** Full contents as text, to search for a secret. */
  dump: () => Promise<string>;
  drop: () => Promise<void>;
}

const POSTGRES = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');
const MARIADB = new URL(process.env.TEST_MARIADB_URL ?? 'mysql://root@127.0.0.1:3306/');

const OWNER = 'mailboxes_test_';

/** Two machines may share a database server, and process ids are unique per machine only. */
const MACHINE = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 6);

/** @returns a name for a run of this process */
export const nameOfRun = (): string => `${MACHINE}_${process.pid}`;

/** Databases of one run have its name in theirs, so that the run removes them all at its end. */
const RUN = process.env.TEST_RUN ?? nameOfRun();
const POSTGRES_AT = {
  host: POSTGRES.hostname,
  port: Number(POSTGRES.port || 5432),
  user: POSTGRES.username,
  password: POSTGRES.password,
};
const MAINTENANCE = POSTGRES.pathname.slice(1) || 'postgres';
const MARIADB_AT = {
  host: MARIADB.hostname,
  port: Number(MARIADB.port || 3306),
  user: MARIADB.username,
  password: MARIADB.password,
};

const freshName = (): string => `${OWNER}${RUN}_${randomBytes(6).toString('hex')}`;

/** In memory where the machine has such a folder, unless durability is measured. */
const FILES = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

const textOf = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const rowsToText = (rows: Record<string, unknown>[]): string =>
  rows.map((row) => Object.values(row).map(textOf).join('\u0000')).join('\n');

const sqlite = async (template?: string, durable = false): Promise<TestDatabase> => {
  const folder = await mkdtemp(path.join(durable ? os.tmpdir() : FILES, `${OWNER}${RUN}_`));
  const filename = path.join(folder, 'data.db');
  if (template !== undefined) await copyFile(template, filename);
  return {
    name: 'sqlite',
    connection: { client: 'sqlite', connection: { filename }, useNullAsDefault: true },
    dump: async () => {
      const { default: Database } = await import('better-sqlite3');
      const db = new Database(filename, { readonly: true });
      const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
      const text = tables.map(({ name }) =>
        rowsToText(db.prepare(`SELECT * FROM "${name}"`).all() as Record<string, unknown>[])
      );
      db.close();
      return text.join('\n');
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
};

const asPostgres = async <T>(database: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ ...POSTGRES_AT, database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const dropPostgres = async (database: string): Promise<void> =>
  void (await asPostgres(MAINTENANCE, (client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)));

const postgres = async (template?: string, durable = false): Promise<TestDatabase> => {
  const database = freshName();
  await asPostgres(MAINTENANCE, async (client) => {
    await client.query(`CREATE DATABASE ${database}${template === undefined ? '' : ` TEMPLATE ${template}`}`);
    // Durability after an end of the database server is measured, not tested.
    if (!durable) await client.query(`ALTER DATABASE ${database} SET synchronous_commit TO off`);
  });
  return {
    name: 'postgres',
    connection: { client: 'postgres', connection: { ...POSTGRES_AT, database, ssl: false }, pool: { min: 0, max: 10 } },
    dump: () =>
      asPostgres(database, async (client) => {
        const tables = await client.query<{ tablename: string }>(
          "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        );
        const texts: string[] = [];
        for (const { tablename } of tables.rows)
          texts.push(rowsToText((await client.query(`SELECT * FROM "${tablename}"`)).rows));
        return texts.join('\n');
      }),
    drop: () => dropPostgres(database),
  };
};

export const asMariadb = async <T>(
  database: string | undefined,
  work: (connection: mysql.Connection) => Promise<T>
): Promise<T> => {
  const connection = await mysql.createConnection({ ...MARIADB_AT, database, dateStrings: true, jsonStrings: true });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
};

const dropMariadb = async (database: string): Promise<void> =>
  void (await asMariadb(undefined, (connection) => connection.query(`DROP DATABASE IF EXISTS ${database}`)));

const mariadb = async (charset = 'utf8mb4'): Promise<TestDatabase> => {
  const database = freshName();
  await asMariadb(undefined, (connection) => connection.query(`CREATE DATABASE ${database} CHARACTER SET ${charset}`));
  return {
    name: 'mariadb',
    connection: { client: 'mysql', connection: { ...MARIADB_AT, database, ssl: false }, pool: { min: 0, max: 10 } },
    dump: () =>
      asMariadb(database, async (connection) => {
        const [tables] = await connection.query<mysql.RowDataPacket[]>('SHOW TABLES');
        const texts: string[] = [];
        for (const row of tables) {
          const [rows] = await connection.query<mysql.RowDataPacket[]>(
            `SELECT * FROM \`${String(Object.values(row)[0])}\``
          );
          texts.push(rowsToText(rows));
        }
        return texts.join('\n');
      }),
    drop: () => dropMariadb(database),
  };
};

/**
 * Creates an empty database: for tests of an installation or an upgrade, and for benches.
 *
 * @param durable every commit waits for the disk, as on a site
 */
export const createEmptyDatabase = (
  name: DatabaseName = databaseName,
  { durable = false } = {}
): Promise<TestDatabase> => (name === 'mariadb' ? mariadb() : { sqlite, postgres }[name](undefined, durable));

/** Creates a MariaDB database whose new tables have this character set. */
export const createMariadbOf = (charset: string): Promise<TestDatabase> => mariadb(charset);

const nested = (value: unknown, key: string): string => String((value as Record<string, unknown>)[key]);

/** @returns the file or the name of a database */
export const placeOf = ({ name, connection }: TestDatabase): string =>
  nested(connection.connection, name === 'sqlite' ? 'filename' : 'database');

/** Copies a database to which no connection is open. MariaDB has no such copy. */
export const copyOf = (template: TestDatabase): Promise<TestDatabase> =>
  template.name === 'sqlite' ? sqlite(placeOf(template)) : postgres(placeOf(template));

/** Databases of tests, on the server or in the folder of the database that this run is for. */
const leftovers: Record<DatabaseName, { names: () => Promise<string[]>; drop: (name: string) => Promise<void> }> = {
  sqlite: {
    names: () => readdir(FILES),
    drop: (name) => rm(path.join(FILES, name), { recursive: true, force: true }),
  },
  postgres: {
    names: () =>
      asPostgres(MAINTENANCE, async (client) =>
        (await client.query<{ datname: string }>('SELECT datname FROM pg_database')).rows.map(({ datname }) => datname)
      ),
    drop: dropPostgres,
  },
  mariadb: {
    names: () =>
      asMariadb(undefined, async (connection) =>
        (await connection.query<mysql.RowDataPacket[]>('SHOW DATABASES'))[0].map((row) => String(Object.values(row)[0]))
      ),
    drop: dropMariadb,
  },
};

const dropDatabases = async (chosen: (name: string) => boolean): Promise<void> => {
  const { names, drop } = leftovers[databaseName];
  for (const name of await names()) if (name.startsWith(OWNER) && chosen(name)) await drop(name);
};

/** Removes the databases that tests and templates of this run left. */
export const dropDatabasesOfRun = (): Promise<void> => dropDatabases((name) => name.startsWith(`${OWNER}${RUN}_`));

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

/** Removes the databases of runs on this machine that were interrupted. */
export const dropDatabasesOfDeadRuns = (): Promise<void> =>
  dropDatabases((name) => {
    const [, machine, pid] = /^mailboxes_test_([0-9a-f]{6})_(\d+)_/.exec(name) ?? [];
    return machine === MACHINE && !isAlive(Number(pid));
  });
