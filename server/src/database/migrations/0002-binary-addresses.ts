import { CONTENT_TABLES } from '../tables';
import type { Migration } from './migration';

/** Strapi creates these columns with the default collation, which on MySQL and MariaDB ignores case and accents. */
export const binaryAddresses: Migration = {
  name: '0002-binary-addresses',
  up: async ({ binary }) => {
    await binary(CONTENT_TABLES.mailboxes, 'email_key', 255);
    await binary(CONTENT_TABLES.mailboxes, 'global_key', 255);
  },
};
