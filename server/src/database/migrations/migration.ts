import { dialectOf, type Queries } from '../dialect';

export type TableBuilder = Parameters<Parameters<Queries['schema']['createTable']>[1]>[0];
export type ColumnBuilder = ReturnType<TableBuilder['string']>;

export interface MigrationTools {
  knex: Queries;
  /** Puts a query where the migrations run; `create` and `binary` do so themselves. */
  on: <T>(query: T) => T;
  /** Creates a table unless it is there: on MySQL a crash leaves what was done before it. */
  create: (table: string, build: (table: TableBuilder) => void) => Promise<void>;
  /** A text column that is compared byte by byte. */
  key: (table: TableBuilder, column: string, length: number) => ColumnBuilder;
  blob: (table: TableBuilder, column: string) => ColumnBuilder;
  /** Makes a column of one of Strapi's tables compare byte by byte. */
  binary: (table: string, column: string, length: number) => Promise<void>;
}

export interface Migration {
  name: string;
  up: (tools: MigrationTools) => Promise<void>;
}

/** Adds a column unless it is there: on MySQL a crash leaves what was done before it. */
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

/** Adds an index unless it is there. MySQL knows no "if not exists" for one. */
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
