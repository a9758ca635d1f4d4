import type { Core } from '@strapi/types';
import type { Refusal } from '../domain/refusal';
import { acceptedOf, senderChange, type Accepted } from '../domain/submission';
import { nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { inTransaction } from '../database/transaction';
import type { CheckQuestion, Decided } from '../identities/service';
import { heldBy } from './lease';
import { closeOpen, endAttempt, settle } from './settle';
import { submissionsRepository as repository, type SubmissionRow } from './repository';
import type { Claim } from './protocol';

/** The single decision, for several submissions in at most five statements. */
export type Decide = (queries: Queries, questions: readonly CheckQuestion[]) => Promise<Decided[]>;

export const acceptedAs = ({ from, replyIdentity, replyTo, transport }: SubmissionRow): Accepted => ({
  fromKey: from.key,
  // The operator's default Reply-To is no identity: nothing decides it, then or now.
  replyKey: replyIdentity === null ? null : (replyTo?.key ?? null),
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
 * Claimed → transmitting, by compare-and-set and in the same number of statements for any number of them. The lease
 * begins anew: until it ends nobody else takes what goes.
 *
 * @returns ids of those that may go
 */
const transmit = async (trx: Queries, going: readonly Claim[], leaseMs: number): Promise<Set<string>> => {
  if (going.length === 0) return new Set();
  const changed = await heldBy(trx(TABLES.submissions), going)
    .andWhere('phase', 'claimed')
    .update({ phase: 'transmitting', lease_until: nowPlusMs(trx, leaseMs) });
  const gone: { id: string }[] =
    Number(changed) === going.length
      ? going.map(({ id }) => ({ id }))
      : await heldBy(trx(TABLES.submissions), going).andWhere('phase', 'transmitting').select('id');
  await heldBy(trx(TABLES.attempts), going, 'submission').update({ transmitting_at: nowMs(trx) });
  return new Set(gone.map(({ id }) => id));
};

/** The point of no return: facts, decision and compare-and-set in one short transaction (rules §8). */
export const createPassage =
  (strapi: Core.Strapi, decide: Decide) =>
  (claims: readonly Claim[], leaseMs: number): Promise<('go' | 'lost' | 'refused')[]> =>
    inTransaction(strapi, async (trx) => {
      const rows = await repository.findByIds(
        trx,
        claims.map(({ id }) => id)
      );
      const standing = claims.flatMap((held) => {
        const row = rows.find(
          ({ id, leaseToken, phase }) => id === held.id && leaseToken === held.leaseToken && phase === 'claimed'
        );
        return row ? [{ held, row }] : [];
      });
      const decisions = await decide(
        trx,
        standing.map(({ row: { actor, tenant, fromIdentity, replyIdentity } }) => ({
          actor,
          tenant,
          from: fromIdentity,
          replyTo: replyIdentity ?? undefined,
        }))
      );
      const going: Claim[] = [];
      const refused = new Set<Claim>();
      for (const [index, { held, row }] of standing.entries()) {
        const decision = decisions[index];
        if (!decision) throw new Error('[mailboxes] a question was not answered');
        const refusal = decision.allowed
          ? senderChange(acceptedAs(row), acceptedOf(decision.from, decision.replyTo))
          : decision;
        if (!refusal) going.push(held);
        else if (await refuse(trx, held, refusal)) refused.add(held);
      }
      const gone = await transmit(trx, going, leaseMs);
      return claims.map((held) => {
        if (refused.has(held)) return 'refused';
        return going.includes(held) && gone.has(held.id) ? 'go' : 'lost';
      });
    });
