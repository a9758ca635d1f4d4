import type { Actor } from '../domain/actor';
import { refusal, type Refusal } from '../domain/refusal';
import { latest, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { lockCounters } from '../database/counter-lock';

/** Limits of accepted submissions in the last 60 minutes; `null`: unlimited. */
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
   * Sent in the caller's time, such as a code or a password mail. For system actors neither counted nor limited:
   * otherwise requests without a sign-in could exhaust the tenant's hour.
   */
  direct: object | null;
  /** The encoded message; before it is built, a lower bound of its length. */
  bytes: { readonly length: number };
}

/** One limit of one user or one tenant. */
interface Limit {
  /** Name of the counter lock. */
  counter: string;
  column: 'actor_user' | 'tenant';
  id: number | string;
  maxSubmissions: number;
  /** `null`: only submissions are limited. */
  maxBytes: number | null;
}

interface Used {
  submissions: number;
  bytes: number;
}

export interface Budget {
  isFull: (subject: Subject) => boolean;
  /** Counts the subject. @returns false where a limit is reached; then nothing is counted */
  take: (subject: Subject) => boolean;
  /** Returns the refusal for a full subject, with the time until it fits. */
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
      counter: `user:${actor.id}`,
      column: 'actor_user',
      id: actor.id,
      maxSubmissions: perUserPerHour,
      maxBytes: bytesPerUserPerHour,
    });
  if (perTenantPerHour !== null)
    limits.push({
      counter: `tenant:${tenant}`,
      column: 'tenant',
      id: tenant,
      maxSubmissions: perTenantPerHour,
      maxBytes: null,
    });
  return limits;
};

/** Direct mail counts if a user wrote it. */
const counts = (where: ReturnType<Queries>) => void where.where('s.direct', false).orWhereNotNull('s.actor_user');

const idsOf = (limits: readonly Limit[]) => limits.map(({ id }) => id);

const lastHour = (queries: Queries, column: Limit['column'], ids: readonly (number | string)[]) =>
  queries(`${TABLES.submissions} as s`)
    .whereIn(`s.${column}`, ids as string[])
    .andWhere('s.created_at', '>', nowPlusMs(queries, -HOUR_MS))
    .andWhere(counts);

type Row = Record<'id' | 'n', unknown> & { bytes?: unknown };

/** A retry sends a message again, so it counts against the user who retries and against the tenant. */
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
  const query = lastRetries(queries, column, idsOf(limits))
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
    const query = lastHour(queries, column, idsOf(mine))
      .groupBy(`s.${column}`)
      .select({ id: `s.${column}` })
      .count({ n: '*' });
    if (mine.some(({ maxBytes }) => maxBytes !== null))
      query.leftJoin(`${TABLES.messages} as m`, 'm.id', 's.message').sum({ bytes: 'm.size_bytes' });
    const rows = (await (fresh ? query : latest(queries, query))) as Row[];
    for (const { id, n, bytes } of [...rows, ...(await retriesOf(queries, column, mine, fresh))]) {
      const limit = mine.find((one) => String(one.id) === String(id));
      if (!limit) continue;
      const before = used.get(limit.counter) ?? NOTHING;
      used.set(limit.counter, {
        submissions: before.submissions + Number(n),
        bytes: before.bytes + Number(bytes ?? 0),
      });
    }
  }
  return used;
};

/** Returns the milliseconds until the oldest of the newest `maxSubmissions` is older than an hour. */
const msUntilPlace = async (queries: Queries, { column, id, maxSubmissions }: Limit): Promise<number> => {
  const places = lastHour(queries, column, [id])
    .select({ taken: 's.created_at' })
    .unionAll(lastRetries(queries, column, [id]).select({ taken: 'a.at' }));
  const [row]: { left: unknown }[] = await queries(places.as('places'))
    .orderBy('taken', 'desc')
    .offset(maxSubmissions - 1)
    .limit(1)
    .select({ left: queries.raw('?? - (?)', ['taken', nowPlusMs(queries, -HOUR_MS)]) });
  // Without a row a submission has left the hour since the count.
  return Number(row?.left ?? 0);
};

