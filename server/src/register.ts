import type { Core } from '@strapi/types';
import { pluginOf } from './container';
import { readSettings } from './config';
import { checkContentTables } from './database/charset';
import { migrate } from './database/migrations';
import { persistTables } from './database/persisted-tables';
import { UIDS } from './database/tables';
import { installGuard } from './guard/provider';
import { stripFailedStatements } from './strapi/failed-statements';
import { serveNoPages } from './strapi/no-pages';

interface GraphqlExtension {
  shadowCRUD(uid: string): { disable(): void };
}

/** Runs before Strapi connects to the database: registers the migrations and wraps the e-mail provider. */
export default ({ strapi }: { strapi: Core.Strapi }): void => {
  // Some migrations change tables that Strapi's schema sync creates.
  const afterSync = strapi.hook('strapi::content-types.afterSync') as {
    register: (handler: () => Promise<void>) => void;
  };
  afterSync.register(async () => {
    stripFailedStatements(strapi);
    await migrate(strapi);
    await persistTables(strapi);
    await checkContentTables(strapi);
  });

  // Built at the first message: the configuration may change until Strapi has loaded.
  const { guard, delivery } = readSettings(strapi.config.get('plugin::mailboxes'));
  installGuard(strapi, guard.mode, (...call) => pluginOf(strapi).guard.send(...call));
  if (delivery.role === 'deliver') serveNoPages(strapi, () => pluginOf(strapi).deliveryProblem());

  const graphql = strapi.plugins.graphql ? (strapi.plugin('graphql').service('extension') as GraphqlExtension) : null;
  for (const uid of Object.values(UIDS)) graphql?.shadowCRUD(uid).disable();
};
