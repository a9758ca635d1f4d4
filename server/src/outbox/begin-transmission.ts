import type { Core } from '@strapi/types';
import type { Refusal } from '../domain/refusal';
import { acceptedOf, senderChange, type Accepted } from '../domain/submission';
import { nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { inTransaction } from '../database/transaction';
import type { CheckQuestion, Decided } from '../identities/service';
import { heldBy } from './lease';
import { closeOpen, endAttempt, settle } from './settle';
import { claimedOf, type ClaimedSubmission } from './claimed';
import type { SubmissionRow } from './repository';
import type { BeginResult, Claim } from './protocol';

/** Decides for several submissions in at most five statements. */
export type Decide = (queries: Queries, questions: readonly CheckQuestion[]) => Promise<Decided[]>;

type Sender = Pick<SubmissionRow, 'from' | 'replyIdentity' | 'replyTo' | 'transport'>;

export const acceptedAs = ({ from, replyIdentity, replyTo, transport }: Sender): Accepted => ({
  fromKey: from.key,
  // The operator's default Reply-To is no identity and needs no decision.
  replyKey: replyIdentity === null ? null : (replyTo?.key ?? null),
  transport: transport.kind === 'system' ? { kind: 'system' } : { kind: 'mailbox', mailbox: transport.mailbox },
});

interface ClaimedRow {
  claim: Claim;
  row: ClaimedSubmission;
}

/**
 * Begins the transmission of claimed submissions, the point of no return: reads the facts, decides and compares-and-sets
 * in one short transaction (rules §8).
 *
 * @returns one result per claim, in the same order
 */
export const createBeginTransmission =
  (strapi: Core.Strapi, decide: Decide) =>
  (claims: readonly Claim[], leaseMs: number): Promise<BeginResult[]> =>
    inTransaction(strapi, async (trx) => {
      const current = await currentRows(trx, claims);
      const decisions = await decide(trx, current.map(questionOf));
      const allowed: Claim[] = [];
      const refused = new Set<Claim>();
      for (const [index, { claim, row }] of current.entries()) {
        const decision = decisions[index];
        if (!decision) throw new Error('[mailboxes] decide() returned fewer decisions than questions');
        const refusal = decision.allowed
          ? senderChange(acceptedAs(row), acceptedOf(decision.from, decision.replyTo))
          : decision;
        if (!refusal) allowed.push(claim);
        else if (await refuse(trx, claim, refusal)) refused.add(claim);
      }
      const begun = await transmit(trx, allowed, leaseMs);
      return claims.map((claim) => {
        if (refused.has(claim)) return 'refused';
        return allowed.includes(claim) && begun.has(claim.id) ? 'go' : 'lost';
      });
    });

/** Reads the rows that these claims still lease. */
const currentRows = async (trx: Queries, claims: readonly Claim[]): Promise<ClaimedRow[]> => {
  const rows = await claimedOf(
    trx,
    claims.map(({ id }) => id)
  );
  return claims.flatMap((claim) => {
    const row = rows.find(({ id, leaseToken }) => id === claim.id && leaseToken === claim.leaseToken);
    return row ? [{ claim, row }] : [];
  });
};

const questionOf = ({ row: { actor, tenant, fromIdentity, replyIdentity } }: ClaimedRow): CheckQuestion => ({
  actor,
  tenant,
  from: fromIdentity,
  replyTo: replyIdentity ?? undefined,
});

/** @returns `false` if the lease was lost */
const refuse = async (trx: Queries, claim: Claim, { code, message, ...rest }: Refusal): Promise<boolean> => {
  const changed = await trx(TABLES.submissions)
    .where({ id: claim.id, lease_token: claim.leaseToken, phase: 'claimed' })
    .update({ phase: null });
  if (changed !== 1) return false;
  await closeOpen(trx, claim.id, 'rejected');
  await settle(trx, claim.id, { code, message, details: rest.details });
  await endAttempt(trx, claim, code);
  return true;
};

/**
 * Claimed → transmitting, by compare-and-set; the number of statements does not depend on the number of claims. Renews
 * the lease: no other process claims the submission before it ends.
 *
 * @returns ids of the submissions to transmit
 */
const transmit = async (trx: Queries, allowed: readonly Claim[], leaseMs: number): Promise<Set<string>> => {
  if (allowed.length === 0) return new Set();
  const changed = await heldBy(trx(TABLES.submissions), allowed)
    .andWhere('phase', 'claimed')
    .update({ phase: 'transmitting', lease_until: nowPlusMs(trx, leaseMs) });
  const begun: { id: string }[] =
    Number(changed) === allowed.length
      ? allowed.map(({ id }) => ({ id }))
      : await heldBy(trx(TABLES.submissions), allowed).andWhere('phase', 'transmitting').select('id');
  await heldBy(trx(TABLES.attempts), allowed, 'submission').update({ transmitting_at: nowMs(trx) });
  return new Set(begun.map(({ id }) => id));
};
