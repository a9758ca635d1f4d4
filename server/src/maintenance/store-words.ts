import type { Core } from '@strapi/types';
import type { Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import { insertWords } from '../outbox/words';

export interface StoreWordsDependencies {
  strapi: Core.Strapi;
  onError: (what: string, error: unknown) => void;
}

/** Few, because SQLite blocks the event loop while it writes them. */
const BATCH = 100;
/** A process of the release before stores no words. */
const CHECK_EVERY_MS = 10 * 60_000;

interface Row {
  id: string;
  tenant: string;
  subject: string;
  created_at: unknown;
}

const withoutWords = (queries: Queries) => queries(`${TABLES.submissions} as s`).whereNull('s.searchable');

const isAnyLeft = async (queries: Queries): Promise<boolean> =>
  (await withoutWords(queries).limit(1).select('s.id')).length > 0;

/**
 * Stores the words of submissions that have none. Safe in several processes at the same time.
 *
 * @returns number of submissions
 */
export const storeWords = (strapi: Core.Strapi): Promise<number> =>
  inTransaction(strapi, async (trx) => {
    const rows: Row[] = await withoutWords(trx)
      .join(`${TABLES.messages} as m`, 'm.id', 's.message')
      .limit(BATCH)
      .select('s.id', 's.tenant', 's.created_at', 'm.subject');
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id).sort();
    await trx(TABLES.submissions).whereIn('id', ids).update({ searchable: true });
    const recipients: { submission: string; email: string; name: string | null }[] = await trx(TABLES.recipients)
      .whereIn('submission', ids)
      .select('submission', 'email', 'name');
    await insertWords(
      trx,
      rows.map((row) => ({
        ...row,
        createdAt: Number(row.created_at),
        recipients: recipients.filter(({ submission }) => submission === row.id),
      }))
    );
    return rows.length;
  });

/** Stores missing words in the background: after an upgrade, a million submissions take minutes. */
export const createWordStorage = ({ strapi, onError }: StoreWordsDependencies) => {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const after = (ms: number, work: () => Promise<void>): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      running = work().catch((error: unknown) => {
        onError('words of submissions could not be stored', error);
        after(CHECK_EVERY_MS, check);
      });
    }, ms).unref();
  };

  const check = async (): Promise<void> => {
    if (await isAnyLeft(connectionOf(strapi))) after(0, store);
    else after(CHECK_EVERY_MS, check);
  };

  const store = async (): Promise<void> => {
    const startedAt = performance.now();
    const stored = await storeWords(strapi);
    // Half of the time is left to requests and to delivery.
    if (stored > 0) after(performance.now() - startedAt, store);
    else after(CHECK_EVERY_MS, check);
  };

  return {
    start: check,
    stop: (): Promise<void> => {
      isStopped = true;
      clearTimeout(timer);
      return running;
    },
  };
};
