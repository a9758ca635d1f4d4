import type { EventEmitter } from 'node:events';
import type { Core } from '@strapi/types';

/*
 * Messages, recipients and drafts are values of statements, and the query builder writes a statement with its values
 * into the message of the error when it fails; drivers add more (`detail` of PostgreSQL, `sql` of MySQL). Strapi logs
 * such errors, and other plugins send them elsewhere.
 */

interface Statement {
  sql: string;
  bindings: readonly unknown[];
}

/** Every table of the plugin, and of its content types, begins so. */
const OWN_TABLES = /\bmailboxes_/;
const MAX_SQL_LENGTH = 300;
const MASK = '…';
/** A shorter value is found in any text. */
const MIN_VALUE_LENGTH = 3;

/** Properties of drivers' errors that name things of the schema or of the driver, never values. */
const KEPT: ReadonlySet<string> = new Set([
  ...['name', 'message', 'stack', 'code', 'errno', 'sqlState', 'severity', 'fatal'],
  ...['schema', 'table', 'column', 'constraint', 'dataType', 'routine'],
]);

/** A line of a stack. */
const FRAME = /^\s+at .*(?::\d+|<anonymous>|native)\)?$/;

const valuesOf = ({ bindings }: Statement): string[] =>
  bindings.filter((value): value is string => typeof value === 'string' && value.length >= MIN_VALUE_LENGTH);

/** Is it a name of the schema or of a setting? Such a word would mean nothing as a value either. */
const isName = (word: string, { sql, bindings }: Statement): boolean =>
  /^\w+$/.test(word) && !bindings.includes(word) && (sql.includes(word) || /^[a-z]+(?:_[a-z0-9]+)+$/.test(word));

/** Not the apostrophe of "doesn't". */
const QUOTE = /(?<!\p{L})["'`]|["'`](?!\p{L})/u;

/**
 * A database quotes names and values alike, and a value may hold quotes: unless every quoted word is a name,
 * everything between the first and the last quote goes.
 */
const withoutQuoted = (text: string, statement: Statement): string => {
  const parts = text.split(QUOTE);
  const quoted = parts.filter((_, index) => index % 2 === 1);
  if (parts.length === 1 || (parts.length % 2 === 1 && quoted.every((word) => isName(word, statement)))) return text;
  const first = parts[0]?.length ?? 0;
  const last = text.length - (parts.at(-1)?.length ?? 0);
  return text.slice(0, first + 1) + MASK + text.slice(Math.max(last - 1, first + 1));
};

/** What the database said, without the values that it quotes. */
const masked = (text: string, statement: Statement): string =>
  valuesOf(statement).reduce(
    (rest, value) => (value.length > rest.length ? rest : rest.replaceAll(value, MASK)),
    withoutQuoted(text, statement)
  );

/**
 * What the database said: the query builder has put the statement and ` - ` in front of it. A value may hold that sign
 * as well, but stands before; words of the database that do are shortened.
 */
const saidIn = (error: Error): string => {
  const { message } = error;
  const { sqlMessage } = error as { sqlMessage?: unknown };
  return typeof sqlMessage === 'string' ? sqlMessage : message.slice(message.lastIndexOf(' - ') + ' - '.length);
};

/** The lines behind the message, which may have lines of its own. */
const framesOf = ({ message, stack = '' }: Error, said: string): string[] => {
  const header = [message, said].find((text) => text !== '' && stack.includes(text));
  const frames = header === undefined ? '' : stack.slice(stack.indexOf(header) + header.length);
  return frames.split('\n').filter((line) => FRAME.test(line));
};

/** Takes every value out of the error of a failed statement, in place: who branches on its code finds it. */
const strip = (error: Error, statement: Statement): void => {
  const said = saidIn(error);
  const frames = framesOf(error, said);
  const shown = masked(said, statement) || 'the database refused the statement';
  const { sql } = statement;
  error.message = `${sql.length > MAX_SQL_LENGTH ? `${sql.slice(0, MAX_SQL_LENGTH)}${MASK}` : sql} - ${shown}`;
  error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  for (const key of Reflect.ownKeys(error))
    if (typeof key !== 'string' || !KEPT.has(key)) Reflect.deleteProperty(error, key);
};

const isError = (error: unknown): error is Error => error instanceof Error;

/** Failed statements on tables of others. What code of this plugin makes of their errors is its own business. */
const foreign = new WeakMap<Error, Statement>();

/** Called once for each Strapi, before the first statement: from then on no error of a statement on a table of the plugin holds a value. */
export const stripFailedStatements = (strapi: Core.Strapi): void => {
  const knex = strapi.db.connection as unknown as EventEmitter;
  // It comes before whoever runs the statement hears of the error, in transactions as well.
  knex.on('query-error', (error: unknown, { sql, bindings }: { sql: string; bindings?: readonly unknown[] }) => {
    if (!isError(error)) return;
    const statement = { sql, bindings: bindings ?? [] };
    if (OWN_TABLES.test(sql)) strip(error, statement);
    else foreign.set(error, statement);
  });
};

/** The error without the values of a statement, on whatever table it was. */
export const withoutValues = (error: unknown): unknown => {
  const statement = isError(error) ? foreign.get(error) : undefined;
  if (isError(error) && statement) {
    strip(error, statement);
    foreign.delete(error);
  }
  return error;
};
