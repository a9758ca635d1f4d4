import { readSettings } from './config';
import { PLUGIN_ID } from './contracts/permissions';
import { TABLES } from './database/tables';
import { createKeyRing } from './secrets/key-ring';
import { createSecretStore } from './secrets/store';
import { readApplication } from './strapi/application';
import { createHealth, type Health } from './submissions/queries/health';

/** Operations of `npx mailboxes` on the database of an application that is not booted. */
export interface Site {
  health(): Promise<Health>;
  rotateSecrets(): Promise<{ rotated: number; unreadable: number }>;
  close(): Promise<void>;
}

/** knex's messages are `statement - reason`; the statement is useless to an operator. */
const reasonOf = (error: unknown): Error => {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  const cut = message.lastIndexOf(' - ');
  // After several connection attempts (AggregateError) the error has a code and no message.
  return new Error(`Database error: ${(cut < 0 ? message : message.slice(cut + 3)) || code}`, { cause: error });
};

/**
 * Opens the database of a Strapi application, without booting or compiling it.
 *
 * @param folder of the application
 * @param writes false: read-only, so that a database user without write permission is enough
 * @throws an error with a message for the operator
 */
export const openSite = async (folder: string, { writes }: { writes: boolean }): Promise<Site> => {
  const application = readApplication(folder);
  const settings = readSettings(application.pluginConfig(PLUGIN_ID));
  const { keys: configured, formerStrapiKeys } = settings.secrets;
  const secrets = createSecretStore(
    createKeyRing({ configured, strapiKey: application.encryptionKey, formerStrapiKeys })
  );
  const db = await application.connect({ writes });
  const run = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw reasonOf(error);
    });
  try {
    if (!(await run(async () => db.schema.hasTable(TABLES.migrations))))
      throw new Error('The database holds no tables of this plugin. Start Strapi with the plugin once.');
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    health: () => run(createHealth({ db: () => db, unreadable: secrets.unreadable }).report),
    rotateSecrets: () => run(() => secrets.rotate(db)),
    close: () => db.destroy(),
  };
};