/** Returns the milliseconds until `bytes` of the hour's messages are older than an hour. */
const msUntilBytes = async (queries: Queries, { column, id }: Limit, bytes: number): Promise<number> => {
  const rows: { size: unknown; left: unknown }[] = await lastHour(queries, column, [id])
    .join(`${TABLES.messages} as m`, 'm.id', 's.message')
    .orderBy('s.created_at')
    .select({ size: 'm.size_bytes', left: queries.raw('?? - (?)', ['s.created_at', nowPlusMs(queries, -HOUR_MS)]) });
  let missing = bytes;
  for (const { size, left } of rows) {
    missing -= Number(size);
    if (missing <= 0) return Number(left);
  }
  return HOUR_MS;
};

const budgetOf = (hourly: HourlyLimits, used: Map<string, Used>): Budget => {
  function isFull(subject: Subject): boolean {
    return limitsOf(hourly, subject).some((limit) => refuses(limit, subject));
  }

  function usedOf({ counter }: Limit): Used {
    return used.get(counter) ?? NOTHING;
  }

  function lacksPlace(limit: Limit): boolean {
    return usedOf(limit).submissions >= limit.maxSubmissions;
  }

  function missingBytes(limit: Limit, { bytes }: Subject): number {
    return limit.maxBytes === null ? 0 : Math.max(0, usedOf(limit).bytes + bytes.length - limit.maxBytes);
  }

  function refuses(limit: Limit, subject: Subject): boolean {
    return lacksPlace(limit) || missingBytes(limit, subject) > 0;
  }

  return {
    isFull,
    take: (subject) => {
      if (isFull(subject)) return false;
      for (const limit of limitsOf(hourly, subject)) {
        const { submissions, bytes } = usedOf(limit);
        used.set(limit.counter, { submissions: submissions + 1, bytes: bytes + subject.bytes.length });
      }
      return true;
    },
    refusal: async (queries, subject) => {
      const size = subject.bytes.length;
      const full = limitsOf(hourly, subject).filter((limit) => refuses(limit, subject));
      const tooSmall = full.find(({ maxBytes }) => maxBytes !== null && size > maxBytes);
      // Larger than the limit of a whole hour: waiting does not help.
      if (tooSmall) return refusal('TOO_LARGE', { limit: tooSmall.maxBytes, size });
      const waits = [0];
      let remaining = {};
      for (const limit of full) {
        if (lacksPlace(limit)) waits.push(await msUntilPlace(queries, limit));
        const missing = missingBytes(limit, subject);
        if (missing === 0 || limit.maxBytes === null) continue;
        waits.push(await msUntilBytes(queries, limit, missing));
        remaining = { limitBytes: limit.maxBytes, remainingBytes: limit.maxBytes - usedOf(limit).bytes, size };
      }
      return refusal('RATE_LIMITED', {
        retryAfterSeconds: Math.max(1, Math.ceil(Math.max(...waits) / 1000)),
        ...remaining,
      });
    },
  };
};

/**
 * Counts the last hour of these users and tenants. Their counters stay locked in every process until the transaction
 * ends, so that the count stays exact (security 11).
 *
 * @param fresh true before the transaction's first read; an older snapshot may miss later submissions and needs a locking
 *   read
 */
export const openBudget = async (
  queries: Queries,
  hourly: HourlyLimits,
  subjects: readonly Subject[],
  fresh: boolean
): Promise<Budget> => {
  const limits = new Map(
    subjects.flatMap((subject) => limitsOf(hourly, subject)).map((limit) => [limit.counter, limit] as const)
  );
  if (limits.size > 0) await lockCounters(queries, [...limits.keys()]);
  return budgetOf(hourly, await readUsed(queries, [...limits.values()], fresh));
};

/**
 * Checks the last hour before the expensive build of a message. Takes no lock, so only the later `openBudget` is binding.
 *
 * @returns null below the limits
 */
export const refusalAhead = async (
  queries: Queries,
  hourly: HourlyLimits,
  subject: Subject
): Promise<Refusal | null> => {
  const budget = budgetOf(hourly, await readUsed(queries, limitsOf(hourly, subject), true));
  return budget.isFull(subject) ? budget.refusal(queries, subject) : null;
};
