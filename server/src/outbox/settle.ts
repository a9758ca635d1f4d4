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
  message: 'The process that sent it ended before the mail server answered: the server may have it.',
};

/** Ends of an attempt that say only that its process did not tell. */
const GUESSES = ['crash', 'shutdown', 'timeout', 'paused', UNCERTAIN.code];

const errorColumns = (error: OutcomeError | Refusal | null) => ({
  error_code: error?.code ?? null,
  error_message: error?.message ?? null,
  error_details: error?.details ? JSON.stringify(error.details) : null,
});

/**
 * Ends a submission, or puts it back into the queue: its recipients' states say which (delivery §2).
 *
 * @param retryAfterMs how long what is queued again waits; null: not at all
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
      // Of this attempt's recipients none, but others were accepted before.
      ...errorColumns(state === 'submitted' && error?.code === 'RECIPIENTS_REJECTED' ? null : error),
      ...extra,
    });
};

/** Turns every recipient that is still open into `state` without a reply of a server. */
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

/** An attempt's row, as long as its end is not known: told once; only a guess is corrected by an answer that comes late. */
const untold = <Q extends ReturnType<Queries>>(query: Q): Q => {
  query.andWhere((where) => {
    where.whereNull('ended_at').orWhereIn('result', GUESSES);
  });
  return query;
};

export const attemptOf = (trx: Queries, { id, claim }: Pick<Claim, 'id' | 'claim'>) =>
  trx(TABLES.attempts).where({ submission: id, claim });

/** @returns false where its end had been told before */
export const endAttempt = async (
  trx: Queries,
  held: Pick<Claim, 'id' | 'claim'>,
  result: string,
  reply: string | null = null
): Promise<boolean> => Number(await untold(attemptOf(trx, held)).update({ ended_at: nowMs(trx), result, reply })) === 1;

/** The same end of many attempts; only the reply differs. */
export const endAttempts = async (
  trx: Queries,
  claims: readonly Claim[],
  result: string,
  reply: ReturnType<Queries['raw']>
): Promise<void> => {
  await untold(heldBy(trx(TABLES.attempts), claims, 'submission')).update({
    ended_at: nowMs(trx),
    result,
    reply: reply as never,
  });
};
