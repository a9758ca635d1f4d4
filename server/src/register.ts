import type { Core } from '@strapi/types';
import { pluginOf } from './container';
import { readSettings } from './config';
import { checkContentTables } from './database/charset';
import { migrate } from './database/migrations';
import { persistTables } from './database/persisted-tables';
import { UIDS } from './database/tables';
import { standGuard } from './guard/provider';
import { stripFailedStatements } from './strapi/failed-statements';

interface GraphqlExtension {
  shadowCRUD(uid: string): { disable(): void };
}

/** Before Strapi's database is there: what must be known when it comes. */
export default ({ strapi }: { strapi: Core.Strapi }): void => {
  // Some migrations touch the tables that Strapi's schema sync makes.
  const afterSync = strapi.hook('strapi::content-types.afterSync') as {
    register: (handler: () => Promise<void>) => void;
  };
  afterSync.register(async () => {
    stripFailedStatements(strapi);
    await migrate(strapi);
    await persistTables(strapi);
    await checkContentTables(strapi);
  });

  // Composed when the first mail comes: until Strapi is there, its configuration may still change.
  const { mode } = readSettings(strapi.config.get('plugin::mailboxes')).guard;
  standGuard(strapi, mode, (...call) => pluginOf(strapi).guard.send(...call));

  const graphql = strapi.plugins.graphql ? (strapi.plugin('graphql').service('extension') as GraphqlExtension) : null;
  for (const uid of Object.values(UIDS)) graphql?.shadowCRUD(uid).disable();
};
