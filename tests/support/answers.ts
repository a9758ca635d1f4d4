import type supertest from 'supertest';
import { codeOf } from '../../server/src/strapi/error';
import { CONTENT_TABLES, TABLES } from '../../server/src/database/tables';
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

/** Tables that requests of users write. */
export const STORED = [
  ...Object.values(CONTENT_TABLES),
  TABLES.secrets,
  TABLES.audit,
  TABLES.submissions,
  TABLES.recipients,
  TABLES.drafts,
  TABLES.draftChunks,
  TABLES.confirmations,
];

/** Tables that a submission or the link to its draft writes. */
export const OF_SUBMIT = [
  TABLES.messages,
  TABLES.chunks,
  TABLES.submissions,
  TABLES.recipients,
  TABLES.words,
  TABLES.lastChoices,
  TABLES.drafts,
  TABLES.turns,
];

/** Requires that each test of the file or `describe` leaves this value as it was before the first one. */
export const staysUnchanged = (read: () => Promise<unknown>): void => {
  let before: unknown;
  beforeAll(async () => {
    before = await read();
  });
  afterEach(async () => {
    expect(await read()).toEqual(before);
  });
};

/** The code of a refusal, or the result. An error that is no refusal fails the test. */
export const attempt = async <T>(work: Promise<T>): Promise<{ code: string } | { made: T }> => {
  try {
    return { made: await work };
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return { code };
  }
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
