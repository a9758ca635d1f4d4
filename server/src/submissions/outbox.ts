import type { Core } from '@strapi/types';
import { attemptFailed, type OpenRecipient, type Outcome, type OutcomeError } from '../domain/outcome';
import { isOpen } from '../domain/submission';
import { bool, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import { closeOpen, endAttempt, settle, UNCERTAIN, type Claim } from './endings';
import { createPassage, type Decide } from './passage';
import { submissionsRepository as repository } from './repository';

export type { Claim } from './endings';

export interface OutboxDependencies {
  strapi: Core.Strapi;
  decide: Decide;
  newId: () => string;
}

/**
 * The outbox as delivery works on it (delivery §3). Every step is a compare-and-set that carries the lease token, so
 * that any number of processes may run it at once and a late writer changes nothing.
 */
export const createOutbox = ({ strapi, decide, newId }: OutboxDependencies) => {
  const db = (): Queries => connectionOf(strapi);
  const submissions = (queries: Queries) => queries(TABLES.submissions);

  const claim = async (limit: number, leaseMs: number): Promise<Claim[]> => {
    const due: { id: string; claims: number }[] = await submissions(db())
      .where('state', 'queued')
      .andWhere('next_attempt_at', '<=', nowMs(db()))
      .orderBy([{ column: 'next_attempt_at' }, { column: 'id' }])
      .limit(limit)
      .select('id', 'claims');
    const claimed: Claim[] = [];
    for (const { id, claims } of due) {
      const mine: Claim = { id, leaseToken: newId(), claim: claims + 1 };
      const won = await inTransaction(strapi, async (trx) => {
        const changed = await submissions(trx)
          .where({ id, state: 'queued', claims })
          .update({
            state: 'submitting',
            phase: 'claimed',
            lease_token: mine.leaseToken,
            lease_until: nowPlusMs(trx, leaseMs),
            claims: mine.claim,
          });
        if (changed === 1) await beginAttempt(trx, mine);
        return changed === 1;
      });
      if (won) claimed.push(mine);
    }
    return claimed;
  };

  const beginAttempt = async (trx: Queries, { id, claim: number, leaseToken }: Claim): Promise<void> => {
    await trx(TABLES.attempts).insert({
      submission: id,
      claim: number,
      lease_token: leaseToken,
      started_at: nowMs(trx),
    });
  };

  const load = async ({ id, leaseToken, claim: number }: Claim) => {
    const row = await repository.find(db(), id);
    if (!row || row.leaseToken !== leaseToken) return null;
    const open: OpenRecipient[] = (await repository.recipientsOf(db(), [id]))
      .filter(({ state }) => isOpen(state))
      .map(({ email, state }) => ({ email, state }));
    return {
      id,
      leaseToken,
      claim: number,
      tenant: row.tenant,
      transport: row.transport,
      messageId: row.messageId,
      sizeBytes: row.sizeBytes,
      open,
      chunks: () => repository.chunksOf(db(), row.message),
    };
  };

  const renew = async (leaseTokens: readonly string[], leaseMs: number): Promise<Set<string>> => {
    await submissions(db())
      .whereIn('lease_token', [...leaseTokens])
      .andWhere('state', 'submitting')
      .update({ lease_until: nowPlusMs(db(), leaseMs) });
    const rows: { lease_token: string }[] = await submissions(db())
      .whereIn('lease_token', [...leaseTokens])
      .andWhere('state', 'submitting')
      .select('lease_token');
    return new Set(rows.map(({ lease_token }) => lease_token));
  };

  const isOurs = async ({ id, leaseToken }: Claim): Promise<boolean> =>
    (
      await submissions(db())
        .where({ id, lease_token: leaseToken, state: 'submitting', phase: 'transmitting' })
        .andWhere('lease_until', '>', nowMs(db()))
        .select('id')
    ).length === 1;

  /**
   * Writes an attempt's end. A late answer still counts if no later attempt was begun: it turns "uncertain" into what
   * the server said.
   */
  const finish = (held: Claim, outcome: Outcome): Promise<void> =>
    inTransaction(strapi, async (trx) => {
      const { id, leaseToken, claim: number } = held;
      const result = outcome.error?.code ?? outcome.recipients[0]?.state ?? 'ended';
      await endAttempt(trx, held, result, outcome.recipients.find(({ reply }) => reply !== null)?.reply ?? null);
      const changed = await submissions(trx)
        .where({ id, claims: number, lease_token: leaseToken })
        .whereIn('state', ['submitting', ...(outcome.error?.code === 'UNCERTAIN' ? [] : ['uncertain'])])
        .update({ attempts: outcome.counts ? trx.raw('attempts + 1') : trx.raw('attempts'), phase: null });
      if (changed !== 1) return;
      const rows = await repository.recipientsOf(trx, [id]);
      for (const { email, state, reply } of outcome.recipients) {
        const row = rows.find(
          (recipient) => recipient.email === email && (isOpen(recipient.state) || recipient.state === 'uncertain')
        );
        if (row)
          await trx(TABLES.recipients).where({ submission: id, position: row.position }).update({ state, reply });
      }
      await settle(trx, id, outcome.error);
    });

  const fail = (held: Claim, error: OutcomeError): Promise<void> =>
    inTransaction(strapi, async (trx) => {
      const changed = await submissions(trx)
        .where({ id: held.id, lease_token: held.leaseToken, phase: 'claimed' })
        .update({ phase: null });
      if (changed !== 1) return;
      await closeOpen(trx, held.id, 'rejected');
      await settle(trx, held.id, error);
      await endAttempt(trx, held, error.code);
    });

  /** Gives a claimed submission back, or one whose transmission we broke off before the end of data. */
  const release = (held: Claim): Promise<void> =>
    inTransaction(strapi, async (trx) => {
      const { id, leaseToken } = held;
      const [row]: { direct: unknown }[] = await submissions(trx)
        .where({ id, lease_token: leaseToken, state: 'submitting' })
        .select('direct');
      if (!row) return;
      await requeue(trx, held, row.direct, 'shutdown');
    });

  /** Nothing was handed over: back into the queue, unless there are no bytes to try again with. */
  const requeue = async (
    trx: Queries,
    held: Pick<Claim, 'id' | 'claim'>,
    direct: unknown,
    because: string
  ): Promise<void> => {
    await endAttempt(trx, held, because);
    if (bool(direct)) {
      await closeOpen(trx, held.id, 'rejected');
      await settle(trx, held.id, attemptFailed(because, 'The process ended before the message was handed over.'), {
        lease_token: null,
      });
    } else {
      await settle(trx, held.id, null, { lease_token: null });
    }
  };

  const reap = async (): Promise<void> => {
    const expired: { id: string; lease_token: string; phase: string; direct: unknown; claims: number }[] =
      await submissions(db())
        .where('state', 'submitting')
        .andWhere('lease_until', '<', nowMs(db()))
        .limit(100)
        .select('id', 'lease_token', 'phase', 'direct', 'claims');
    for (const { id, lease_token, phase, direct, claims } of expired) {
      await inTransaction(strapi, async (trx) => {
        // The heartbeat may have come back meanwhile.
        const changed = await submissions(trx)
          .where({ id, lease_token, phase })
          .andWhere('lease_until', '<', nowMs(trx))
          .update({ phase: null });
        if (changed !== 1) return;
        if (phase === 'claimed') return requeue(trx, { id, claim: claims }, direct, 'crash');
        await closeOpen(trx, id, 'uncertain');
        await endAttempt(trx, { id, claim: claims }, UNCERTAIN.code);
        // The token stays: if the process is alive after all, its answer may still be told.
        await settle(trx, id, UNCERTAIN);
      });
    }
  };

  return { claim, beginAttempt, load, pass: createPassage(strapi, decide), renew, isOurs, finish, fail, release, reap };
};

export type Outbox = ReturnType<typeof createOutbox>;
