import type { Core } from '@strapi/types';
import { isProbing } from '../domain/retry';
import { allFit, fullLanes, NOTHING_HELD, sharesOf, type Held } from '../domain/shares';
import type { LaneLimits } from '../domain/lane';
import { dialectOf, int, nowMs, nowPlusMs, nowSeconds, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import { loadClaims } from './load';
import { ensureLanes } from './insert';
import type { Claim, Job } from './protocol';

export interface ClaimingDependencies {
  strapi: Core.Strapi;
  newId: () => string;
  /** By transport: 'system', or a mailbox's documentId. */
  limitsOf: (queries: Queries, lanes: readonly string[]) => Promise<Map<string, LaneLimits>>;
}

const MINUTE_SECONDS = 60;
/** So many transports are looked at together; the others are next. */
const MAX_LANES = 32;

interface Lane {
  id: string;
  unreachable: number;
}

/** Undo window and schedule are over: what was held waits like everything else. */
const promote = async (queries: Queries): Promise<void> => {
  await queries(TABLES.submissions)
    .where('state', 'held')
    .andWhere('next_attempt_at', '<=', nowMs(queries))
    .update({ state: 'queued' });
};

/**
 * Transports that do not rest and have something due, who was served longest ago first. Looks at one row of each
 * transport's queue, however long that is.
 *
 * @param but these
 */
const dueLanes = (queries: Queries, limit: number, but: readonly string[]): Promise<Lane[]> =>
  queries(`${TABLES.transports} as l`)
    .whereNull('l.paused_code')
    .modify((query) => void (but.length > 0 && query.whereNotIn('l.id', [...but])))
    // Not "exists": PostgreSQL takes that for a reason to read the table until it meets one that is due.
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
 * Makes one process count after the other: what is counted stays true until the commit.
 *
 * @param all does everyone get something, or may have nothing now? Then they come last the next time
 */
const lock = async (trx: Queries, ids: readonly string[], all: boolean): Promise<void> => {
  if (all) await served(trx, ids);
  else await trx(TABLES.transports).whereIn('id', ids).orderBy('id').forUpdate().select('id');
};

const served = async (trx: Queries, ids: readonly string[]): Promise<void> => {
  await trx(TABLES.transports)
    .whereIn('id', [...ids])
    .update({ served_at: nowMs(trx) });
};

type Counts = { lane: string; n: unknown }[];

const countOf = (rows: Counts, lane: string): number => int(rows.find((row) => row.lane === lane)?.n) ?? 0;

const lastMinuteOf = async (trx: Queries, lanes: readonly string[]): Promise<Counts> =>
  trx(TABLES.rates)
    .whereIn('lane', [...lanes])
    // A second more than a minute: the oldest one may have begun just before.
    .andWhere('slot', '>=', trx.raw('(?) - ?', [nowSeconds(trx), MINUTE_SECONDS]))
    .groupBy('lane')
    .select('lane')
    .sum({ n: 'n' });

/** How many of each may be claimed now. Exact, because the lanes' rows are locked. */
const budgetsOf = async (
  trx: Queries,
  lanes: readonly Lane[],
  limits: Map<string, LaneLimits>
): Promise<Map<string, number>> => {
  const ids = lanes.map(({ id }) => id);
  const used = await lastMinuteOf(trx, ids);
  const busy: Counts = await trx(TABLES.submissions)
    .whereIn('lane', ids)
    .andWhere('state', 'submitting')
    .groupBy('lane')
    .select('lane')
    .count({ n: '*' });
  return new Map(
    lanes.map((lane) => {
      const { perMinute = 0, connections = 0 } = limits.get(lane.id) ?? {};
      const atOnce = isProbing(lane) ? 1 : connections;
      return [lane.id, Math.max(0, Math.min(atOnce - countOf(busy, lane.id), perMinute - countOf(used, lane.id)))];
    })
  );
};

/** The oldest of each lane, in one statement. */
const candidates = async (trx: Queries, shares: ReadonlyMap<string, number>): Promise<string[]> => {
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
  if (!first) return [];
  const rows = (await first.unionAll(others)) as unknown as { id: string }[];
  return rows.map(({ id }) => id).sort();
};

const countHandOvers = async (trx: Queries, counts: ReadonlyMap<string, number>): Promise<void> => {
  await trx(TABLES.rates)
    .insert([...counts].map(([lane, n]) => ({ lane, n, slot: nowSeconds(trx) as never })))
    .onConflict(['lane', 'slot'])
    .merge({ n: trx.raw(`${TABLES.rates}.n + ${excluded(trx)}`) as never });
};

/** What an upsert would have inserted, by the dialect's name. */
const excluded = (queries: Queries): string => (dialectOf(queries) === 'mysql' ? 'VALUES(n)' : 'excluded.n');

/** Claims due submissions in groups (delivery §3.1, §3.2). */
export const createClaiming = ({ strapi, newId, limitsOf }: ClaimingDependencies) => {
  const db = (): Queries => connectionOf(strapi);

  const claimFrom = (lanes: readonly Lane[], slots: number, leaseMs: number, held: Held): Promise<Claim[]> =>
    inTransaction(strapi, async (trx) => {
      const ids = lanes.map(({ id }) => id).sort();
      const all = allFit(ids, slots, held);
      await lock(trx, ids, all);
      const budgets = await budgetsOf(trx, lanes, await limitsOf(trx, ids));
      const shares = sharesOf(budgets, slots, held);
      if (!all)
        await served(
          trx,
          ids.filter((id) => shares.has(id) || budgets.get(id) === 0)
        );
      const chosen = await candidates(trx, shares);
      if (chosen.length === 0) return [];
      const leaseToken = newId();
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
      const mine: { id: string; claims: unknown; lane: string }[] = await trx(TABLES.submissions)
        .whereIn('id', chosen)
        .andWhere('lease_token', leaseToken)
        .select('id', 'claims', 'lane');
      if (mine.length === 0) return [];
      const claims = mine.map(({ id, claims: number }) => ({ id, leaseToken, claim: Number(number) }));
      await beginAttempts(trx, claims);
      const counts = new Map<string, number>();
      for (const { lane } of mine) counts.set(lane, (counts.get(lane) ?? 0) + 1);
      await countHandOvers(trx, counts);
      return claims;
    });

  const beginAttempts = async (trx: Queries, claims: readonly Claim[]): Promise<void> => {
    await trx(TABLES.attempts).insert(
      claims.map(({ id, claim, leaseToken }) => ({
        submission: id,
        claim,
        lease_token: leaseToken,
        started_at: nowMs(trx) as never,
      }))
    );
  };

  return {
    beginAttempts,

    claim: async (
      slots: number,
      leaseMs: number,
      held: Held = NOTHING_HELD
    ): Promise<{ jobs: Job[]; more: boolean }> => {
      await promote(db());
      const full = fullLanes(held);
      const lanes = await dueLanes(db(), MAX_LANES, full);
      if (lanes.length === 0) return { jobs: [], more: full.length > 0 };
      const claims = await claimFrom(lanes, slots, leaseMs, held);
      return { jobs: claims.length === 0 ? [] : await loadClaims(db(), claims), more: true };
    },

    /** Takes a place in the minute of a transport for mail in the caller's time. @returns false: the minute is full */
    takePlace: async (trx: Queries, lane: string): Promise<boolean> => {
      await ensureLanes(trx, [lane]);
      await lock(trx, [lane], false);
      const { perMinute = 0 } = (await limitsOf(trx, [lane])).get(lane) ?? {};
      if (countOf(await lastMinuteOf(trx, [lane]), lane) >= perMinute) return false;
      await countHandOvers(trx, new Map([[lane, 1]]));
      return true;
    },

    load: async (claim: Claim) => (await loadClaims(db(), [claim]))[0] ?? null,

    /** Hand-overs that no limit asks for any more. */
    forgetRates: async (): Promise<void> => {
      await db()(TABLES.rates)
        .where('slot', '<', db().raw('(?) - ?', [nowSeconds(db()), 2 * MINUTE_SECONDS]))
        .delete();
    },
  };
};
