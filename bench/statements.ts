import type { Core } from '@strapi/types';
import { isControl, onStatement, shapeOf } from '../tests/support/statements';

/** What the database was asked, as knex saw it. */
export interface Statements {
  statements: number;
  /** Durable ones: transactions that wrote, and writes outside of one. Each is what the disk is waited for. */
  commits: number;
  /** By their text, with how often: what a change saves or costs. */
  byText: ReadonlyMap<string, number>;
}

const WRITE = /^\s*(insert|update|delete|replace|with\b.*\b(insert|update|delete)\b)/is;

/** Counts from now on. @returns what was counted; counting ends there */
export const countStatements = (strapi: Core.Strapi): (() => Statements) => {
  let statements = 0;
  let commits = 0;
  const byText = new Map<string, number>();
  const wrote = new Set<string>();

  const stop = onStatement(strapi, ({ sql, transaction }) => {
    if (isControl({ sql })) {
      if (/^\s*commit/i.test(sql) && transaction && wrote.delete(transaction)) commits += 1;
      if (/^\s*rollback/i.test(sql) && transaction) wrote.delete(transaction);
      return;
    }
    statements += 1;
    const text = shapeOf(sql);
    byText.set(text, (byText.get(text) ?? 0) + 1);
    if (!WRITE.test(sql)) return;
    if (transaction) wrote.add(transaction);
    else commits += 1;
  });
  return () => {
    stop();
    return { statements, commits, byText };
  };
};
