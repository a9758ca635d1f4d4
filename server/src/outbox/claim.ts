import type { Core } from '@strapi/types';
import { isProbing } from '../domain/retry';
import { allFit, fullLanes, NOTHING_HELD, sharesOf, type Held } from '../domain/shares';
import type { LaneLimits } from '../domain/lane';
import { dialectOf, int, NOW_MS, nowMs, nowPlusMs, nowSeconds, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import { loadClaims } from './load';
import { ensureLanes } from './insert';
import type { Claim, Job } from './protocol';

export interface ClaimingDependencies {
  strapi: Core.Strapi;
  newId: () => string;
  /** Returns the limits by transport: 'system', or a mailbox's documentId. */
  limitsOf: (queries: Queries, lanes: readonly string[]) => Promise<Map<string, LaneLimits>>;
}

const MINUTE_SECONDS = 60;
/** Transports per claim; a claim locks their rows. The others follow in the next claim. */
const MAX_LANES = 32;

interface Lane {
  id: string;
  unreachable: number;
}

/** Enqueues held submissions whose undo window or schedule has ended. */
const promote = async (queries: Queries): Promise<void> => {
  await queries(TABLES.submissions)
    .where('state', 'held')
    .andWhere('next_attempt_at', '<=', nowMs(queries))
    .update({ state: 'queued' });
};

/**
 * Returns transports that are not paused and have a due submission, the one served longest ago first. Reads one row of
 * each transport's queue, independent of its length.
 *
 * @param except lanes to skip
 */
const dueLanes = (queries: Queries, limit: number, except: readonly string[]): Promise<Lane[]> =>
  queries(`${TABLES.transports} as l`)
    .whereNull('l.paused_code')
    .modify((query) => void (except.length > 0 && query.whereNotIn('l.id', [...except])))
    // Not "exists": PostgreSQL then scans the table up to the first due row.
    .whereRaw('(?) <= ?', [
      queries(`${TABLES.submissions} as s`)
        .whereRaw('s.lane = l.id')
        .andWhere('s.state', 'queued')
        .orderBy('s.next_attempt_at')
        .limit(1)
        .select('s.next_attempt_at') as never,
      nowMs(queries) as never,
    ])
    .orderBy('l.served_at')
    .limit(limit)
    .select('l.id', 'l.unreachable') as unknown as Promise<Lane[]>;

/**
 * Locks the lane rows so that counts stay exact until commit.
 *
 * @param all every lane gets a share or has no budget; moves them to the end of the round robin
 */
const lockLanes = async (trx: Queries, ids: readonly string[], all: boolean): Promise<void> => {
  if (all) await markServed(trx, ids);
  else await trx(TABLES.transports).whereIn('id', ids).orderBy('id').forUpdate().select('id');
};

const markServed = async (trx: Queries, ids: readonly string[]): Promise<void> => {
  await trx(TABLES.transports)
    .whereIn('id', [...ids])
    .update({ served_at: nowMs(trx) });
};

/** Selects the hand-overs of a lane since a second before the last minute: the oldest slot may have begun just before. */
const lastMinute = (trx: Queries, lane: unknown) =>
  trx(TABLES.rates)
    .where('lane', lane as never)
    .andWhere('slot', '>=', trx.raw('(?) - ?', [nowSeconds(trx), MINUTE_SECONDS]))
    .sum({ n: 'n' });

/** Returns the number of submissions that each lane may claim now. Exact, because the lanes' rows are locked. */
const budgetsOf = async (
  trx: Queries,
  lanes: readonly Lane[],
  limits: Map<string, LaneLimits>
): Promise<Map<string, number>> => {
  const rows: { id: string; used: unknown; busy: unknown }[] = await trx(`${TABLES.transports} as l`)
    .whereIn(
      'l.id',
      lanes.map(({ id }) => id)
    )
    .select('l.id', {
      used: lastMinute(trx, trx.ref('l.id')) as never,
      busy: trx(TABLES.submissions).where('lane', trx.ref('l.id')).andWhere('state', 'submitting').count() as never,
    });
  const counts = new Map(rows.map((row) => [row.id, { used: int(row.used) ?? 0, busy: int(row.busy) ?? 0 }]));
  return new Map(
    lanes.map((lane) => {
      const { perMinute = 0, connections = 0 } = limits.get(lane.id) ?? {};
      const atOnce = isProbing(lane) ? 1 : connections;
      const { used = 0, busy = 0 } = counts.get(lane.id) ?? {};
      return [lane.id, Math.max(0, Math.min(atOnce - busy, perMinute - used))];
    })
  );
};

type DueIds = PromiseLike<{ id: string }[]>;

/** Selects the ids of the oldest due submissions of each lane; null without a lane. */
const oldestDue = (trx: Queries, shares: ReadonlyMap<string, number>): DueIds | null => {
  const parts = [...shares].map(([lane, limit], index) =>
    trx
      .select('id')
      .from(
        trx(TABLES.submissions)
          .where({ lane, state: 'queued' })
          .andWhere('next_attempt_at', '<=', nowMs(trx))
          .orderBy('next_attempt_at')
          .limit(limit)
          .select('id')
          .as(`lane_${index}`)
      )
  );
  const [first, ...others] = parts;
  return first ? (first.unionAll(others) as unknown as DueIds) : null;
};

const countHandOvers = async (trx: Queries, counts: ReadonlyMap<string, number>): Promise<void> => {
  await trx(TABLES.rates)
    .insert([...counts].map(([lane, n]) => ({ lane, n, slot: nowSeconds(trx) as never })))
    .onConflict(['lane', 'slot'])
    .merge({ n: trx.raw(`${TABLES.rates}.n + ${excluded(trx)}`) as never });
};

/** Returns the dialect's expression for the value that an upsert would have inserted. */
const excluded = (queries: Queries): string => (dialectOf(queries) === 'mysql' ? 'VALUES(n)' : 'excluded.n');

/** Claims due submissions in groups (delivery §3.1, §3.2). */
export const createClaiming = ({ strapi, newId, limitsOf }: ClaimingDependencies) => {
  const db = (): Queries => connectionOf(strapi);

  return { claim, load, takePlace, beginAttempts, deleteOldRates };

  async function claim(
    slots: number,
    leaseMs: number,
    held: Held = NOTHING_HELD,
    enqueueHeld = true
  ): Promise<{ jobs: Job[]; more: boolean }> {
    if (enqueueHeld) await promote(db());
    const full = fullLanes(held);
    const lanes = await dueLanes(db(), MAX_LANES, full);
    if (lanes.length === 0) return { jobs: [], more: full.length > 0 };
    const claims = await claimFrom(lanes, slots, leaseMs, held);
    return { jobs: claims.length === 0 ? [] : await loadClaims(db(), claims), more: true };
  }

  async function load(held: Claim): Promise<Job | null> {
    return (await loadClaims(db(), [held]))[0] ?? null;
  }

  /**
   * Takes a place in the current minute of a transport, for a message in the caller's time.
   *
   * @returns `false` if the minute is full
   */
  async function takePlace(trx: Queries, lane: string): Promise<boolean> {
    await ensureLanes(trx, [lane]);
    await lockLanes(trx, [lane], false);
    const { perMinute = 0 } = (await limitsOf(trx, [lane])).get(lane) ?? {};
    const [used]: { n?: unknown }[] = await lastMinute(trx, lane);
    if ((int(used?.n) ?? 0) >= perMinute) return false;
    await countHandOvers(trx, new Map([[lane, 1]]));
    return true;
  }

  /** Deletes counted hand-overs that are too old for every limit. */
  async function deleteOldRates(): Promise<void> {
    await db()(TABLES.rates)
      .where('slot', '<', db().raw('(?) - ?', [nowSeconds(db()), 2 * MINUTE_SECONDS]))
      .delete();
  }

  function claimFrom(lanes: readonly Lane[], slots: number, leaseMs: number, held: Held): Promise<Claim[]> {
    return inTransaction(strapi, async (trx) => {
      const shares = await shareOut(trx, lanes, slots, held);
      const due = oldestDue(trx, shares);
      if (!due) return [];
      const leaseToken = newId();
      const leased = await lease(trx, due, leaseToken, leaseMs);
      return leased.map(({ id, claims: number }) => ({ id, leaseToken, claim: Number(number) }));
    });
  }

  /** Locks the lanes and divides the slots among them, within their limits. */
  async function shareOut(
    trx: Queries,
    lanes: readonly Lane[],
    slots: number,
    held: Held
  ): Promise<Map<string, number>> {
    const ids = lanes.map(({ id }) => id).sort();
    const all = allFit(ids, slots, held);
    await lockLanes(trx, ids, all);
    const budgets = await budgetsOf(trx, lanes, await limitsOf(trx, ids));
    const shares = sharesOf(budgets, slots, held);
    if (!all)
      await markServed(
        trx,
        ids.filter((id) => shares.has(id) || budgets.get(id) === 0)
      );
    return shares;
  }
};

export type Claiming = ReturnType<typeof createClaiming>;

interface LeasedRow {
  id: string;
  /** Number of claims, this one included. */
  claims: unknown;
  lane: string;
}

const beginAttempts = async (trx: Queries, claims: readonly Claim[]): Promise<void> => {
  await trx(TABLES.attempts).insert(
    claims.map(({ id, claim: number, leaseToken }) => ({
      submission: id,
      claim: number,
      lease_token: leaseToken,
      started_at: nowMs(trx) as never,
    }))
  );
};

/** Leases due submissions, those that are still due then, begins their attempts and counts them in the minute. */
const lease = async (trx: Queries, due: DueIds, leaseToken: string, leaseMs: number): Promise<LeasedRow[]> => {
  if (dialectOf(trx) === 'postgres') {
    const { rows } = (await trx.raw(LEASE_IN_ONE, [due as never, leaseToken, leaseMs, leaseToken])) as {
      rows: LeasedRow[];
    };
    return rows;
  }
  const chosen = (await due).map(({ id }) => id).sort();
  if (chosen.length === 0) return [];
  await trx(TABLES.submissions)
    .whereIn('id', chosen)
    .andWhere('state', 'queued')
    .andWhere('next_attempt_at', '<=', nowMs(trx))
    .update({
      state: 'submitting',
      phase: 'claimed',
      next_attempt_at: null,
      lease_token: leaseToken,
      lease_until: nowPlusMs(trx, leaseMs),
      claims: trx.raw('claims + 1'),
    });
  const leased: LeasedRow[] = await trx(TABLES.submissions)
    .whereIn('id', chosen)
    .andWhere('lease_token', leaseToken)
    .select('id', 'claims', 'lane');
  if (leased.length === 0) return [];
  await beginAttempts(
    trx,
    leased.map(({ id, claims }) => ({ id, leaseToken, claim: Number(claims) }))
  );
  const counts = new Map<string, number>();
  for (const { lane } of leased) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  await countHandOvers(trx, counts);
  return leased;
};

/** The same in one round trip. */
const LEASE_IN_ONE = `
  WITH due AS (?), leased AS (
    UPDATE ${TABLES.submissions} AS s
    SET state = 'submitting', phase = 'claimed', next_attempt_at = NULL, lease_token = ?,
      lease_until = ${NOW_MS.postgres} + ?, claims = s.claims + 1
    WHERE s.id IN (SELECT id FROM due) AND s.state = 'queued' AND s.next_attempt_at <= ${NOW_MS.postgres}
    RETURNING s.id, s.claims, s.lane
  ), attempts AS (
    INSERT INTO ${TABLES.attempts} (submission, claim, lease_token, started_at)
    SELECT id, claims, ?, ${NOW_MS.postgres} FROM leased
  ), counted AS (
    INSERT INTO ${TABLES.rates} AS r (lane, slot, n)
    SELECT lane, (${NOW_MS.postgres}) / 1000, COUNT(*) FROM leased GROUP BY lane
    ON CONFLICT (lane, slot) DO UPDATE SET n = r.n + excluded.n
  )
  SELECT id, claims, lane FROM leased`;
