import type { Core } from '@strapi/types';
import { attemptFailed, type OutcomeError } from '../domain/outcome';
import { isOpen } from '../domain/submission';
import { bool, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { inTransaction } from '../database/transaction';
import { finishPlain, isPlain } from './finish-plain';
import { heldBy } from './lease';
import { attemptOf, closeOpen, endAttempt, settle } from './settle';
import { submissionsRepository as repository } from './repository';
import type { Claim, Ending } from './protocol';

/** Reasons why a submission with a single attempt was not handed over. */
const NOT_HANDED_OVER = {
  crash: 'The process ended before the message was handed over.',
  shutdown: 'The process stopped before the message was handed over.',
  timeout: 'The mail server did not take the message in time.',
  paused: 'The mailbox is paused.',
} as const;

/** Writes the ends of attempts (delivery §3.5). Every write carries the lease token. */
export const createResults = (strapi: Core.Strapi) => {
  const submissions = (queries: Queries) => queries(TABLES.submissions);

  return { finish, fail, release, requeue };

  /** @returns for each, whether its submission changed */
  async function finish(endings: readonly Ending[]): Promise<boolean[]> {
    const ids = endings.map(({ claim }) => claim.id);
    const plain = endings.filter(
      (ending) => isPlain(ending) && ids.indexOf(ending.claim.id) === ids.lastIndexOf(ending.claim.id)
    );
    const together = await finishPlain(strapi, plain);
    const changed: boolean[] = [];
    for (const ending of endings)
      changed.push(together.has(ending) || (await inTransaction(strapi, (trx) => writeOne(trx, ending))));
    return changed;
  }

  /** Fails a claimed submission without a hand-over. @returns `false` if the lease was lost */
  function fail(held: Claim, error: OutcomeError): Promise<boolean> {
    return inTransaction(strapi, async (trx) => {
      const changed = await heldBy(submissions(trx), [held]).andWhere({ phase: 'claimed' }).update({ phase: null });
      if (Number(changed) !== 1) return false;
      await closeOpen(trx, held.id, 'rejected');
      await settle(trx, held.id, error);
      await endAttempt(trx, held, error.code);
      return true;
    });
  }

  /** Ends an attempt before the hand-over: back into the queue, or failed if the bytes were never stored. */
  async function requeue(
    trx: Queries,
    held: Pick<Claim, 'id' | 'claim'>,
    direct: unknown,
    because: keyof typeof NOT_HANDED_OVER
  ): Promise<void> {
    await endAttempt(trx, held, because);
    if (bool(direct)) {
      await closeOpen(trx, held.id, 'rejected');
      await settle(trx, held.id, attemptFailed(because, NOT_HANDED_OVER[because]), {
        lease_token: null,
      });
    } else {
      await settle(trx, held.id, null, { lease_token: null });
    }
  }

  /** Releases a claimed submission, or one whose transmission was aborted before the end of data. */
  function release(held: Claim, because: 'shutdown' | 'paused' | 'timeout'): Promise<boolean> {
    return inTransaction(strapi, async (trx) => {
      // The fence is a write: another process that has claimed it meanwhile keeps it.
      const changed = await heldBy(submissions(trx), [held]).andWhere({ state: 'submitting' }).update({ phase: null });
      if (Number(changed) !== 1) return false;
      const [row]: { direct: unknown }[] = await submissions(trx).where({ id: held.id }).select('direct');
      await requeue(trx, held, row?.direct, because);
      return true;
    });
  }

  /**
   * Writes one end. A late reply still counts if no later attempt has begun: it replaces "uncertain", and an acceptance
   * cancels a retry that a user requested. Otherwise it is recorded on its attempt.
   *
   * @returns whether the submission changed
   */
  async function writeOne(trx: Queries, { claim: held, outcome, retryAfterMs }: Ending): Promise<boolean> {
    const { id, leaseToken, claim } = held;
    const accepted = outcome.recipients.some(({ state }) => state === 'accepted');
    const { error, transport, recipients } = outcome;
    const result = error?.code ?? transport?.code ?? recipients[0]?.state ?? 'ended';
    const replyText = transport?.reply ?? recipients.find(({ reply }) => reply !== null)?.reply ?? null;
    const isFirstEnd = await endAttempt(trx, held, result, replyText);
    const states = [
      'submitting',
      ...(outcome.error?.code === 'UNCERTAIN' ? [] : ['uncertain']),
      ...(accepted ? ['queued'] : []),
    ];
    const changed = await submissions(trx)
      .where({ id, claims: claim, lease_token: leaseToken })
      .whereIn('state', states)
      .update({ attempts: outcome.counts ? trx.raw('attempts + 1') : trx.raw('attempts'), phase: null });
    if (Number(changed) !== 1) {
      if (accepted && isFirstEnd) await attemptOf(trx, held).update({ late: true });
      return false;
    }
    const rows = await repository.recipientsOf(trx, [id]);
    for (const { email, state, reply } of outcome.recipients) {
      const row = rows.find(
        (recipient) => recipient.email === email && (isOpen(recipient.state) || recipient.state === 'uncertain')
      );
      if (row) await trx(TABLES.recipients).where({ submission: id, position: row.position }).update({ state, reply });
    }
    await settle(trx, id, outcome.error, {}, retryAfterMs);
    return true;
  }
};

export type Results = ReturnType<typeof createResults>;
