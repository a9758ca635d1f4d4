import type { Actor } from '../domain/actor';
import { refusal, type Refusal } from '../domain/refusal';
import { latest, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { takeTurns } from '../database/turns';

/** Accepted submissions of the last 60 minutes; null: as many as one likes. */
export interface HourlyLimits {
  perUserPerHour: number;
  perTenantPerHour: number | null;
}

interface Subject {
  actor: Actor;
  /** documentId */
  tenant: string;
  /**
   * Handed over in the caller's time, such as a code or a password mail: neither counted nor refused, because whoever
   * can ask for one without signing in could use up everybody's hour.
   */
  direct: object | null;
}

/** One limit as it holds for one user or one tenant. */
interface Limit {
  turn: string;
  column: 'actor_user' | 'tenant';
  id: number | string;
  most: number;
}

export interface Budget {
  isFull: (subject: Subject) => boolean;
  /** Takes a place. @returns false where a limit is reached; nothing is taken then */
  take: (subject: Subject) => boolean;
  /** The refusal for one that got no place, with the time until one is free. */
  refusal: (queries: Queries, subject: Subject) => Promise<Refusal>;
}

const HOUR_MS = 3_600_000;

const limitsOf = ({ perUserPerHour, perTenantPerHour }: HourlyLimits, { actor, tenant, direct }: Subject): Limit[] =>
  direct
    ? []
    : [
        ...(actor.type === 'user'
          ? [{ turn: `user:${actor.id}`, column: 'actor_user' as const, id: actor.id, most: perUserPerHour }]
          : []),
        ...(perTenantPerHour === null
          ? []
          : [{ turn: `tenant:${tenant}`, column: 'tenant' as const, id: tenant, most: perTenantPerHour }]),
      ];

/**
 * Opens what the last hour has left for these users and tenants. Until the end of the transaction nobody else accepts
 * anything for them, in whatever process, so the count stays exact (security 11).
 *
 * @param fresh is the transaction's first read to come? An older one may not see what was accepted meanwhile
 */
export const openBudget = async (
  queries: Queries,
  hourly: HourlyLimits,
  subjects: readonly Subject[],
  fresh: boolean
): Promise<Budget> => {
  const limits = new Map(
    subjects.flatMap((subject) => limitsOf(hourly, subject)).map((limit) => [limit.turn, limit] as const)
  );
  if (limits.size > 0) await takeTurns(queries, [...limits.keys()]);
  const used = new Map<string, number>();
  for (const column of ['actor_user', 'tenant'] as const) {
    const mine = [...limits.values()].filter((limit) => limit.column === column);
    if (mine.length === 0) continue;
    const query = queries(TABLES.submissions)
      .whereIn(column, mine.map(({ id }) => id) as string[])
      .andWhere('created_at', '>', nowPlusMs(queries, -HOUR_MS))
      .andWhere('direct', false)
      .groupBy(column)
      .select({ id: column })
      .count({ n: '*' });
    const rows = (await (fresh ? query : latest(queries, query))) as { id: unknown; n: unknown }[];
    for (const { id, n } of rows) {
      const limit = mine.find((one) => String(one.id) === String(id));
      if (limit) used.set(limit.turn, Number(n));
    }
  }
  const isFull = ({ turn, most }: Limit): boolean => (used.get(turn) ?? 0) >= most;

  return {
    isFull: (subject) => limitsOf(hourly, subject).some(isFull),
    take: (subject) => {
      const all = limitsOf(hourly, subject);
      if (all.some(isFull)) return false;
      for (const { turn } of all) used.set(turn, (used.get(turn) ?? 0) + 1);
      return true;
    },
    refusal: async (trx, subject) => {
      const waits = [0];
      for (const { column, id, most } of limitsOf(hourly, subject).filter(isFull)) {
        // The place of the one that is the first to be older than an hour, of the newest `most`.
        const [row]: { left: unknown }[] = await trx(TABLES.submissions)
          .where(column, id)
          .andWhere('direct', false)
          .orderBy('created_at', 'desc')
          .offset(most - 1)
          .limit(1)
          .select({ left: trx.raw('?? - (?)', ['created_at', nowPlusMs(trx, -HOUR_MS)]) });
        waits.push(Number(row?.left ?? HOUR_MS));
      }
      return refusal('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(Math.max(...waits) / 1000)) });
    },
  };
};
