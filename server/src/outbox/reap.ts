import type { Core } from '@strapi/types';
import type { OutcomeError } from '../domain/outcome';
import { LONGEST_PAUSE_MS } from '../domain/retry';
import { bool, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { deleteSentDrafts } from '../drafts/link-to-submission';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import { closeCircuits } from './transport-state';
import { closeOpen, endAttempt, settle, UNCERTAIN } from './settle';
import type { Results } from './finish';
import { ensureLanes } from './insert';

const EXPIRED: OutcomeError = {
  code: 'EXPIRED',
  message: 'It could not be handed over for so long that it was given up.',
};
/** What is done at once; the next round does the rest. */
const BATCH = 100;
/** What nobody waits for: one of these looks at everything that is queued. */
const SELDOM_MS = 60_000;

/** What nobody finishes any more: leases of processes that are gone, and submissions that grew too old. */
export const createReaper = (strapi: Core.Strapi, { requeue }: Pick<Results, 'requeue'>) => {
  const db = (): Queries => connectionOf(strapi);
  const submissions = (queries: Queries) => queries(TABLES.submissions);

  /** Expired claimed → queued, expired transmitting → uncertain (delivery §3.6). @returns ids of the uncertain ones */
  const reapLeases = async (): Promise<string[]> => {
    const expired: { id: string; lease_token: string; phase: string; direct: unknown; claims: number }[] =
      await submissions(db())
        .where('state', 'submitting')
        .andWhere('lease_until', '<', nowMs(db()))
        .limit(BATCH)
        .select('id', 'lease_token', 'phase', 'direct', 'claims');
    const ended: string[] = [];
    for (const { id, lease_token, phase, direct, claims } of expired) {
      const over = await inTransaction(strapi, async (trx) => {
        // The heartbeat may have come back meanwhile.
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
        // The token stays: if the process is alive after all, its answer may still be told.
        await settle(trx, id, UNCERTAIN);
        return true;
      });
      if (over) ended.push(id);
    }
    return ended;
  };

  /**
   * Given up by age. While the transport rests for a person the age stands still, for seven days at the most; while its
   * circuit is open it goes on (delivery §4).
   */
  const tooOld = async (): Promise<string[]> => {
    const longAgo = nowPlusMs(db(), -LONGEST_PAUSE_MS);
    const resting: { id: string; tooLong: unknown }[] = await db()(TABLES.transports)
      .whereNotNull('paused_code')
      .whereNull('circuit_until')
      .select('id', db().raw('(CASE WHEN paused_at <= ? THEN 1 ELSE 0 END) as ??', [longAgo, 'tooLong']));
    const aged = submissions(db()).where('state', 'queued').andWhere('expires_at', '<=', nowMs(db()));
    if (resting.length > 0)
      aged.whereNotIn(
        'lane',
        resting.map(({ id }) => id)
      );
    const rows: { id: string }[] = await aged.limit(BATCH).select('id');
    const given = resting.filter(({ tooLong }) => bool(tooLong)).map(({ id }) => id);
    if (given.length === 0) return rows.map(({ id }) => id);
    const abandoned: { id: string }[] = await submissions(db())
      .whereIn('lane', given)
      .andWhere('state', 'queued')
      .andWhere('due_at', '<=', longAgo)
      .limit(BATCH)
      .select('id');
    return [...rows, ...abandoned].map(({ id }) => id);
  };

  const expire = async (): Promise<string[]> => {
    const ended: string[] = [];
    for (const id of await tooOld()) {
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
  };

  /** A transport's row may have gone with its mailbox while a submission was being written. */
  const restoreLanes = async (): Promise<void> => {
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
  };

  let seldomAt = -Infinity;
  return {
    reap: async (): Promise<string[]> => {
      await closeCircuits(db());
      if (performance.now() - seldomAt > SELDOM_MS) {
        seldomAt = performance.now();
        await restoreLanes();
        await inTransaction(strapi, (trx) => deleteSentDrafts(trx, BATCH));
      }
      return [...(await reapLeases()), ...(await expire())];
    },
  };
};
