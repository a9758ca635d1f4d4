import { TABLES } from '../tables';
import type { Migration } from './migration';

/** Findings of the guard in Strapi's own mail: one row per caller, From and refusal. */
export const guardFindings: Migration = {
  name: '0004-guard',
  up: async ({ create }) => {
    await create(TABLES.guardFindings, (table) => {
      table.string('id', 64).notNullable().primary();
      table.string('from_text', 320).notNullable();
      table.string('address', 320);
      table.string('caller', 255).notNullable();
      table.string('verdict', 64).notNullable();
      table.bigInteger('count').notNullable();
      table.bigInteger('first_at').notNullable();
      table.bigInteger('last_at').notNullable().index();
    });
  },
};
