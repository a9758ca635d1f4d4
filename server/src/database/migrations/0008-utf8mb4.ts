import { widenTables } from '../charset';
import { dialectOf } from '../dialect';
import { TABLES } from '../tables';
import type { Migration } from './migration';

/** Tables of a database with another default character set could not store emoji. */
export const utf8mb4: Migration = {
  name: '0008-utf8mb4',
  up: async ({ knex, on }) => {
    if (dialectOf(knex) === 'mysql') await widenTables(knex, on, Object.values(TABLES));
  },
};
