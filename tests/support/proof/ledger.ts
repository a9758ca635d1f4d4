import knex, { type Knex } from 'knex';
import { dialectOf, isContention, nowMs, type Queries } from '../../../server/src/database/dialect';
import { TABLES } from '../../../server/src/database/tables';
import type { RecipientState, SubmissionState } from '../../../server/src/domain/submission';
import type { TestDatabase } from '../database';

/** A submission to one recipient, as the database has it. */
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

/** The database beside the processes that work on it: read by nobody's service, and a hand that turns the clock. */
export interface Ledger {
  db: Knex;
  entries(): Promise<Entry[]>;
  entry(id: string): Promise<Entry>;
  /** Waits until the submission is as wanted. */
  until(id: string, wanted: (entry: Entry) => boolean): Promise<Entry>;
  /** How many submissions are not settled. */
  unsettled(): Promise<number>;
  /**
   * Lets the time pass that retries and circuits wait for: what is deferred is due, what rests by itself does no
   * longer. Nothing of the protocol is touched: no claim, no lease, no state.
   */
  hurry(): Promise<void>;
  /**
   * What a queue does that takes an expired lease for "not sent": everything in doubt goes out again. This is the
   * control: it must be caught doubling.
   */
  retryExpiredLeases(): Promise<number>;
  /** Locks the row as a transaction that does not end would; resolves once it is locked. @returns lets it go */
  lock(id: string): Promise<() => Promise<void>>;
  /** Does nobody keep others from writing? Only SQLite has a lock of everything. */
  isFree(): Promise<boolean>;
  close(): Promise<void>;
}

const CLIENTS: Record<string, string> = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' };

/** How often a state is looked for, and how long at the most: a bound for broken code, never a pause. */
const LOOK_MS = 50;
const WAIT_MS = 45_000;

/** SQLite gives up at once on a reader that wants to write while another does; so may a deadlock end. */
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
  const db = knex({ ...connection, client: CLIENTS[String(connection.client)] ?? '' } as Knex.Config);
  const clock = (queries: Knex) => nowMs(queries as unknown as Queries);

  /** One view of all tables, whoever writes meanwhile. */
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
      const trx = await db.transaction();
      if (dialectOf(db as unknown as Queries) === 'sqlite')
        // SQLite knows no lock of a row: whoever writes keeps every other writer waiting.
        await trx(TABLES.submissions)
          .where({ id })
          .update({ claims: trx.ref('claims') as never });
      else await trx(TABLES.submissions).where({ id }).forUpdate().select('id');
      return async () => void (await trx.rollback());
    },
    isFree: async () => {
      if (dialectOf(db as unknown as Queries) !== 'sqlite') return true;
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
