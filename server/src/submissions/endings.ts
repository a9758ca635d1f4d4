import type { Refusal } from '../domain/refusal';
import type { OutcomeError } from '../domain/outcome';
import { deriveState, isSettled } from '../domain/submission';
import { nowMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { submissionsRepository as repository } from './repository';

/** A submission that a worker holds: the token fences every write. */
export interface Claim {
  id: string;
  leaseToken: string;
  claim: number;
}

export const UNCERTAIN: OutcomeError = {
  code: 'UNCERTAIN',
  message: 'The process that sent it ended before the mail server answered: the server may have it.',
};

/** Ends of an attempt that say only that its process did not tell. */
const GUESSES = ['crash', 'shutdown', UNCERTAIN.code];

const errorColumns = (error: OutcomeError | Refusal | null) => ({
  error_code: error?.code ?? null,
  error_message: error?.message ?? null,
  error_details: error?.details ? JSON.stringify(error.details) : null,
});

/** Ends a submission: its recipients' states say which end (delivery §2). */
export const settle = async (
  trx: Queries,
  id: string,
  error: OutcomeError | Refusal | null,
  extra: Record<string, unknown> = {}
): Promise<void> => {
  const states = (await repository.recipientsOf(trx, [id])).map(({ state }) => state);
  const state = deriveState(states);
  await trx(TABLES.submissions)
    .where({ id })
    .update({
      state,
      phase: null,
      settled_at: isSettled(state) ? nowMs(trx) : null,
      next_attempt_at: state === 'queued' ? nowMs(trx) : null,
      lease_until: null,
      ...errorColumns(error),
      ...extra,
    });
};

/** Turns every recipient that is still open into `state` without a reply of a server. */
export const closeOpen = async (trx: Queries, id: string, state: 'rejected' | 'uncertain'): Promise<void> => {
  await trx(TABLES.recipients)
    .where({ submission: id })
    .whereIn('state', ['pending', 'deferred'])
    .update({ state, reply: null });
};

export const endAttempt = async (
  trx: Queries,
  { id, claim }: Pick<Claim, 'id' | 'claim'>,
  result: string,
  reply: string | null = null
): Promise<void> => {
  await trx(TABLES.attempts)
    .where({ submission: id, claim })
    // Told once; only what was a guess may be corrected by an answer that comes late.
    .andWhere((where) => {
      where.whereNull('ended_at').orWhereIn('result', GUESSES);
    })
    .update({ ended_at: nowMs(trx), result, reply });
};
