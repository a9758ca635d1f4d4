import { dialectOf } from '../dialect';
import { TABLES } from '../tables';
import { WORD_LENGTH } from '../../domain/search-words';
import { addColumn, addIndex, type Migration, type MigrationTools } from './migration';

const ID_LENGTH = 64;

/**
 * Words of submissions for the search. `searchable` is null for rows of the releases before, whose words the maintenance
 * stores.
 */
export const searchWords: Migration = {
  name: '0012-search-words',
  up: async (tools) => {
    await createWords(tools);
    await addIndex(tools, TABLES.words, {
      name: 'mailboxes_words_word_index',
      columns: ['tenant', 'word', 'created_at', 'submission'],
    });
    await addColumn(tools, TABLES.submissions, 'searchable', (table) => table.boolean('searchable').nullable());
    await addSearchableIndex(tools);
  },
};

const createWords = async ({ knex, on, create, key }: MigrationTools): Promise<void> => {
  const dialect = dialectOf(knex);
  // One tree instead of two: knex cannot leave out the row id.
  if (dialect === 'sqlite')
    return void (await on(
      knex.raw(
        `CREATE TABLE IF NOT EXISTS ?? (submission varchar(${ID_LENGTH}) NOT NULL, tenant varchar(${ID_LENGTH}) NOT NULL, word varchar(${WORD_LENGTH}) NOT NULL, created_at bigint NOT NULL, PRIMARY KEY (submission, word)) WITHOUT ROWID`,
        [TABLES.words]
      )
    ));
  await create(TABLES.words, (table) => {
    table.string('submission', ID_LENGTH).notNullable();
    table.string('tenant', ID_LENGTH).notNullable();
    // Ranges of words need an order by code points on every database.
    if (dialect === 'postgres') table.specificType('word', `VARCHAR(${WORD_LENGTH}) COLLATE "C"`).notNullable();
    else key(table, 'word', WORD_LENGTH).notNullable();
    // Of the submission: the words alone give its place in a list.
    table.bigInteger('created_at').notNullable();
    table.primary(['submission', 'word']);
  });
};

/** Finds rows without words. MySQL has no partial indexes. */
const addSearchableIndex = async (tools: MigrationTools): Promise<void> => {
  const { knex, on } = tools;
  const name = 'mailboxes_submissions_searchable_index';
  if (dialectOf(knex) === 'mysql')
    return addIndex(tools, TABLES.submissions, { name, columns: ['searchable', 'tenant'] });
  await on(
    knex.raw('CREATE INDEX IF NOT EXISTS ?? ON ?? (tenant) WHERE searchable IS NULL', [name, TABLES.submissions])
  );
};
