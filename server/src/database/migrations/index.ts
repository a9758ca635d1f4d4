import type { Core } from '@strapi/types';
import { databaseCharset, EVERY_CHARACTER } from '../charset';
import { dialectOf, type Queries } from '../dialect';
import { TABLES } from '../tables';
import { inTransaction } from '../transaction';
import type { Migration, MigrationTools } from './migration';
import { ownTables } from './0001-own-tables';
import { binaryAddresses } from './0002-binary-addresses';
import { outbox } from './0003-outbox';
import { guardFindings } from './0004-guard';
import { drafts } from './0005-drafts';
import { sentDrafts } from './0006-sent-drafts';
import { auditByActor } from './0007-audit-by-actor';
import { utf8mb4 } from './0008-utf8mb4';
import { draftSizes } from './0009-draft-sizes';
import { sendZone } from './0010-send-zone';
import { circuits } from './0011-circuits';
import { searchWords } from './0012-search-words';

/** Applied in this order, each once. Never change a released migration: add another. */
export const MIGRATIONS: readonly Migration[] = [
  ownTables,
  binaryAddresses,
  outbox,
  guardFindings,
  drafts,
  sentDrafts,
  auditByActor,
  utf8mb4,
  draftSizes,
  sendZone,
  circuits,
  searchWords,
];

type Connected<T> = T & { connection(connection: unknown): T };

/** A transaction, or one held connection, on which the migrations run. */
interface Place {
  knex: Queries;
  /** Undefined in a transaction. */
  connection?: unknown;
}

const toolsFor = ({ knex, connection }: Place): MigrationTools => {
  const mysql = dialectOf(knex) === 'mysql';
  const on = <T>(query: T): T => (connection === undefined ? query : (query as Connected<T>).connection(connection));
  return {
    knex,
    on,
    create: async (name, build) => {
      if (await on(knex.schema).hasTable(name)) return;
      // If utf8mb4 is the database's default, the default collation is kept: it must equal that of Strapi's tables.
      const widen = mysql && (await databaseCharset(knex, on)) !== EVERY_CHARACTER;
      await on(knex.schema).createTable(name, (table) => {
        if (mysql) table.engine('InnoDB');
        if (widen) table.charset(EVERY_CHARACTER);
        build(table);
      });
    },
    key: (table, column, length) =>
      mysql
        ? table.specificType(column, `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
        : table.string(column, length),
    blob: (table, column) => (mysql ? table.specificType(column, 'MEDIUMBLOB') : table.binary(column)),
    binary: async (table, column, length) => {
      if (!mysql) return;
      await on(
        knex.raw(`ALTER TABLE ?? MODIFY ?? VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`, [
          table,
          column,
        ])
      );
    },
  };
};

const LOCK_NAME = 'mailboxes_migrations';
const LOCK_NUMBER = 5_820_417;
const LOCK_WAIT_SECONDS = 60;

interface Pool {
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
}

/**
 * Runs the migrations on MySQL under a named lock on one connection: MySQL commits at every schema change, so that a
 * transaction could roll nothing back. Lock names are global to the server, so the name includes the database's.
 */
const onHeldConnection = async (knex: Queries, work: (place: Place) => Promise<void>): Promise<void> => {
  const pool = knex.client as Pool;
  const connection = await pool.acquireConnection();
  const run = (sql: string, bindings: readonly (string | number)[]) => knex.raw(sql, bindings).connection(connection);
  const lock = `CONCAT(LEFT(?, 20), MD5(DATABASE()))`;
  try {
    const [[row]] = (await run(`SELECT GET_LOCK(${lock}, ?) AS got`, [LOCK_NAME, LOCK_WAIT_SECONDS])) as [
      { got: number | null }[],
    ];
    if (Number(row?.got) !== 1) throw new Error('[mailboxes] another process has been migrating for too long');
    try {
      await work({ knex, connection });
    } finally {
      await run(`SELECT RELEASE_LOCK(${lock})`, [LOCK_NAME]);
    }
  } finally {
    await pool.releaseConnection(connection);
  }
};

/** Serializes the migrations of several processes. The lock ends with its connection, also when a process is killed. */
const underLock = async (strapi: Core.Strapi, work: (place: Place) => Promise<void>): Promise<void> => {
  const dialect = dialectOf(strapi.db.connection);
  if (dialect === 'mysql') return onHeldConnection(strapi.db.connection, work);
  await inTransaction(strapi, async (knex) => {
    if (dialect === 'postgres') await knex.raw('SELECT pg_advisory_xact_lock(?)', [LOCK_NUMBER]);
    await work({ knex });
  });
};

/**
 * Applies the pending migrations, after Strapi's schema sync, because some of them change its tables.
 *
 * @returns names of the applied migrations
 */
export const migrate = async (
  strapi: Core.Strapi,
  migrations: readonly Migration[] = MIGRATIONS
): Promise<string[]> => {
  let ran: string[] = [];
  await underLock(strapi, async (place) => {
    ran = [];
    const tools = toolsFor(place);
    const { knex, on } = tools;
    await tools.create(TABLES.migrations, (table) => {
      table.string('name', 255).notNullable().primary();
      table.bigInteger('ran_at').notNullable();
    });
    const rows = (await on(knex(TABLES.migrations).select('name'))) as { name: string }[];
    const done = new Set(rows.map(({ name }) => name));
    for (const migration of migrations) {
      if (done.has(migration.name)) continue;
      await migration.up(tools);
      await on(knex(TABLES.migrations).insert({ name: migration.name, ran_at: Date.now() }));
      ran.push(migration.name);
    }
  });
  if (ran.length > 0) strapi.log.info(`[mailboxes] database migrated: ${ran.join(', ')}`);
  return ran;
};
