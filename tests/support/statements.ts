import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '@strapi/types';

export interface Statement {
  sql: string;
  bindings: unknown[];
  /** Id of its transaction; undefined outside of one. */
  transaction: string | undefined;
}

interface Query {
  sql: string;
  bindings?: unknown[];
  __knexTxId?: string;
}

const CONTROL = /^\s*(begin|commit|rollback|start transaction|set |savepoint|release)/i;

const END = /^\s*(?:commit|rollback)\s*;?\s*$/i;

/** True for BEGIN, COMMIT and the like. */
export const isControl = ({ sql }: Pick<Statement, 'sql'>): boolean => CONTROL.test(sql);

/** Calls back for each statement that this Strapi runs. @returns a function that ends it */
export const onStatement = (strapi: Core.Strapi, listener: (statement: Statement) => void): (() => void) => {
  const knex = strapi.db.connection as unknown as NodeJS.EventEmitter;
  // knex leaves the id on the connection after the end, so that the next query on that connection has it too.
  const ended = new Set<string>();
  const onQuery = ({ sql, bindings, __knexTxId: id }: Query): void => {
    listener({ sql, bindings: bindings ?? [], transaction: id !== undefined && ended.has(id) ? undefined : id });
    if (id !== undefined && END.test(sql)) ended.add(id);
  };
  knex.on('query', onQuery);
  return () => void knex.off('query', onQuery);
};

/** @returns the statements that ran during `work`, also those of other work at the same time */
export const statementsOf = async (strapi: Core.Strapi, work: () => Promise<unknown>): Promise<Statement[]> => {
  const seen: Statement[] = [];
  const stop = onStatement(strapi, (statement) => seen.push(statement));
  try {
    await work();
  } finally {
    stop();
  }
  return seen;
};

/** Returns one text for one statement, for any number of rows, values or cases. */
export const shapeOf = (sql: string): string =>
  sql
    .replace(/\s+/g, ' ')
    .replace(/\$\d+/g, '?')
    .replace(/(\?, ?)+\?/g, '?…')
    .replace(/(WHEN \? THEN \? ?)+/gi, 'WHEN … ')
    .replace(/(\(\?…?\), ?)+\(\?…?\)/g, '(?…)')
    .replace(/\(\?\)/g, '(?…)');

/**
 * Statements on the plugin's rows. Its tables are created by migrations, which run on every database from scratch. The
 * heartbeat in mailboxes_processes runs by a timer; tests/processes proves it on every database.
 */
const OURS = /^(?!alter table|rename table).*\bmailboxes_(?!processes\b)/s;

/** Marks a statement of a test itself, as in `query.comment(OF_A_TEST)`. */
export const OF_A_TEST = 'of a test';

/** Runs an INSERT, UPDATE or DELETE of a test itself: knex writes no comment into these. */
export const writtenByTest = (
  knex: { raw: (sql: string) => Promise<unknown> },
  query: { toString(): string }
): Promise<unknown> => knex.raw(`${query.toString()} /* ${OF_A_TEST} */`);

/** Alias of Strapi's own query engine, which writes the same query for every database. */
const OF_STRAPI = /\bt0\b/;

/** Returns the shape without pages, repeated groups and plain columns that are written; columnsOf has those. */
const comparableShapeOf = (sql: string): string =>
  shapeOf(sql)
    .replace(/ offset \?/gi, '')
    .replace(/^(insert into \S+) \([^()]*\)/i, '$1')
    .replace(/ set (?:[`"]?\w+[`"]? = \?(?:, )?)+/gi, ' set … ')
    .replace(/(LOWER\([^)]*\) LIKE \? ESCAPE '!')(?: OR \1)+/gi, '$1')
    .replace(/(\((?:[^()]|\([^()]*\))*\))(?: or \1)+/gi, '$1')
    .replace(/(select (?:\? as [`"]?\w+[`"]?(?:, )?)+)(?: union all \1)+/gi, '$1');

const INSERT = /^insert into [`"]?(\w+)[`"]? \(([^()]*)\)/i;
const UPDATE = /^update [`"]?(\w+)[`"]? set (.*?)(?= where |$)/i;

/** Returns one line for each plain column that the statement writes: any set of them may be written together. */
const columnsOf = (sql: string): string[] => {
  const shape = shapeOf(sql);
  const [, table, written] = INSERT.exec(shape) ?? UPDATE.exec(shape) ?? [];
  if (table === undefined || written === undefined) return [];
  const names = INSERT.test(shape)
    ? written.split(', ')
    : [...written.matchAll(/(\S+) = \?/g)].map(([, name]) => name ?? '');
  return names.map((name) => `${shape.slice(0, 6)} ${table}.${name.replace(/[`"]/g, '')}`);
};

const seenShapes = new Set<string>();

/**
 * Appends the shapes of statements on the plugin's tables to a file in TEST_SHAPES, each once per process, as lines of
 * `test file <tab> shape`. scripts/test/shapes.mjs compares the suites by them.
 */
export const recordShapes = (strapi: Core.Strapi): void => {
  const folder = process.env.TEST_SHAPES;
  if (folder === undefined) return;
  onStatement(strapi, ({ sql }) => {
    if (!OURS.test(sql) || OF_STRAPI.test(sql) || sql.includes(OF_A_TEST)) return;
    for (const shape of [comparableShapeOf(sql), ...columnsOf(sql)]) {
      if (seenShapes.has(shape)) continue;
      seenShapes.add(shape);
      const file = path.relative(process.cwd(), expect.getState().testPath ?? '');
      appendFileSync(path.join(folder, `${process.pid}.tsv`), `${file}\t${shape}\n`);
    }
  });
};
