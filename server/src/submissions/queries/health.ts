import type { PauseCode } from '../../domain/mailbox';
import { LATE_MS } from '../../domain/retry';
import { SYSTEM_TRANSPORT } from '../../domain/lane';
import { iso } from '../../contracts/instant';
import { int, nowPlusMs, readNow, type Queries } from '../../database/dialect';
import { CONTENT_TABLES, TABLES } from '../../database/tables';
import type { MailboxRef, SecretStore } from '../../secrets/store';

/** Counts submissions; every accepted one is in exactly one of the five fields that follow `accepted`. */
export interface Health {
  accepted: number;
  submitted: number;
  failed: number;
  uncertain: number;
  canceled: number;
  /** Held, queued or submitting. */
  waiting: number;
  /** Age of the oldest due one; null: none is due. */
  oldestWaitingSeconds: number | null;
  /** Due for more than 30 minutes. */
  late: number;
  failedLastDay: number;
  paused: { id: string; email: string | null; code: PauseCode; message: string; at: string }[];
  /** Mailboxes with a stored password that no configured key decrypts. */
  unreadable: MailboxRef[];
  /** True if an administrator has to act. */
  attention: boolean;
}

const DAY_MS = 24 * 3_600_000;

interface StateRow {
  state: string;
  n: unknown;
  late: unknown;
  recent: unknown;
  oldest: unknown;
}

interface PauseRow {
  id: string;
  email: string | null;
  paused_code: PauseCode;
  paused_message: string | null;
  paused_at: unknown;
}

export interface HealthDependencies {
  db: () => Queries;
  unreadable: SecretStore['unreadable'];
}

export const createHealth = ({ db, unreadable }: HealthDependencies) => {
  async function report(): Promise<Health> {
    const counts = await countSubmissions(await readNow(db()));
    const paused = await readPaused();
    const unreadablePasswords = await unreadable(db());
    const problems = counts.uncertain + counts.failedLastDay + counts.late + paused.length + unreadablePasswords.length;
    return { ...counts, paused, unreadable: unreadablePasswords, attention: problems > 0 };
  }

  /** One statement, so that the sum stays exact while the outbox changes. */
  async function countSubmissions(now: number) {
    const count = (condition: string, bindings: unknown[], name: string) =>
      db().raw(`SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS ??`, [...bindings, name] as string[]);
    const rows: StateRow[] = await db()(TABLES.submissions)
      .groupBy('state')
      .select(
        'state',
        count('?? < ?', ['due_at', nowPlusMs(db(), -LATE_MS)], 'late'),
        count('?? > ?', ['settled_at', nowPlusMs(db(), -DAY_MS)], 'recent'),
        db().raw('MIN(??) AS ??', ['due_at', 'oldest'])
      )
      .count({ n: '*' });
    const among = (...states: string[]) => rows.filter(({ state }) => states.includes(state));
    const sum = (column: 'n' | 'late' | 'recent', ...states: string[]): number =>
      among(...states).reduce((total, row) => total + Number(row[column]), 0);
    const waiting = ['held', 'queued', 'submitting'];
    const due = among(...waiting).flatMap(({ oldest }) => int(oldest) ?? []);
    const oldest = due.length > 0 ? Math.min(...due) : null;
    return {
      accepted: rows.reduce((total, { n }) => total + Number(n), 0),
      submitted: sum('n', 'submitted'),
      failed: sum('n', 'failed'),
      uncertain: sum('n', 'uncertain'),
      canceled: sum('n', 'canceled'),
      waiting: sum('n', ...waiting),
      oldestWaitingSeconds: oldest !== null && oldest <= now ? Math.floor((now - oldest) / 1000) : null,
      late: sum('late', ...waiting),
      failedLastDay: sum('recent', 'failed'),
    };
  }

  async function readPaused(): Promise<Health['paused']> {
    const rows: PauseRow[] = await db()(`${TABLES.transports} as t`)
      .leftJoin(`${CONTENT_TABLES.mailboxes} as m`, 'm.document_id', 't.id')
      .whereNotNull('t.paused_code')
      // The transport of a deleted mailbox is unused.
      .andWhere((where) => {
        where.whereNotNull('m.email').orWhere('t.id', SYSTEM_TRANSPORT);
      })
      .orderBy('t.id')
      .select('t.id', 'm.email', 't.paused_code', 't.paused_message', 't.paused_at');
    return rows.map((row) => ({
      id: row.id,
      email: row.email,
      code: row.paused_code,
      message: row.paused_message ?? '',
      at: iso(int(row.paused_at) ?? 0),
    }));
  }

  return { report };
};

export type HealthService = ReturnType<typeof createHealth>;
