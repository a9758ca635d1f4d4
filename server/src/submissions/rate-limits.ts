import type { Actor } from '../domain/actor';
import { refusal, type Refusal } from '../domain/refusal';
import { latest, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { lockCounters } from '../database/counter-lock';

/** Accepted submissions of the last 60 minutes; null: as many as one likes. */
export interface HourlyLimits {
  perUserPerHour: number;
  perTenantPerHour: number | null;
  /** Encoded bytes of a user's messages. */
  bytesPerUserPerHour: number | null;
}

export interface Subject {
  actor: Actor;
  /** documentId */
  tenant: string;
  /**
   * Handed over in the caller's time, such as a code or a password mail: neither counted nor refused without a person
   * behind it, because everybody who can request one without signing in could use up everybody's hour.
   */
  direct: object | null;
  /** The encoded message, or of a message that is not built yet its length at least. */
  bytes: { readonly length: number };
}

/** One limit as it holds for one user or one tenant. */
interface Limit {
  turn: string;
  column: 'actor_user' | 'tenant';
  id: number | string;
  /** Submissions. */
  most: number;
  /** Null: only submissions count. */
  mostBytes: number | null;
}

interface Used {
  submissions: number;
  bytes: number;
}

export interface Budget {
  isFull: (subject: Subject) => boolean;
  /** Takes a place. @returns false where a limit is reached; nothing is taken then */
  take: (subject: Subject) => boolean;
  /** The refusal for one that got no place, with the time until one is free. */
  refusal: (queries: Queries, subject: Subject) => Promise<Refusal>;
}

const HOUR_MS = 3_600_000;
const NOTHING: Used = { submissions: 0, bytes: 0 };

const limitsOf = (
  { perUserPerHour, perTenantPerHour, bytesPerUserPerHour }: HourlyLimits,
  { actor, tenant, direct }: Subject
): Limit[] => {
  if (direct && actor.type === 'system') return [];
  const limits: Limit[] = [];
  if (actor.type === 'user')
    limits.push({
      turn: `user:${actor.id}`,
      column: 'actor_user',
      id: actor.id,
      most: perUserPerHour,
      mostBytes: bytesPerUserPerHour,
    });
  if (perTenantPerHour !== null)
    limits.push({ turn: `tenant:${tenant}`, column: 'tenant', id: tenant, most: perTenantPerHour, mostBytes: null });
  return limits;
};

/** Direct mail counts where a person wrote it. */
const counts = (where: ReturnType<Queries>) => void where.where('s.direct', false).orWhereNotNull('s.actor_user');

const lastHour = (queries: Queries, column: Limit['column'], ids: readonly (number | string)[]) =>
  queries(`${TABLES.submissions} as s`)
    .whereIn(`s.${column}`, ids as string[])
    .andWhere('s.created_at', '>', nowPlusMs(queries, -HOUR_MS))
    .andWhere(counts);

type Row = Record<'id' | 'n', unknown> & { bytes?: unknown };

/** A retry hands a message over once more, so it takes a place as well: of the person who retries, and of the tenant. */
const lastRetries = (queries: Queries, column: Limit['column'], ids: readonly (number | string)[]) =>
  queries(`${TABLES.audit} as a`)
    .whereIn(`a.${column}`, ids as string[])
    .andWhere('a.action', 'submission.retried')
    .andWhere('a.at', '>', nowPlusMs(queries, -HOUR_MS));

const retriesOf = async (
  queries: Queries,
  column: Limit['column'],
  limits: readonly Limit[],
  fresh: boolean
): Promise<Row[]> => {
  const query = lastRetries(
    queries,
    column,
    limits.map(({ id }) => id)
  )
    .groupBy(`a.${column}`)
    .select({ id: `a.${column}` })
    .count({ n: '*' });
  return (await (fresh ? query : latest(queries, query))) as Row[];
};

const readUsed = async (queries: Queries, limits: readonly Limit[], fresh: boolean): Promise<Map<string, Used>> => {
  const used = new Map<string, Used>();
  for (const column of ['actor_user', 'tenant'] as const) {
    const mine = limits.filter((limit) => limit.column === column);
    if (mine.length === 0) continue;
    const query = lastHour(
      queries,
      column,
      mine.map(({ id }) => id)
    )
      .groupBy(`s.${column}`)
      .select({ id: `s.${column}` })
      .count({ n: '*' });
    if (mine.some(({ mostBytes }) => mostBytes !== null))
      query.leftJoin(`${TABLES.messages} as m`, 'm.id', 's.message').sum({ bytes: 'm.size_bytes' });
    const rows = (await (fresh ? query : latest(queries, query))) as Row[];
    for (const { id, n, bytes } of [...rows, ...(await retriesOf(queries, column, mine, fresh))]) {
      const limit = mine.find((one) => String(one.id) === String(id));
      if (!limit) continue;
      const before = used.get(limit.turn) ?? NOTHING;
      used.set(limit.turn, {
        submissions: before.submissions + Number(n),
        bytes: before.bytes + Number(bytes ?? 0),
      });
    }
  }
  return used;
};

/** How long until the oldest of the newest `most` places is older than an hour, in milliseconds. */
const untilOneEnds = async (queries: Queries, { column, id, most }: Limit): Promise<number> => {
  const places = lastHour(queries, column, [id])
    .select({ taken: 's.created_at' })
    .unionAll(lastRetries(queries, column, [id]).select({ taken: 'a.at' }));
  const [row]: { left: unknown }[] = await queries(places.as('places'))
    .orderBy('taken', 'desc')
    .offset(most - 1)
    .limit(1)
    .select({ left: queries.raw('?? - (?)', ['taken', nowPlusMs(queries, -HOUR_MS)]) });
  // Without a row the place has become free since it was counted.
  return Number(row?.left ?? 0);
};

/** How long until so many bytes are older than an hour, in milliseconds. */
const untilBytesEnd = async (queries: Queries, { column, id }: Limit, bytes: number): Promise<number> => {
  const rows: { size: unknown; left: unknown }[] = await lastHour(queries, column, [id])
    .join(`${TABLES.messages} as m`, 'm.id', 's.message')
    .orderBy('s.created_at')
    .select({ size: 'm.size_bytes', left: queries.raw('?? - (?)', ['s.created_at', nowPlusMs(queries, -HOUR_MS)]) });
  let wanted = bytes;
  for (const { size, left } of rows) {
    wanted -= Number(size);
    if (wanted <= 0) return Number(left);
  }
  return HOUR_MS;
};

const budgetOf = (hourly: HourlyLimits, used: Map<string, Used>): Budget => {
  const usedOf = ({ turn }: Limit): Used => used.get(turn) ?? NOTHING;
  const lacksPlace = (limit: Limit): boolean => usedOf(limit).submissions >= limit.most;
  const missingBytes = (limit: Limit, { bytes }: Subject): number =>
    limit.mostBytes === null ? 0 : Math.max(0, usedOf(limit).bytes + bytes.length - limit.mostBytes);
  const refuses = (limit: Limit, subject: Subject): boolean => lacksPlace(limit) || missingBytes(limit, subject) > 0;
  const isFull = (subject: Subject): boolean => limitsOf(hourly, subject).some((limit) => refuses(limit, subject));

  return {
    isFull,
    take: (subject) => {
      if (isFull(subject)) return false;
      for (const limit of limitsOf(hourly, subject)) {
        const { submissions, bytes } = usedOf(limit);
        used.set(limit.turn, { submissions: submissions + 1, bytes: bytes + subject.bytes.length });
      }
      return true;
    },
    refusal: async (queries, subject) => {
      const size = subject.bytes.length;
      const full = limitsOf(hourly, subject).filter((limit) => refuses(limit, subject));
      const never = full.find(({ mostBytes }) => mostBytes !== null && size > mostBytes);
      // No hour is long enough for it.
      if (never) return refusal('TOO_LARGE', { limit: never.mostBytes, size });
      const waits = [0];
      let remaining = {};
      for (const limit of full) {
        if (lacksPlace(limit)) waits.push(await untilOneEnds(queries, limit));
        const missing = missingBytes(limit, subject);
        if (missing === 0 || limit.mostBytes === null) continue;
        waits.push(await untilBytesEnd(queries, limit, missing));
        remaining = { limitBytes: limit.mostBytes, remainingBytes: limit.mostBytes - usedOf(limit).bytes, size };
      }
      return refusal('RATE_LIMITED', {
        retryAfterSeconds: Math.max(1, Math.ceil(Math.max(...waits) / 1000)),
        ...remaining,
      });
    },
  };
};

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
  if (limits.size > 0) await lockCounters(queries, [...limits.keys()]);
  return budgetOf(hourly, await readUsed(queries, [...limits.values()], fresh));
};

/**
 * Looks at the last hour before a message is built, which may cost much. Only `openBudget` decides: others may be
 * accepted meanwhile.
 *
 * @returns null where there is room
 */
export const refusalAhead = async (
  queries: Queries,
  hourly: HourlyLimits,
  subject: Subject
): Promise<Refusal | null> => {
  const budget = budgetOf(hourly, await readUsed(queries, limitsOf(hourly, subject), true));
  return budget.isFull(subject) ? budget.refusal(queries, subject) : null;
};
