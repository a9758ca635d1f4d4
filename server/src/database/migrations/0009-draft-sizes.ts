import { TABLES } from '../tables';
import { addColumn, type Migration } from './migration';

/** Size of a draft's content: the sum per user is limited. */
export const draftSizes: Migration = {
  name: '0009-draft-sizes',
  up: async (tools) => {
    const { knex, on } = tools;
    await addColumn(tools, TABLES.drafts, 'size_bytes', (table) =>
      table.integer('size_bytes').notNullable().defaultTo(0)
    );
    const stored = knex(TABLES.draftChunks)
      .where('draft', knex.ref(`${TABLES.drafts}.id`))
      .select(knex.raw('COALESCE(SUM(LENGTH(bytes)), 0)'));
    await on(knex(TABLES.drafts).update({ size_bytes: stored as never }));
  },
};
