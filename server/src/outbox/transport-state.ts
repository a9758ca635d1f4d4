import type { Pause } from '../domain/mailbox';
import type { Mark } from '../domain/outcome';
import { CIRCUIT_MS, isProbing, judge, type Streaks } from '../domain/retry';
import { int, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';

const FRESH = {
  paused_code: null,
  paused_message: null,
  paused_at: null,
  circuit_until: null,
  unreachable: 0,
  host_unknown: 0,
  sender_rejected: 0,
};

/** Returns the pause of a transport and its start in milliseconds since the epoch; `null` if it is not paused. */
export const readPause = async (queries: Queries, id: string): Promise<(Pause & { at: number }) | null> => {
  const [row]: { paused_code: Pause['code'] | null; paused_message: string | null; paused_at: unknown }[] =
    await queries(TABLES.transports).where({ id }).select('paused_code', 'paused_message', 'paused_at');
  if (!row?.paused_code) return null;
  return { code: row.paused_code, message: row.paused_message ?? '', at: int(row.paused_at) ?? 0 };
};

/** Returns the transports paused for one of these reasons. */
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
 * Pauses a transport until an administrator resumes it. Keeps the first start time, reports the latest reason.
 *
 * @returns `false` if it was already paused for this reason
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
 * Resumes a transport. The time of a pause does not count towards the age of its queued submissions (delivery §4).
 *
 * @param trx a transaction
 * @returns whether it was paused
 */
export const resumeTransport = async (trx: Queries, id: string): Promise<boolean> => {
  const pause = await pausedSince(trx, id);
  await trx(TABLES.transports).where({ id }).update(FRESH);
  if (!pause) return false;
  if (!pause.circuit)
    await trx(TABLES.submissions)
      .where({ lane: id, state: 'queued' })
      .update({
        expires_at: trx.raw('expires_at + (?) - (CASE WHEN due_at > ? THEN due_at ELSE ? END)', [
          nowMs(trx),
          pause.at,
          pause.at,
        ]),
      });
  return true;
};

/** Deletes the state of a transport whose mailbox was deleted. */
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
 * Counts the end of an attempt in its transport's streaks.
 *
 * @param trx a transaction
 * @returns the change to announce: the pause that it begins or ends; `null` for none
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
  const next = judge(before, mark);
  const streaks = {
    unreachable: next.streaks.unreachable,
    host_unknown: next.streaks.hostUnknown,
    sender_rejected: next.streaks.senderRejected,
  };
  const isPausedForAdministrator = row?.paused_code != null && row.paused_code !== 'UNREACHABLE';
  switch (next.kind) {
    case 'open': {
      const recovers = before.unreachable > 0 && next.streaks.unreachable === 0 && !isPausedForAdministrator;
      await trx(TABLES.transports)
        .where({ id })
        .update(recovers ? FRESH : streaks);
      // Announced once per opened circuit, independent of the probes in between.
      return recovers && isProbing(before) ? { kind: 'recovered' } : null;
    }
    case 'circuit': {
      if (isPausedForAdministrator) return null;
      const { code, message } = next.pause;
      await trx(TABLES.transports)
        .where({ id })
        .update({
          ...streaks,
          paused_code: code,
          paused_message: message,
          paused_at: nowMs(trx),
          circuit_until: nowPlusMs(trx, CIRCUIT_MS),
        });
      return isProbing(before) ? null : { kind: 'paused', pause: next.pause };
    }
    case 'pause':
      return (await pauseTransport(trx, id, next.pause)) ? { kind: 'paused', pause: next.pause } : null;
  }
};

/** Returns those transports with a streak of failures, which a success ends. */
export const troubledTransports = async (queries: Queries, ids: readonly string[]): Promise<string[]> => {
  const rows: { id: string }[] = await queries(TABLES.transports)
    .whereIn('id', [...ids])
    .andWhere((where) => {
      where.where('unreachable', '>', 0).orWhere('host_unknown', '>', 0).orWhere('sender_rejected', '>', 0);
    })
    .select('id');
  return rows.map(({ id }) => id);
};

/** Closes circuits after their time. The streak remains: one more failure opens the circuit again. */
export const closeCircuits = async (queries: Queries): Promise<void> => {
  await queries(TABLES.transports)
    .whereNotNull('circuit_until')
    .andWhere('circuit_until', '<=', nowMs(queries))
    .update({ paused_code: null, paused_message: null, paused_at: null, circuit_until: null });
};
