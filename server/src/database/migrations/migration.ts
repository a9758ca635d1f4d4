import { dialectOf, type Queries } from '../dialect';

export type TableBuilder = Parameters<Parameters<Queries['schema']['createTable']>[1]>[0];
export type ColumnBuilder = ReturnType<TableBuilder['string']>;

export interface MigrationTools {
  knex: Queries;
  /** Binds a query to the connection of the migrations; `create` and `binary` call it themselves. */
  on: <T>(query: T) => T;
  /** Creates a table unless it exists: on MySQL a crash leaves a migration half applied. */
  create: (table: string, build: (table: TableBuilder) => void) => Promise<void>;
  /** Adds a text column with binary collation. */
  key: (table: TableBuilder, column: string, length: number) => ColumnBuilder;
  blob: (table: TableBuilder, column: string) => ColumnBuilder;
  /** Sets binary collation on a column of one of Strapi's tables. */
  binary: (table: string, column: string, length: number) => Promise<void>;
}

export interface Migration {
  name: string;
  up: (tools: MigrationTools) => Promise<void>;
}

/** Adds a column unless it exists: on MySQL a crash leaves a migration half applied. */
export const addColumn = async (
  { knex, on }: MigrationTools,
  table: string,
  column: string,
  build: (table: TableBuilder) => ColumnBuilder
): Promise<void> => {
  if (await on(knex.schema).hasColumn(table, column)) return;
  await on(knex.schema.alterTable(table, (builder) => void build(builder)));
};

export interface Index {
  name: string;
  columns: readonly string[];
  unique?: true;
}

/** Adds an index unless it exists. MySQL has no IF NOT EXISTS for indexes. */
export const addIndex = async ({ knex, on }: MigrationTools, table: string, { name, columns, unique }: Index) => {
  const mysql = dialectOf(knex) === 'mysql';
  const names = columns.map(() => '??').join(', ');
  const sql = `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${mysql ? '' : 'IF NOT EXISTS '}?? ON ?? (${names})`;
  try {
    await on(knex.raw(sql, [name, table, ...columns]));
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ER_DUP_KEYNAME') throw error;
  }
};
