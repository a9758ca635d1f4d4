import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/types';
import { dialectOf, isContention, type Queries } from './dialect';

/** Upper bound of the retries after contention. */
const RETRY_FOR_MS = 5_000;

/** The transaction of the caller, which the services join. */
const joined = new AsyncLocalStorage<Queries>();

const runDetached = AsyncLocalStorage.snapshot();

/** Tests whether the transaction has completed: its caller did not wait for the work. */
const isOver = (trx: Queries | undefined): boolean =>
  (trx as { isCompleted?(): boolean } | undefined)?.isCompleted?.() ?? false;

const joinedTransaction = (): Queries | undefined => {
  const trx = joined.getStore();
  return isOver(trx) ? undefined : trx;
};

/** Tests whether the work has joined its caller's transaction. */
export const isJoined = (): boolean => joinedTransaction() !== undefined;

/** Returns the caller's transaction, or the connection. On SQLite a second connection would wait forever. */
export const connectionOf = (strapi: Core.Strapi): Queries => joinedTransaction() ?? strapi.db.connection;

/**
 * Runs `work` in one transaction, and retries it on contention for up to 5 s. `work` must have no side effects outside
 * the database. Strapi's query engine joins the transaction.
 */
export const inTransaction = async <T>(strapi: Core.Strapi, work: (trx: Queries) => Promise<T>): Promise<T> => {
  if (isOver(joined.getStore())) return runDetached(() => inTransaction(strapi, work));
  const nested = strapi.db.inTransaction();
  const once = async (): Promise<T> => {
    let committed: Promise<unknown> | undefined;
    const result = await strapi.db.transaction(async ({ trx }) => {
      const value = await work(trx as Queries);
      committed = (trx as unknown as { executionPromise: Promise<unknown> }).executionPromise;
      committed.catch(() => undefined);
      return value;
    });
    // Strapi ignores the error of a failed COMMIT: without this line, unwritten rows would count as written.
    if (!nested) await committed;
    return result;
  };
  return nested ? once() : retryingContention(once);
};

/** Runs one statement, which is a transaction of its own outside of the caller's; retried as `inTransaction`. */
export const inStatement = <T>(strapi: Core.Strapi, work: (queries: Queries) => Promise<T>): Promise<T> => {
  const queries = connectionOf(strapi);
  return queries.isTransaction ? work(queries) : retryingContention(() => work(queries));
};

const retryingContention = async <T>(work: () => Promise<T>): Promise<T> => {
  const until = Date.now() + RETRY_FOR_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isContention(error) || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(10 * 2 ** attempt, 250) * (0.5 + Math.random())));
    }
  }
};

/** Runs `then` after the commit of the caller's transaction, or immediately without one. */
export const afterCommit = async (strapi: Core.Strapi, then: () => void | Promise<void>): Promise<void> => {
  if (!strapi.db.inTransaction()) return then();
  await strapi.db.transaction(async ({ onCommit }) => {
    (onCommit as (callback: () => void | Promise<void>) => void)(then);
  });
};

/** knex's error for a query on a completed transaction. */
const ENDED = /^Transaction query already complete/;

/** Reruns `work` outside the caller's transaction if that has completed already. */
const withoutCallerTransaction = async <T>(inside: () => Promise<T>, work: () => Promise<T>): Promise<T> => {
  try {
    return await inside();
  } catch (error) {
    if (!(error instanceof Error) || !ENDED.test(error.message)) throw error;
    return runDetached(work);
  }
};

/**
 * Creates a function that runs work on a connection of its own, so that it neither is rolled back with the caller's
 * transaction nor waits for it. On SQLite, which has one connection, the work joins the transaction.
 */
export const createDetachedRunner =
  (strapi: Core.Strapi) =>
  <T>(work: () => Promise<T>): Promise<T> => {
    if (!strapi.db.inTransaction() || isJoined()) return work();
    if (dialectOf(strapi.db.connection) !== 'sqlite') return runDetached(work);
    return withoutCallerTransaction(
      () => strapi.db.transaction(({ trx }) => joined.run(trx as Queries, work)) as Promise<T>,
      work
    );
  };

type Methods = Record<string, unknown>;

/** Wraps every method of a service so that it joins the transaction in which it is called. */
export const joining = <S extends Methods>(strapi: Core.Strapi, service: S): S =>
  Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      if (typeof method !== 'function') return [name, method];
      const call = method as (...args: unknown[]) => unknown;
      return [
        name,
        (...args: unknown[]) =>
          strapi.db.inTransaction() && !isJoined()
            ? strapi.db.transaction(({ trx }) => joined.run(trx as Queries, async () => call(...args)))
            : call(...args),
      ];
    })
  ) as S;
