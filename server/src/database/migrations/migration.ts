import type { Queries } from '../dialect';

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
