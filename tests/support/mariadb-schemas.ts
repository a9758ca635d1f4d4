import type { Connection, RowDataPacket } from 'mysql2/promise';
import { asMariadb, createEmptyDatabase, placeOf, type TestDatabase } from './database';

/*
 * MariaDB cannot copy a database, and creating tables is its slowest work. So a schema that a test has dropped is used
 * again: its rows are replaced by the template's. A schema whose tables a test has changed is really dropped.
 */

interface Template {
  shape: string;
  /** CREATE TABLE by table. */
  tables: Map<string, string>;
  rows: Map<string, unknown[][]>;
  /** AUTO_INCREMENT by table. */
  nextIds: Map<string, number>;
}

const query = async (connection: Connection, sql: string, values: unknown[] = []): Promise<RowDataPacket[]> =>
  (await connection.query<RowDataPacket[]>(sql, values))[0];

/** Everything that a test could change besides rows, by table of information_schema. */
const SHAPE = {
  columns: ['table_schema', 'table_name, column_name, column_type, is_nullable, column_default'],
  statistics: ['table_schema', 'table_name, index_name, seq_in_index, column_name, non_unique'],
  table_constraints: ['table_schema', 'table_name, constraint_name, constraint_type'],
  triggers: ['trigger_schema', 'trigger_name'],
} as const;

const shapeOf = async (connection: Connection, schema: string): Promise<string> => {
  const parts: unknown[] = [];
  for (const [table, [within, columns]] of Object.entries(SHAPE))
    parts.push(
      await query(
        connection,
        `SELECT ${columns} FROM information_schema.${table} WHERE ${within} = ? ORDER BY ${columns}`,
        [schema]
      )
    );
  return JSON.stringify(parts);
};

const read = (schema: string): Promise<Template> =>
  asMariadb(schema, async (connection) => {
    const tables = new Map<string, string>();
    const rows = new Map<string, unknown[][]>();
    for (const found of await query(connection, 'SHOW TABLES')) {
      const table = String(Object.values(found)[0]);
      const [created] = await query(connection, `SHOW CREATE TABLE \`${table}\``);
      tables.set(table, String(created?.['Create Table']));
      const all = await query(connection, `SELECT * FROM \`${table}\``);
      if (all.length > 0)
        rows.set(
          table,
          all.map((row) => Object.values(row) as unknown[])
        );
    }
    return {
      shape: await shapeOf(connection, schema),
      tables,
      rows,
      nextIds: await nextIdsOf(connection, schema),
    };
  });

const fill = async (connection: Connection, { rows }: Template): Promise<void> => {
  for (const [table, values] of rows) await connection.query(`INSERT INTO \`${table}\` VALUES ?`, [values]);
};

const build = (schema: string, template: Template): Promise<void> =>
  asMariadb(schema, async (connection) => {
    await connection.query('SET foreign_key_checks = 0');
    for (const create of template.tables.values()) await connection.query(create);
    await fill(connection, template);
  });

const nextIdsOf = async (connection: Connection, schema: string): Promise<Map<string, number>> =>
  new Map(
    (
      await query(
        connection,
        `SELECT table_name AS name, auto_increment AS next FROM information_schema.tables
         WHERE table_schema = ? AND auto_increment IS NOT NULL`,
        [schema]
      )
    ).map(({ name, next }): [string, number] => [String(name), Number(next)])
  );

/** Gives new rows the ids that they would get in a new database. */
const restartIds = async (connection: Connection, schema: string, { nextIds }: Template): Promise<void> => {
  for (const [table, next] of await nextIdsOf(connection, schema))
    if (next !== nextIds.get(table)) await connection.query(`ALTER TABLE \`${table}\` AUTO_INCREMENT = 1`);
};

/** Ends connections of processes that were killed: their last statement may still wait for a lock. */
const endConnections = async (connection: Connection, schema: string): Promise<void> => {
  const others = await query(
    connection,
    'SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()',
    [schema]
  );
  // The connection may have closed in the meantime.
  for (const { id } of others) await connection.query(`KILL ${Number(id)}`).catch(() => undefined);
};

/** @returns false when the schema is no longer that of the template */
const restore = (schema: string, template: Template): Promise<boolean> =>
  asMariadb(schema, async (connection) => {
    if ((await shapeOf(connection, schema)) !== template.shape) return false;
    await endConnections(connection, schema);
    await connection.query('SET foreign_key_checks = 0');
    await connection.beginTransaction();
    for (const table of template.tables.keys()) await connection.query(`DELETE FROM \`${table}\``);
    await fill(connection, template);
    await connection.commit();
    await restartIds(connection, schema, template);
    return true;
  });

/** @returns a source of databases that are like the installed one */
export const createSchemas = (install: () => Promise<TestDatabase>): (() => Promise<TestDatabase>) => {
  const free: TestDatabase[] = [];
  let known: Promise<Template> | undefined;

  const learn = async (): Promise<Template> => {
    const installed = await install();
    const template = await read(placeOf(installed));
    free.push(installed);
    return template;
  };

  return async () => {
    known ??= learn().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const template = await known;
    let database = free.pop();
    if (database === undefined) {
      database = await createEmptyDatabase('mariadb');
      await build(placeOf(database), template);
    }
    const lent = database;
    let dropped = false;
    return {
      ...lent,
      drop: async () => {
        if (dropped) return;
        dropped = true;
        const restored = await restore(placeOf(lent), template).catch(() => false);
        if (restored) free.push(lent);
        else await lent.drop();
      },
    };
  };
};
