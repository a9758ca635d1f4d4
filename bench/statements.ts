import type { Core } from '@strapi/types';

/** What the database was asked, as knex saw it. */
export interface Statements {
  statements: number;
  /** Durable ones: transactions that wrote, and writes outside of one. Each is what the disk is waited for. */
  commits: number;
  /** By their text, with how often: what a change saves or costs. */
  byText: ReadonlyMap<string, number>;
}

interface Query {
  sql: string;
  __knexTxId?: string;
}

const WRITE = /^\s*(insert|update|delete|replace|with\b.*\b(insert|update|delete)\b)/is;
const TRANSACTION = /^\s*(begin|commit|rollback|start transaction|savepoint|release|set transaction)/i;

/** One text for one statement, however many rows it was for. */
const sameText = (sql: string): string =>
  sql
    .replace(/\s+/g, ' ')
    .replace(/\$\d+/g, '?')
    .replace(/(\?, )+\?/g, '?…')
    .replace(/(WHEN \? THEN \? )+/g, 'WHEN … ')
    .replace(/(\(\?…\), )+\(\?…\)/g, '(?…)')
    .replace(/\(\?\)/g, '(?…)');

/** Counts from now on. @returns what was counted; counting ends there */
export const countStatements = (strapi: Core.Strapi): (() => Statements) => {
  let statements = 0;
  let commits = 0;
  const byText = new Map<string, number>();
  const wrote = new Set<string>();

  const onQuery = ({ sql, __knexTxId: transaction }: Query): void => {
    if (TRANSACTION.test(sql)) {
      if (/^\s*commit/i.test(sql) && transaction && wrote.delete(transaction)) commits += 1;
      if (/^\s*rollback/i.test(sql) && transaction) wrote.delete(transaction);
      return;
    }
    statements += 1;
    const text = sameText(sql);
    byText.set(text, (byText.get(text) ?? 0) + 1);
    if (!WRITE.test(sql)) return;
    if (transaction) wrote.add(transaction);
    else commits += 1;
  };
  const knex = strapi.db.connection as unknown as NodeJS.EventEmitter;
  knex.on('query', onQuery);
  return () => {
    knex.off('query', onQuery);
    return { statements, commits, byText };
  };
};
