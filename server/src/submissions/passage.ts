import type { Core } from '@strapi/types';
import type { Refusal } from '../domain/refusal';
import { acceptedOf, senderChange, type Accepted } from '../domain/submission';
import { nowMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { inTransaction } from '../database/transaction';
import type { CheckQuestion, Decided } from '../identities/service';
import { closeOpen, endAttempt, settle, type Claim } from './endings';
import { submissionsRepository as repository, type SubmissionRow } from './repository';

/** The single decision, for several submissions in at most five statements. */
export type Decide = (queries: Queries, questions: readonly CheckQuestion[]) => Promise<Decided[]>;

const acceptedAs = ({ from, replyTo, transport }: SubmissionRow): Accepted => ({
  fromKey: from.key,
  replyKey: replyTo?.key ?? null,
  transport: transport.kind === 'system' ? { kind: 'system' } : { kind: 'mailbox', mailbox: transport.mailbox },
});

/** @returns false where it is not ours any more */
const refuse = async (trx: Queries, held: Claim, { code, message, ...rest }: Refusal): Promise<boolean> => {
  const changed = await trx(TABLES.submissions)
    .where({ id: held.id, lease_token: held.leaseToken, phase: 'claimed' })
    .update({ phase: null });
  if (changed !== 1) return false;
  await closeOpen(trx, held.id, 'rejected');
  await settle(trx, held.id, { code, message, details: rest.details });
  await endAttempt(trx, held, code);
  return true;
};

/**
 * Claimed → transmitting, by compare-and-set and in the same number of statements for any number of them.
 *
 * @returns ids of those that may go
 */
const transmit = async (trx: Queries, going: readonly Claim[]): Promise<string[]> => {
  if (going.length === 0) return [];
  const ids = going.map(({ id }) => id);
  const tokens = going.map(({ leaseToken }) => leaseToken);
  await trx(TABLES.submissions)
    .whereIn('id', ids)
    .whereIn('lease_token', tokens)
    .andWhere('phase', 'claimed')
    .update({ phase: 'transmitting' });
  const gone: { id: string }[] = await trx(TABLES.submissions)
    .whereIn('id', ids)
    .whereIn('lease_token', tokens)
    .andWhere('phase', 'transmitting')
    .select('id');
  await trx(TABLES.attempts)
    .whereIn('submission', ids)
    .whereIn('lease_token', tokens)
    .update({ transmitting_at: nowMs(trx) });
  return gone.map(({ id }) => id);
};

/** The point of no return: facts, decision and compare-and-set in one short transaction (rules §8). */
export const createPassage =
  (strapi: Core.Strapi, decide: Decide) =>
  (claims: readonly Claim[]): Promise<Map<string, 'go' | 'lost' | 'refused'>> =>
    inTransaction(strapi, async (trx) => {
      const passages = new Map<string, 'go' | 'lost' | 'refused'>(claims.map(({ id }) => [id, 'lost']));
      const rows = (
        await repository.findByIds(
          trx,
          claims.map(({ id }) => id)
        )
      ).filter(({ id, leaseToken, phase }) =>
        claims.some((held) => held.id === id && held.leaseToken === leaseToken && phase === 'claimed')
      );
      const decisions = await decide(
        trx,
        rows.map(({ actor, tenant, fromIdentity, replyIdentity }) => ({
          actor,
          tenant,
          from: fromIdentity,
          replyTo: replyIdentity ?? undefined,
        }))
      );
      const going: Claim[] = [];
      for (const [index, row] of rows.entries()) {
        const held = claims.find(({ id }) => id === row.id);
        const decision = decisions[index];
        if (!held || !decision) continue;
        const refusal = decision.allowed
          ? senderChange(acceptedAs(row), acceptedOf(decision.from, decision.replyTo))
          : decision;
        if (!refusal) going.push(held);
        else if (await refuse(trx, held, refusal)) passages.set(row.id, 'refused');
      }
      for (const id of await transmit(trx, going)) passages.set(id, 'go');
      return passages;
    });
