import type supertest from 'supertest';
import { OF_A_TEST } from './statements';
import type { App } from './strapi';

/** Expects a refusal: its status, its code and the path of the invalid field. */
export const refuses = async (
  request: PromiseLike<supertest.Response>,
  status: number,
  code: string,
  path: string | null = null
): Promise<void> => {
  const { status: answered, body } = await request;
  expect({ status: answered, details: body.error?.details }).toMatchObject({
    status,
    details: { code, ...(path === null ? {} : { path }) },
  });
};

/** Number of rows per table. */
export const countRows = async ({ strapi }: App, tables: readonly string[]): Promise<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const table of tables) {
    const [row]: { n: unknown }[] = await strapi.db.connection(table).comment(OF_A_TEST).count({ n: '*' });
    found[table] = Number(row?.n);
  }
  return found;
};

/** Full contents of the tables, to assert that a refused request changes nothing. */
export const contentsOf = async ({ strapi }: App, tables: readonly string[]): Promise<Record<string, string[]>> => {
  const found: Record<string, string[]> = {};
  for (const table of tables) {
    const rows: object[] = await strapi.db.connection(table).comment(OF_A_TEST).select('*');
    found[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return found;
};
