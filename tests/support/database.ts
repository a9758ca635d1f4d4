import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { Client } from 'pg';

export type DatabaseName = 'sqlite' | 'postgres' | 'mariadb';

/** The database that this run of the suite is for. */
export const databaseName = (process.env.TEST_DB ?? 'sqlite') as DatabaseName;

export interface TestDatabase {
  name: DatabaseName;
  /** As `config/database.js` wants it. */
  connection: Record<string, unknown>;
  /** Everything in it as text, for "is the secret anywhere?". */
  dump: () => Promise<string>;
  drop: () => Promise<void>;
}

const POSTGRES = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');
const MARIADB = new URL(process.env.TEST_MARIADB_URL ?? 'mysql://root@127.0.0.1:3306/');

const freshName = (): string => `mailboxes_test_${randomBytes(6).toString('hex')}`;

const textOf = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const rowsToText = (rows: Record<string, unknown>[]): string =>
  rows.map((row) => Object.values(row).map(textOf).join('\u0000')).join('\n');

const sqlite = async (): Promise<TestDatabase> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mailboxes-test-'));
  const filename = path.join(folder, 'data.db');
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

const postgres = async (): Promise<TestDatabase> => {
  const database = freshName();
  const at = {
    host: POSTGRES.hostname,
    port: Number(POSTGRES.port || 5432),
    user: POSTGRES.username,
    password: POSTGRES.password,
  };
  const as = async <T>(name: string, work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ ...at, database: name });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  const maintenance = POSTGRES.pathname.slice(1) || 'postgres';
  await as(maintenance, (client) => client.query(`CREATE DATABASE ${database}`));
  return {
    name: 'postgres',
    connection: { client: 'postgres', connection: { ...at, database, ssl: false }, pool: { min: 0, max: 10 } },
    dump: () =>
      as(database, async (client) => {
        const tables = await client.query<{ tablename: string }>(
          "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        );
        const texts: string[] = [];
        for (const { tablename } of tables.rows)
          texts.push(rowsToText((await client.query(`SELECT * FROM "${tablename}"`)).rows));
        return texts.join('\n');
      }),
    drop: async () =>
      void (await as(maintenance, (client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))),
  };
};

const mariadb = async (): Promise<TestDatabase> => {
  const database = freshName();
  const at = {
    host: MARIADB.hostname,
    port: Number(MARIADB.port || 3306),
    user: MARIADB.username,
    password: MARIADB.password,
  };
  const as = async <T>(name: string | undefined, work: (connection: mysql.Connection) => Promise<T>): Promise<T> => {
    const connection = await mysql.createConnection({ ...at, database: name });
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };
  await as(undefined, (connection) => connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`));
  return {
    name: 'mariadb',
    connection: { client: 'mysql', connection: { ...at, database, ssl: false }, pool: { min: 0, max: 10 } },
    dump: () =>
      as(database, async (connection) => {
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
    drop: async () =>
      void (await as(undefined, (connection) => connection.query(`DROP DATABASE IF EXISTS ${database}`))),
  };
};

/** An empty database of its own. */
export const createDatabase = (name: DatabaseName = databaseName): Promise<TestDatabase> =>
  ({ sqlite, postgres, mariadb })[name]();
