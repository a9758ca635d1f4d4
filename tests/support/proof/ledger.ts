import knex, { type Knex } from 'knex';
import { isContention, nowMs, type Queries } from '../../../server/src/database/dialect';
import { TABLES } from '../../../server/src/database/tables';
import type { RecipientState, SubmissionState } from '../../../server/src/domain/submission';
import type { TestDatabase } from '../database';

/** A submission to one recipient, as stored in the database. */
export interface Entry {
  id: string;
  state: SubmissionState;
  phase: string | null;
  claims: number;
  attempts: number;
  errorCode: string | null;
  email: string;
  recipientState: RecipientState;
  history: { claim: number; transmitting: boolean; result: string | null; reply: string | null; late: boolean }[];
}

/** Direct access to the database of the running processes: reads without the plugin's services, shifts due times. */
export interface Ledger {
  db: Knex;
  entries(): Promise<Entry[]>;
  entry(id: string): Promise<Entry>;
  /** Waits until the submission satisfies the condition. */
  until(id: string, wanted: (entry: Entry) => boolean): Promise<Entry>;
  /** Number of submissions that are not settled. */
  unsettled(): Promise<number>;
  /**
   * Skips the waits of retries and circuits: deferred submissions become due, unreachable transports available. Changes
   * nothing of the protocol: no claim, no lease, no state.
   */
  hurry(): Promise<void>;
  /**
   * Acts like a queue that treats an expired lease as "not sent": resends every uncertain submission. This is the
   * control: the proof must detect its duplicates.
   */
  retryExpiredLeases(): Promise<number>;
  /** Locks the row like a transaction that does not end; resolves once it is locked. @returns the unlock function */
  lock(id: string): Promise<() => Promise<void>>;
  /** Whether no connection blocks other writers. Only SQLite locks the whole database. */
  isFree(): Promise<boolean>;
  close(): Promise<void>;
}

const CLIENTS: Record<string, string> = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' };

/** Interval and time limit of polling for a state: a bound for broken code, never a pause. */
const LOOK_MS = 50;
const WAIT_MS = 45_000;

