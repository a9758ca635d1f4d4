import type { Core } from '@strapi/types';
import type { OutcomeError } from '../domain/outcome';
import { LONGEST_PAUSE_MS } from '../domain/retry';
import { bool, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { deleteSentDrafts } from '../drafts/link-to-submission';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import { closeCircuits } from './transport-state';
import { closeOpen, endAttempt, settle, UNCERTAIN } from './settle';
import type { Claiming } from './claim';
import type { Results } from './finish';
import { ensureLanes } from './insert';
import { readPending, type Pending } from './pending';

const EXPIRED: OutcomeError = {
  code: 'EXPIRED',
  message: 'The message could not be handed over within its maximum age.',
};
/** Submissions per run; the next run reaps the rest. */
const BATCH = 100;
/** Interval of low-priority maintenance; one task scans the whole queue. */
const MAINTENANCE_INTERVAL_MS = 5 * 60_000;

/** Reaps expired leases of dead processes and expires submissions past their maximum age. */
export const createReaper = (
  strapi: Core.Strapi,
  { requeue, deleteOldRates }: Pick<Results, 'requeue'> & Pick<Claiming, 'deleteOldRates'>
) => {
  const db = (): Queries => connectionOf(strapi);
  const submissions = (queries: Queries) => queries(TABLES.submissions);
  let maintainedAt = -Infinity;

  return { pending, reap };

  async function pending(): Promise<Pending> {
    const found = await readPending(db());
    return { ...found, reap: found.reap || isMaintenanceDue() };
  }

  function isMaintenanceDue(): boolean {
    return performance.now() - maintainedAt > MAINTENANCE_INTERVAL_MS;
  }

  async function reap(): Promise<string[]> {
    await closeCircuits(db());
    if (isMaintenanceDue()) {
      maintainedAt = performance.now();
      await deleteOldRates();
      await restoreLanes();
      await inTransaction(strapi, (trx) => deleteSentDrafts(trx, BATCH));
    }
    return [...(await reapLeases()), ...(await expire())];
  }

  /** Expired claimed → queued, expired transmitting → uncertain (delivery §3.6). @returns ids of both */
  async function reapLeases(): Promise<string[]> {
    const expired: { id: string; lease_token: string; phase: string; direct: unknown; claims: number }[] =
      await submissions(db())
        .where('state', 'submitting')
        .andWhere('lease_until', '<', nowMs(db()))
        .limit(BATCH)
        .select('id', 'lease_token', 'phase', 'direct', 'claims');
    const ended: string[] = [];
    for (const { id, lease_token, phase, direct, claims } of expired) {
      const over = await inTransaction(strapi, async (trx) => {
        // A late heartbeat may have renewed the lease meanwhile.
        const changed = await submissions(trx)
          .where({ id, lease_token, phase })
          .andWhere('lease_until', '<', nowMs(trx))
          .update({ phase: null });
        if (Number(changed) !== 1) return false;
        if (phase === 'claimed') {
          await requeue(trx, { id, claim: claims }, direct, 'crash');
          return true;
        }
        await closeOpen(trx, id, 'uncertain');
        await endAttempt(trx, { id, claim: claims }, UNCERTAIN.code);
        // Keeps the token: a process that is still alive may report a late reply.
        await settle(trx, id, UNCERTAIN);
        return true;
      });
      if (over) ended.push(id);
    }
    return ended;
  }

  /**
   * Returns queued submissions past their maximum age. A paused transport stops the age for at most seven days; an open
   * circuit does not (delivery §4).
   */
  async function pastMaximumAge(): Promise<string[]> {
    const longAgo = nowPlusMs(db(), -LONGEST_PAUSE_MS);
    const paused: { id: string; tooLong: unknown }[] = await db()(TABLES.transports)
      .whereNotNull('paused_code')
      .whereNull('circuit_until')
      .select('id', db().raw('(CASE WHEN paused_at <= ? THEN 1 ELSE 0 END) as ??', [longAgo, 'tooLong']));
    const aged = submissions(db()).where('state', 'queued').andWhere('expires_at', '<=', nowMs(db()));
    if (paused.length > 0)
      aged.whereNotIn(
        'lane',
        paused.map(({ id }) => id)
      );
    const rows: { id: string }[] = await aged.limit(BATCH).select('id');
    const pausedTooLong = paused.filter(({ tooLong }) => bool(tooLong)).map(({ id }) => id);
    if (pausedTooLong.length === 0) return rows.map(({ id }) => id);
    const abandoned: { id: string }[] = await submissions(db())
      .whereIn('lane', pausedTooLong)
      .andWhere('state', 'queued')
      .andWhere('due_at', '<=', longAgo)
      .limit(BATCH)
      .select('id');
    return [...rows, ...abandoned].map(({ id }) => id);
  }

  async function expire(): Promise<string[]> {
    const ended: string[] = [];
    for (const id of await pastMaximumAge()) {
      const over = await inTransaction(strapi, async (trx) => {
        const changed = await submissions(trx).where({ id, state: 'queued' }).update({ phase: null });
        if (Number(changed) !== 1) return false;
        await closeOpen(trx, id, 'expired');
        await settle(trx, id, EXPIRED);
        return true;
      });
      if (over) ended.push(id);
    }
    return ended;
  }

  /** Inserts missing transport rows: a mailbox may be deleted while one of its submissions is written. */
  async function restoreLanes(): Promise<void> {
    const lost: { lane: string }[] = await db()(`${TABLES.submissions} as s`)
      .leftJoin(`${TABLES.transports} as l`, 'l.id', 's.lane')
      .where('s.state', 'queued')
      .whereNull('l.id')
      .limit(BATCH)
      .distinct('s.lane');
    await ensureLanes(
      db(),
      lost.map(({ lane }) => lane)
    );
  }
};
