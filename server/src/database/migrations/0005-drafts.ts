import { TABLES } from '../tables';
import type { Migration } from './migration';

const ID_LENGTH = 64;

/** Drafts: the content as JSON in chunks, the fields of the list as columns. */
export const drafts: Migration = {
  name: '0005-drafts',
  up: async ({ create, blob }) => {
    await create(TABLES.drafts, (table) => {
      table.string('id', ID_LENGTH).notNullable().primary();
      table.integer('user_id').notNullable();
      table.string('tenant', ID_LENGTH).notNullable();
      table.integer('version').notNullable();
      table.text('subject').notNullable();
      table.integer('recipients').notNullable();
      table.bigInteger('created_at').notNullable();
      table.bigInteger('updated_at').notNullable();
      table.index(['user_id', 'tenant', 'updated_at'], 'mailboxes_drafts_user_index');
      table.index(['tenant'], 'mailboxes_drafts_tenant_index');
    });
    await create(TABLES.draftChunks, (table) => {
      table.string('draft', ID_LENGTH).notNullable();
      table.integer('position').notNullable();
      blob(table, 'bytes').notNullable();
      table.primary(['draft', 'position']);
    });
  },
};
