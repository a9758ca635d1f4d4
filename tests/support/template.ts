import { copyOf, createEmptyDatabase, databaseName, type DatabaseName, type TestDatabase } from './database';
import { loadStrapi } from './load-strapi';
import { createSchemas } from './mariadb-schemas';

/*
 * A boot on an empty database spends most of its time on Strapi's 58 tables. Each worker makes them once, and its tests
 * get copies. Tests of an installation or an upgrade use createEmptyDatabase instead.
 */

/** A database as the first start of a site with the plugin leaves it. */
const install = async (name: DatabaseName): Promise<TestDatabase> => {
  const database = await createEmptyDatabase(name);
  await (await loadStrapi(database)).destroy();
  return database;
};

const copies = (name: DatabaseName): (() => Promise<TestDatabase>) => {
  if (name === 'mariadb') return createSchemas(() => install(name));
  let template: Promise<TestDatabase> | undefined;
  return async () => {
    template ??= install(name).catch((error: unknown) => {
      template = undefined;
      throw error;
    });
    return copyOf(await template);
  };
};

const sources = new Map<DatabaseName, () => Promise<TestDatabase>>();

/** @returns a database of the caller's own, as the first start of a site leaves it; `drop` it at the end */
export const createDatabase = (name: DatabaseName = databaseName): Promise<TestDatabase> => {
  const source = sources.get(name) ?? copies(name);
  sources.set(name, source);
  return source();
};
