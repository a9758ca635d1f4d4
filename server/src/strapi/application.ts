import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Core } from '@strapi/types';

type Knex = Core.Strapi['db']['connection'];
type Tree = Record<string, unknown>;
type Load = <T>(...packages: string[]) => T;

/** The configuration of a Strapi application that is not started. */
export interface Application {
  /** `admin.secrets.encryptionKey` */
  encryptionKey: string | null;
  /** `config` of a plugin in `config/plugins`. */
  pluginConfig(name: string): unknown;
  /**
   * Connects to the database of the application. The caller must call `destroy()`.
   *
   * @param writes false: a SQLite file is opened read-only, and never created
   */
  connect(options: { writes: boolean }): Promise<Knex>;
}

interface StrapiUtils {
  env: unknown;
  importDefault: (file: string) => unknown;
}

/** The used part of the TypeScript compiler. */
interface Typescript {
  sys: { readFile(file: string): string | undefined };
  readConfigFile(file: string, read: (file: string) => string | undefined): { config?: object };
  parseJsonConfigFileContent(config: object, host: object, folder: string): { options: { outDir?: string } };
}

interface DatabaseConfig {
  client: string;
  connection: unknown;
  [option: string]: unknown;
}

/** The same mapping as in `@strapi/database`. */
const DRIVERS: Readonly<Record<string, string>> = { sqlite: 'better-sqlite3', mysql: 'mysql2', postgres: 'pg' };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const isMissing = (error: unknown): boolean => (error as { code?: unknown }).code === 'MODULE_NOT_FOUND';

/** Merges objects and replaces other values, as Strapi does with the configuration of an environment. */
const merged = (base: Tree, over: Tree): Tree => {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    if (value !== undefined) result[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
  }
  return result;
};

/** Loads a package through the packages that depend on it, because only the first one is visible to the application. */
const loaderOf = (folder: string): Load => {
  const resolve = (packages: readonly string[]): string =>
    packages.reduce((from, name) => createRequire(from).resolve(name), path.join(folder, 'package.json'));
  return (...packages) => createRequire(resolve(packages.slice(0, -1)))(packages.at(-1) ?? '') as never;
};

const refuse = (folder: string, why: string): never => {
  throw new Error(
    `${folder} is not the folder of a Strapi application: ${why}. Run the command in the folder of the application.`
  );
};

const assertApplication = (folder: string, load: Load): void => {
  if (!existsSync(path.join(folder, 'package.json'))) refuse(folder, 'it has no package.json');
  try {
    load('@strapi/strapi/package.json');
  } catch (error) {
    if (!isMissing(error)) throw error;
    refuse(folder, '@strapi/strapi is not installed in it');
  }
};

/** Reads `outDir` of a `tsconfig.json`. Strapi's own reader exits the process if there are no source files. */
const outDirOf = (file: string, load: Load): string | undefined => {
  const typescript = load<Typescript>('@strapi/strapi', '@strapi/typescript-utils', 'typescript');
  const { config = {} } = typescript.readConfigFile(file, (name) => typescript.sys.readFile(name));
  const host = { ...typescript.sys, readDirectory: () => [] };
  return typescript.parseJsonConfigFileContent(config, host, path.dirname(file)).options.outDir;
};

/** Returns the folder of the running application's configuration; the compiled one for TypeScript. */
const configFolderOf = (folder: string, load: Load): string => {
  const file = path.join(folder, 'tsconfig.json');
  if (!existsSync(file)) {
    const config = path.join(folder, 'config');
    return existsSync(config) ? config : refuse(folder, 'it has no folder "config"');
  }
  const compiled = path.join(outDirOf(file, load) ?? folder, 'config');
  if (!existsSync(compiled))
    throw new Error(`${compiled} does not exist: this TypeScript application was not built yet. Run npm run build.`);
  return compiled;
};

const readFile = (file: string, { env, importDefault }: StrapiUtils): Tree => {
  if (existsSync(`${file}.js`)) {
    const loaded = importDefault(`${file}.js`);
    return (typeof loaded === 'function' ? (loaded as (given: object) => unknown)({ env }) : loaded) as Tree;
  }
  return existsSync(`${file}.json`) ? (JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Tree) : {};
};

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const knexConfigOf = (config: DatabaseConfig, connection: Tree, writes: boolean): object => {
  const client = DRIVERS[config.client];
  if (client === undefined) throw new Error(`The database client "${config.client}" is not supported.`);
  // Otherwise the error of a failed statement contains its values.
  const common = { ...config, client, compileSqlOnError: false };
  if (client === 'better-sqlite3') {
    const filename = path.resolve(String(connection.filename));
    if (!existsSync(filename)) throw new Error(`The database file ${filename} does not exist.`);
    const options = { ...(connection.options as object | undefined), readonly: !writes };
    return { ...common, connection: { ...connection, filename, options } };
  }
  const schema = client === 'pg' ? text(connection.schema) : null;
  return { ...common, connection, ...(schema === null ? {} : { searchPath: [schema] }) };
};

/**
 * Reads the configuration of an application as Strapi does, without starting, compiling or writing.
 *
 * @param folder of the application; relative paths in its configuration are relative to the working directory
 * @throws with a message for the operator: no Strapi application, or not built
 */
export const readApplication = (folder: string): Application => {
  const load = loaderOf(folder);
  assertApplication(folder, load);
  load<{ config(options: object): unknown }>('@strapi/strapi', 'dotenv').config({ path: process.env.ENV_PATH });
  process.env.NODE_ENV ||= 'development';
  const utils = load<StrapiUtils>('@strapi/strapi', '@strapi/utils');
  const configFolder = configFolderOf(folder, load);
  const environment = path.join(configFolder, 'env', process.env.NODE_ENV);
  const read = (name: string): Tree =>
    merged(readFile(path.join(configFolder, name), utils), readFile(path.join(environment, name), utils));

  const secrets = read('admin').secrets;
  const plugins = read('plugins');
  return {
    encryptionKey: isTree(secrets) ? text(secrets.encryptionKey) : null,
    pluginConfig: (name) => {
      const plugin = plugins[name];
      return isTree(plugin) ? plugin.config : undefined;
    },
    connect: async ({ writes }) => {
      const config = read('database').connection as DatabaseConfig | undefined;
      if (!config) throw new Error(`${configFolder} has no database configuration.`);
      const connection = (
        typeof config.connection === 'function' ? await (config.connection as () => unknown)() : config.connection
      ) as Tree;
      const knex = load<(options: object) => Knex>('@strapi/strapi', '@strapi/database', 'knex');
      return knex(knexConfigOf(config, connection, writes));
    },
  };
};