/** Retries: SQLite fails at once when a reader starts to write beside another writer, as deadlocks may elsewhere. */
const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const giveUpAt = Date.now() + WAIT_MS; ;) {
    try {
      return await work();
    } catch (error) {
      if (!isContention(error) || Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
};

type Row = Record<string, unknown>;

export const openLedger = ({ connection }: TestDatabase): Ledger => {
  const config = { ...connection, client: CLIENTS[String(connection.client)] ?? '' } as Knex.Config;
  const db = knex(config);
  const isSqlite = connection.client === 'sqlite';
  const clock = (queries: Knex) => nowMs(queries as unknown as Queries);

  /** Consistent view of all tables during concurrent writes. */
  const snapshot = <T>(work: (trx: Knex) => Promise<T>): Promise<T> =>
    patiently(() =>
      db.transaction(
        (trx) => work(trx as unknown as Knex),
        connection.client === 'sqlite' ? {} : { isolationLevel: 'repeatable read' }
      )
    );

  const rows = (ids?: readonly string[]) =>
    snapshot(async (trx) => {
      const only = (table: string, column: string): Knex.QueryBuilder =>
        ids ? trx(table).whereIn(column, [...ids]) : trx(table);
      const submissions = (await only(TABLES.submissions, 'id').select('*')) as Row[];
      const recipients = (await only(TABLES.recipients, 'submission').select('*')) as Row[];
      const attempts = (await only(TABLES.attempts, 'submission').orderBy('claim').select('*')) as Row[];
      return { submissions, recipients, attempts };
    });

  const read = async (ids?: readonly string[]): Promise<Entry[]> => {
    const { submissions, recipients, attempts } = await rows(ids);
    const bySubmission = (rows: Row[]): Map<unknown, Row[]> => {
      const map = new Map<unknown, Row[]>();
      for (const row of rows) map.set(row.submission, [...(map.get(row.submission) ?? []), row]);
      return map;
    };
    const recipientsOf = bySubmission(recipients);
    const attemptsOf = bySubmission(attempts);
    return submissions.map((row) => {
      const [recipient] = recipientsOf.get(row.id) ?? [];
      return {
        id: String(row.id),
        state: row.state as SubmissionState,
        phase: row.phase as string | null,
        claims: Number(row.claims),
        attempts: Number(row.attempts),
        errorCode: row.error_code as string | null,
        email: String(recipient?.email),
        recipientState: recipient?.state as RecipientState,
        history: (attemptsOf.get(row.id) ?? []).map((attempt) => ({
          claim: Number(attempt.claim),
          transmitting: attempt.transmitting_at !== null,
          result: attempt.result as string | null,
          reply: attempt.reply as string | null,
          late: Boolean(Number(attempt.late)),
        })),
      };
    });
  };

  const entry = async (id: string): Promise<Entry> => {
    const [found] = await read([id]);
    if (!found) throw new Error(`submission ${id} is gone`);
    return found;
  };

  return {
    db,
    entries: () => read(),
    entry,
    until: async (id, wanted) => {
      for (const giveUpAt = Date.now() + WAIT_MS; ;) {
        const found = await entry(id);
        if (wanted(found)) return found;
        if (Date.now() > giveUpAt) throw new Error(`it is ${JSON.stringify(found)}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
    unsettled: () =>
      patiently(async () => {
        const [row] = (await db(TABLES.submissions)
          .whereIn('state', ['held', 'queued', 'submitting'])
          .count({ n: '*' })) as { n: unknown }[];
        return Number(row?.n);
      }),
    hurry: () =>
      patiently(async () => {
        await db(TABLES.submissions)
          .where('state', 'queued')
          .andWhere('next_attempt_at', '>', clock(db))
          .update({ next_attempt_at: clock(db) });
        await db(TABLES.transports)
          .whereNotNull('circuit_until')
          .update({ circuit_until: clock(db), unreachable: 0 });
      }),
    retryExpiredLeases: () =>
      patiently(() =>
        db.transaction(async (trx) => {
          const doubtful: { id: string }[] = await trx(TABLES.submissions)
            .where('state', 'uncertain')
            .orWhere((expired) => {
              void expired
                .where({ state: 'submitting', phase: 'transmitting' })
                .andWhere('lease_until', '<', clock(trx as unknown as Knex));
            })
            .select('id');
          const ids = doubtful.map(({ id }) => id);
          if (ids.length === 0) return 0;
          await trx(TABLES.recipients)
            .whereIn('submission', ids)
            .andWhere('state', 'uncertain')
            .update({ state: 'pending' });
          return trx(TABLES.submissions)
            .whereIn('id', ids)
            .update<number>({
              state: 'queued',
              phase: null,
              lease_token: null,
              lease_until: null,
              settled_at: null,
              error_code: null,
              next_attempt_at: clock(trx as unknown as Knex),
            });
        })
      ),
    lock: async (id) => {
      if (isSqlite) {
        // SQLite has no row lock. Without the exclusive one, a process could read, be stopped and block every writer.
        const locker = knex(config);
        await patiently(() => locker.raw('BEGIN EXCLUSIVE'));
        return () => locker.destroy();
      }
      const trx = await db.transaction();
      await trx(TABLES.submissions).where({ id }).forUpdate().select('id');
      return async () => void (await trx.rollback());
    },
    isFree: async () => {
      if (!isSqlite) return true;
      try {
        await db.raw('PRAGMA busy_timeout = 100');
        await db.raw('BEGIN EXCLUSIVE');
        await db.raw('ROLLBACK');
        return true;
      } catch (error) {
        if (isContention(error)) return false;
        throw error;
      } finally {
        await db.raw('PRAGMA busy_timeout = 5000');
      }
    },
    close: () => db.destroy(),
  };
};
