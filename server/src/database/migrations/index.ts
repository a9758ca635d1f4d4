import type { Core } from '@strapi/types';
import { dialectOf, type Queries } from '../dialect';
import { TABLES } from '../tables';
import type { Migration, MigrationTools } from './migration';
import { ownTables } from './0001-own-tables';
import { binaryAddresses } from './0002-binary-addresses';

/** In this order, each once. Never change one that was released: add another. */
export const MIGRATIONS: readonly Migration[] = [ownTables, binaryAddresses];

const toolsFor = (knex: Queries): MigrationTools => {
  const mysql = dialectOf(knex) === 'mysql';
  return {
    knex,
    create: async (name, build) => {
      if (await knex.schema.hasTable(name)) return;
      await knex.schema.createTable(name, (table) => {
        if (mysql) table.engine('InnoDB');
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
      await knex.raw(`ALTER TABLE ?? MODIFY ?? VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`, [
        table,
        column,
      ]);
    },
  };
};

const LOCK_NAME = 'mailboxes_migrations';
const LOCK_NUMBER = 5_820_417;
const LOCK_WAIT_SECONDS = 60;

/** One process migrates at a time; the lock ends with its connection, so a killed process blocks nobody. */
const underLock = async (knex: Queries, work: () => Promise<void>): Promise<void> => {
  const dialect = dialectOf(knex);
  if (dialect === 'postgres') await knex.raw('SELECT pg_advisory_xact_lock(?)', [LOCK_NUMBER]);
  if (dialect !== 'mysql') return work();
  await knex.raw('SELECT GET_LOCK(?, ?)', [LOCK_NAME, LOCK_WAIT_SECONDS]);
  try {
    await work();
  } finally {
    await knex.raw('SELECT RELEASE_LOCK(?)', [LOCK_NAME]);
  }
};

/**
 * Runs what has not run yet. Called after Strapi's schema sync, because some migrations touch the tables
 * that it makes.
 */
export const migrate = async (
  strapi: Core.Strapi,
  migrations: readonly Migration[] = MIGRATIONS
): Promise<string[]> => {
  const ran: string[] = [];
  await strapi.db.transaction(async ({ trx }) => {
    const knex = trx as Queries;
    await underLock(knex, async () => {
      await toolsFor(knex).create(TABLES.migrations, (table) => {
        table.string('name', 255).notNullable().primary();
        table.bigInteger('ran_at').notNullable();
      });
      const done = new Set((await knex(TABLES.migrations).select('name')).map(({ name }: { name: string }) => name));
      for (const migration of migrations) {
        if (done.has(migration.name)) continue;
        await migration.up(toolsFor(knex));
        await knex(TABLES.migrations).insert({ name: migration.name, ran_at: Date.now() });
        ran.push(migration.name);
      }
    });
  });
  if (ran.length > 0) strapi.log.info(`[mailboxes] database migrated: ${ran.join(', ')}`);
  return ran;
};
