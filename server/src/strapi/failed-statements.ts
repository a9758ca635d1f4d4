import type { EventEmitter } from 'node:events';
import type { Core } from '@strapi/types';

/*
 * Removes values from the errors of failed statements. knex writes a failed statement with its values (messages,
 * recipients, drafts) into the error's message; drivers add more (`detail` of PostgreSQL, `sql` of MySQL). Strapi logs such
 * errors, and other plugins send them to other systems.
 */

interface Statement {
  sql: string;
  bindings: readonly unknown[];
}

/** Prefix of every table of the plugin and its content types. */
const OWN_TABLES = /\bmailboxes_/;
const MAX_SQL_LENGTH = 300;
const MASK = '…';
/** Shorter values occur in any text. */
const MIN_VALUE_LENGTH = 3;

/** Properties of drivers' errors that contain no values. */
const KEPT: ReadonlySet<string> = new Set([
  ...['name', 'message', 'stack', 'code', 'errno', 'sqlState', 'severity', 'fatal'],
  ...['schema', 'table', 'column', 'constraint', 'dataType', 'routine'],
]);

/** A line of a stack trace. */
const FRAME = /^\s+at .*(?::\d+|<anonymous>|native)\)?$/;

const valuesOf = ({ bindings }: Statement): string[] =>
  bindings.filter((value): value is string => typeof value === 'string' && value.length >= MIN_VALUE_LENGTH);

/** Tests for a name of the schema or of a setting, which reveals nothing as a value either. */
const isName = (word: string, { sql, bindings }: Statement): boolean =>
  /^\w+$/.test(word) && !bindings.includes(word) && (sql.includes(word) || /^[a-z]+(?:_[a-z0-9]+)+$/.test(word));

/** Excludes the apostrophe of "doesn't". */
const QUOTE = /(?<!\p{L})["'`]|["'`](?!\p{L})/u;

/**
 * Masks the text from the first to the last quote unless every quoted word is a name: databases quote names and values
 * alike, and a value may contain quotes.
 */
const withoutQuoted = (text: string, statement: Statement): string => {
  const parts = text.split(QUOTE);
  const quoted = parts.filter((_, index) => index % 2 === 1);
  if (parts.length === 1 || (parts.length % 2 === 1 && quoted.every((word) => isName(word, statement)))) return text;
  const first = parts[0]?.length ?? 0;
  const last = text.length - (parts.at(-1)?.length ?? 0);
  return text.slice(0, first + 1) + MASK + text.slice(Math.max(last - 1, first + 1));
};

/** Masks values in the database's message. */
const masked = (text: string, statement: Statement): string =>
  valuesOf(statement).reduce(
    (rest, value) => (value.length > rest.length ? rest : rest.replaceAll(value, MASK)),
    withoutQuoted(text, statement)
  );

/**
 * Returns the database's message, before which knex puts the statement and ` - `. Values with ` - ` precede it; a message
 * with ` - ` is shortened.
 */
const databaseMessageOf = (error: Error): string => {
  const { message } = error;
  const { sqlMessage } = error as { sqlMessage?: unknown };
  return typeof sqlMessage === 'string' ? sqlMessage : message.slice(message.lastIndexOf(' - ') + ' - '.length);
};

/** Returns the lines of the stack trace after the message, which may have several lines. */
const framesOf = ({ message, stack = '' }: Error, databaseMessage: string): string[] => {
  const header = [message, databaseMessage].find((text) => text !== '' && stack.includes(text));
  const frames = header === undefined ? '' : stack.slice(stack.indexOf(header) + header.length);
  return frames.split('\n').filter((line) => FRAME.test(line));
};

/** Cuts a long statement, but names every table: one statement writes several. */
const shortened = (sql: string): string => {
  if (sql.length <= MAX_SQL_LENGTH) return sql;
  const start = sql.slice(0, MAX_SQL_LENGTH);
  const others = new Set(
    sql
      .slice(MAX_SQL_LENGTH)
      .match(/\bmailboxes_\w+/g)
      ?.filter((name) => !start.includes(name))
  );
  return [`${start}${MASK}`, ...others].join(' ');
};

/** Removes every value from the error of a failed statement, in place. Error codes are kept. */
const strip = (error: Error, statement: Statement): void => {
  const message = databaseMessageOf(error);
  const frames = framesOf(error, message);
  const shown = masked(message, statement) || 'the database refused the statement';
  const { sql } = statement;
  error.message = `${shortened(sql)} - ${shown}`;
  error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  for (const key of Reflect.ownKeys(error))
    if (typeof key !== 'string' || !KEPT.has(key)) Reflect.deleteProperty(error, key);
};

const isError = (error: unknown): error is Error => error instanceof Error;

/** Failed statements on other tables. Only `withoutValues` strips their errors. */
const foreign = new WeakMap<Error, Statement>();

/** Strips the errors of all statements on tables of the plugin. Call it once per Strapi, before the first statement. */
export const stripFailedStatements = (strapi: Core.Strapi): void => {
  const knex = strapi.db.connection as unknown as EventEmitter;
  // Emitted before the query rejects, in transactions as well.
  knex.on('query-error', (error: unknown, { sql, bindings }: { sql: string; bindings?: readonly unknown[] }) => {
    if (!isError(error)) return;
    const statement = { sql, bindings: bindings ?? [] };
    if (OWN_TABLES.test(sql)) strip(error, statement);
    else foreign.set(error, statement);
  });
};

/** Strips the error of a failed statement on any table. */
export const withoutValues = (error: unknown): unknown => {
  const statement = isError(error) ? foreign.get(error) : undefined;
  if (isError(error) && statement) {
    strip(error, statement);
    foreign.delete(error);
  }
  return error;
};
