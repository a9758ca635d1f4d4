import type { Refusal } from '../domain/refusal';
import type { OutcomeError } from '../domain/outcome';
import { deriveState, isSettled } from '../domain/submission';
import { nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { heldBy } from './lease';
import { submissionsRepository as repository } from './repository';
import type { Claim } from './protocol';

export const UNCERTAIN: OutcomeError = {
  code: 'UNCERTAIN',
  message: 'The process ended before the mail server replied: the server may have accepted the message.',
};

/** Results inferred because the process never reported one; a late SMTP reply overwrites them. */
const INFERRED = ['crash', 'shutdown', 'timeout', 'paused', UNCERTAIN.code];

const errorColumns = (error: OutcomeError | Refusal | null) => ({
  error_code: error?.code ?? null,
  error_message: error?.message ?? null,
  error_details: error?.details ? JSON.stringify(error.details) : null,
});

/**
 * Derives the state of a submission from its recipients: settled, or queued again (delivery §2).
 *
 * @param retryAfterMs delay of a queued submission; `null`: none
 */
export const settle = async (
  trx: Queries,
  id: string,
  error: OutcomeError | Refusal | null,
  extra: Record<string, unknown> = {},
  retryAfterMs: number | null = null
): Promise<void> => {
  const states = (await repository.recipientsOf(trx, [id])).map(({ state }) => state);
  const state = deriveState(states);
  await trx(TABLES.submissions)
    .where({ id })
    .update({
      state,
      phase: null,
      settled_at: isSettled(state) ? nowMs(trx) : null,
      next_attempt_at: state === 'queued' ? nowPlusMs(trx, retryAfterMs ?? 0) : null,
      lease_until: null,
      // This attempt's recipients were rejected, but others were accepted before.
      ...errorColumns(state === 'submitted' && error?.code === 'RECIPIENTS_REJECTED' ? null : error),
      ...extra,
    });
};

/** Sets every open recipient to `state`, without a server's reply. */
export const closeOpen = async (
  trx: Queries,
  id: string,
  state: 'rejected' | 'uncertain' | 'expired'
): Promise<void> => {
  await trx(TABLES.recipients)
    .where({ submission: id })
    .whereIn('state', ['pending', 'deferred'])
    .update({ state, reply: null });
};

/** Narrows to attempts without a reported end, so that it is written once; a late reply replaces an inferred end. */
const withoutReportedEnd = <Q extends ReturnType<Queries>>(query: Q): Q => {
  query.andWhere((where) => {
    where.whereNull('ended_at').orWhereIn('result', INFERRED);
  });
  return query;
};

export const attemptOf = (trx: Queries, { id, claim }: Pick<Claim, 'id' | 'claim'>) =>
  trx(TABLES.attempts).where({ submission: id, claim });

/** Writes the end of an attempt. @returns `false` if an end was reported before */
export const endAttempt = async (
  trx: Queries,
  held: Pick<Claim, 'id' | 'claim'>,
  result: string,
  reply: string | null = null
): Promise<boolean> =>
  Number(await withoutReportedEnd(attemptOf(trx, held)).update({ ended_at: nowMs(trx), result, reply })) === 1;

/** Writes the same result for many attempts; only the reply differs. */
export const endAttempts = async (
  trx: Queries,
  claims: readonly Claim[],
  result: string,
  reply: ReturnType<Queries['raw']>
): Promise<void> => {
  await withoutReportedEnd(heldBy(trx(TABLES.attempts), claims, 'submission')).update({
    ended_at: nowMs(trx),
    result,
    reply: reply as never,
  });
};
