import type { Pause } from '../domain/mailbox';
import type { Mark } from '../domain/outcome';
import { CIRCUIT_MS, isProbing, judge, type Streaks } from '../domain/retry';
import { int, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

/** The system mailbox's row among the transports; every other id is a mailbox's documentId. */

const FRESH = {
  paused_code: null,
  paused_message: null,
  paused_at: null,
  circuit_until: null,
  unreachable: 0,
  host_unknown: 0,
  sender_rejected: 0,
};

/** Why a transport rests, and since when (milliseconds since the epoch); null: it does not. */
export const readPause = async (queries: Queries, id: string): Promise<(Pause & { at: number }) | null> => {
  const [row]: { paused_code: Pause['code'] | null; paused_message: string | null; paused_at: unknown }[] =
    await queries(TABLES.transports).where({ id }).select('paused_code', 'paused_message', 'paused_at');
  if (!row?.paused_code) return null;
  return { code: row.paused_code, message: row.paused_message ?? '', at: int(row.paused_at) ?? 0 };
};

/** The transports that are paused for one of these reasons. */
export const pausedFor = async (queries: Queries, codes: readonly Pause['code'][]): Promise<{ id: string }[]> =>
  (await queries(TABLES.transports)
    .whereIn('paused_code', [...codes])
    .orderBy('id')
    .select('id')) as { id: string }[];

const pausedSince = async (trx: Queries, id: string): Promise<{ at: number; circuit: boolean } | null> => {
  const [row]: { paused_code: string | null; paused_at: unknown; circuit_until: unknown }[] = await trx(
    TABLES.transports
  )
    .where({ id })
    .forUpdate()
    .select('paused_code', 'paused_at', 'circuit_until');
  return row?.paused_code ? { at: int(row.paused_at) ?? 0, circuit: row.circuit_until !== null } : null;
};

/**
 * Lets a transport rest until a person acts. The newest reason is told; the rest has begun with the first.
 *
 * @returns false where it rested for this reason already
 */
export const pauseTransport = async (queries: Queries, id: string, { code, message }: Pause): Promise<boolean> => {
  const before = await readPause(queries, id);
  if (before?.code === code) return false;
  const values = { ...FRESH, paused_code: code, paused_message: message };
  await queries(TABLES.transports)
    .insert({ id, ...values, paused_at: nowMs(queries) })
    .onConflict('id')
    .merge(before && before.code !== 'UNREACHABLE' ? values : { ...values, paused_at: nowMs(queries) });
  return true;
};

/**
 * Lets a transport go on. What waited for it has not aged meanwhile (delivery §4).
 *
 * @param trx a transaction
 * @returns whether it rested
 */
export const resumeTransport = async (trx: Queries, id: string): Promise<boolean> => {
  const rested = await pausedSince(trx, id);
  await trx(TABLES.transports).where({ id }).update(FRESH);
  if (!rested) return false;
  if (!rested.circuit)
    await trx(TABLES.submissions)
      .where({ lane: id, state: 'queued' })
      .update({
        expires_at: trx.raw('expires_at + (?) - (CASE WHEN due_at > ? THEN due_at ELSE ? END)', [
          nowMs(trx),
          rested.at,
          rested.at,
        ]),
      });
  return true;
};

/** Forgets a transport whose mailbox is gone. */
export const forgetTransport = async (queries: Queries, id: string): Promise<void> => {
  await queries(TABLES.transports).where({ id }).delete();
};

interface StreakColumns {
  unreachable: number;
  host_unknown: number;
  sender_rejected: number;
  paused_code: string | null;
}

const streaksOf = (row: StreakColumns | undefined): Streaks => ({
  unreachable: Number(row?.unreachable ?? 0),
  hostUnknown: Number(row?.host_unknown ?? 0),
  senderRejected: Number(row?.sender_rejected ?? 0),
});

/**
 * Counts the end of an attempt for or against its transport.
 *
 * @param trx a transaction
 * @returns what has changed for who looks at the mailbox: the pause that it begins or ends
 */
export const markTransport = async (
  trx: Queries,
  id: string,
  mark: Mark
): Promise<{ kind: 'paused'; pause: Pause } | { kind: 'recovered' } | null> => {
  const [row]: StreakColumns[] = await trx(TABLES.transports)
    .where({ id })
    .forUpdate()
    .select('unreachable', 'host_unknown', 'sender_rejected', 'paused_code');
  const before = streaksOf(row);
  const verdict = judge(before, mark);
  const streaks = {
    unreachable: verdict.streaks.unreachable,
    host_unknown: verdict.streaks.hostUnknown,
    sender_rejected: verdict.streaks.senderRejected,
  };
  const restsForAPerson = row?.paused_code != null && row.paused_code !== 'UNREACHABLE';
  switch (verdict.kind) {
    case 'open': {
      const recovers = before.unreachable > 0 && verdict.streaks.unreachable === 0 && !restsForAPerson;
      await trx(TABLES.transports)
        .where({ id })
        .update(recovers ? FRESH : streaks);
      // Told once for each time that a circuit opened, however often it was tried in between.
      return recovers && isProbing(before) ? { kind: 'recovered' } : null;
    }
    case 'circuit': {
      if (restsForAPerson) return null;
      const { code, message } = verdict.pause;
      await trx(TABLES.transports)
        .where({ id })
        .update({
          ...streaks,
          paused_code: code,
          paused_message: message,
          paused_at: nowMs(trx),
          circuit_until: nowPlusMs(trx, CIRCUIT_MS),
        });
      return isProbing(before) ? null : { kind: 'paused', pause: verdict.pause };
    }
    case 'pause':
      return (await pauseTransport(trx, id, verdict.pause)) ? { kind: 'paused', pause: verdict.pause } : null;
  }
};

/** Which of these have a streak that a success ends. */
export const troubledTransports = async (queries: Queries, ids: readonly string[]): Promise<string[]> => {
  const rows: { id: string }[] = await queries(TABLES.transports)
    .whereIn('id', [...ids])
    .andWhere((where) => {
      where.where('unreachable', '>', 0).orWhere('host_unknown', '>', 0).orWhere('sender_rejected', '>', 0);
    })
    .select('id');
  return rows.map(({ id }) => id);
};

/** Lets those be tried again whose circuit has been open for long enough. The streak stays: one more failure opens it again. */
export const closeCircuits = async (queries: Queries): Promise<void> => {
  await queries(TABLES.transports)
    .whereNotNull('circuit_until')
    .andWhere('circuit_until', '<=', nowMs(queries))
    .update({ paused_code: null, paused_message: null, paused_at: null, circuit_until: null });
};
