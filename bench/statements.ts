import type { Core } from '@strapi/types';
import { isControl, onStatement, shapeOf } from '../tests/support/statements';

/** Statements as counted by knex. */
export interface Statements {
  statements: number;
  /** Durable ones: transactions that wrote, and writes outside of one. Each waits for the disk. */
  commits: number;
  /** Frequency by text: shows where a change saves or adds statements. */
  byText: ReadonlyMap<string, number>;
}

const WRITE = /^\s*(insert|update|delete|replace|with\b.*\b(insert|update|delete)\b)/is;

/** Starts counting. @returns a function that ends it and returns the counts */
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
