import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/types';
import { dialectOf, isContention, type Queries } from './dialect';

const RETRY_FOR_MS = 5_000;

/** The transaction of a caller of our services, which they take part in. */
const joined = new AsyncLocalStorage<Queries>();

const outside = AsyncLocalStorage.snapshot();

/** Has the caller not waited, so that its transaction ended meanwhile? */
const isOver = (trx: Queries | undefined): boolean =>
  (trx as { isCompleted?(): boolean } | undefined)?.isCompleted?.() ?? false;

const joinedTransaction = (): Queries | undefined => {
  const trx = joined.getStore();
  return isOver(trx) ? undefined : trx;
};

/** Does the work take part in the transaction of a caller? */
export const isJoined = (): boolean => joinedTransaction() !== undefined;

/** Where to query: the caller's transaction, or the connection. On SQLite a second connection would wait for ever. */
export const connectionOf = (strapi: Core.Strapi): Queries => joinedTransaction() ?? strapi.db.connection;

/**
 * Runs `work` in one transaction, again on contention for up to 5 s. `work` must only write to the database.
 * Strapi's query engine inside `work` takes part in the same transaction.
 */
export const inTransaction = async <T>(strapi: Core.Strapi, work: (trx: Queries) => Promise<T>): Promise<T> => {
  if (isOver(joined.getStore())) return outside(() => inTransaction(strapi, work));
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

/** What knex says of a statement for a transaction that has ended. */
const ENDED = /^Transaction query already complete/;

/** Once more outside, where the caller did not wait and its transaction ended under the work. */
const orOutside = async <T>(inside: () => Promise<T>, work: () => Promise<T>): Promise<T> => {
  try {
    return await inside();
  } catch (error) {
    if (!(error instanceof Error) || !ENDED.test(error.message)) throw error;
    return outside(work);
  }
};

/**
 * For work that must not vanish with its caller's transaction, nor wait for it: it gets a connection of its own. SQLite
 * has one only; there it takes part.
 *
 * @returns runs work so
 */
export const createApart =
  (strapi: Core.Strapi) =>
  <T>(work: () => Promise<T>): Promise<T> => {
    if (!strapi.db.inTransaction() || isJoined()) return work();
    if (dialectOf(strapi.db.connection) !== 'sqlite') return outside(work);
    return orOutside(() => strapi.db.transaction(({ trx }) => joined.run(trx as Queries, work)) as Promise<T>, work);
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
          strapi.db.inTransaction() && !isJoined()
            ? strapi.db.transaction(({ trx }) => joined.run(trx as Queries, async () => call(...args)))
            : call(...args),
      ];
    })
  ) as S;
