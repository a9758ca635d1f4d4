import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/types';
import { dialectOf, isContention, type Queries } from './dialect';

const RETRY_FOR_MS = 5_000;

/** The transaction of a caller of our services, which they take part in. */
const joined = new AsyncLocalStorage<Queries>();

/** Does the work take part in the transaction of a caller? */
export const isJoined = (): boolean => joined.getStore() !== undefined;

/** Where to query: the caller's transaction, or the connection. On SQLite a second connection would wait for ever. */
export const connectionOf = (strapi: Core.Strapi): Queries => joined.getStore() ?? strapi.db.connection;

/**
 * Runs `work` in one transaction, again on contention for up to 5 s. `work` must only write to the database.
 * Strapi's query engine inside `work` takes part in the same transaction.
 */
export const inTransaction = async <T>(strapi: Core.Strapi, work: (trx: Queries) => Promise<T>): Promise<T> => {
  const until = Date.now() + RETRY_FOR_MS;
  const nested = strapi.db.inTransaction();
  for (let attempt = 1; ; attempt += 1) {
    try {
      let committed: Promise<unknown> | undefined;
      const result = await strapi.db.transaction(async ({ trx }) => {
        const value = await work(trx as Queries);
        committed = (trx as unknown as { executionPromise: Promise<unknown> }).executionPromise;
        committed.catch(() => undefined);
        return value;
      });
      // Strapi does not hear of a COMMIT that fails: without this, what was never written would count as done.
      if (!nested) await committed;
      return result;
    } catch (error) {
      if (nested || !isContention(error) || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(10 * 2 ** attempt, 250) * (0.5 + Math.random())));
    }
  }
};

/** Runs `then` once what was written is durable: at once, or at the commit of the caller's transaction. */
export const afterCommit = async (strapi: Core.Strapi, then: () => void | Promise<void>): Promise<void> => {
  if (!strapi.db.inTransaction()) return then();
  await strapi.db.transaction(async ({ onCommit }) => {
    (onCommit as (callback: () => void | Promise<void>) => void)(then);
  });
};

/**
 * For work that must not vanish with its caller's transaction, nor wait for it: it gets a connection of its own. SQLite
 * has one only; there it takes part.
 *
 * @returns runs work so; made once, outside of every transaction
 */
export const createApart = (strapi: Core.Strapi) => {
  const outside = AsyncLocalStorage.snapshot();
  return <T>(work: () => Promise<T>): Promise<T> => {
    if (!strapi.db.inTransaction() || isJoined()) return work();
    return dialectOf(strapi.db.connection) === 'sqlite'
      ? (strapi.db.transaction(({ trx }) => joined.run(trx as Queries, work)) as Promise<T>)
      : outside(work);
  };
};

type Methods = Record<string, unknown>;

/** Lets every method of a service take part in the transaction in which it is called. */
export const joining = <S extends Methods>(strapi: Core.Strapi, service: S): S =>
  Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      if (typeof method !== 'function') return [name, method];
      const call = method as (...args: unknown[]) => unknown;
      return [
        name,
        (...args: unknown[]) =>
          strapi.db.inTransaction() && !joined.getStore()
            ? strapi.db.transaction(({ trx }) => joined.run(trx as Queries, async () => call(...args)))
            : call(...args),
      ];
    })
  ) as S;
