import type { Actor } from '../domain/actor';
import { deriveState } from '../domain/submission';
import { appendAudit } from '../audit/record';
import { nowMs, readNow, type Queries } from '../database/dialect';
import { giveDraftsBack } from '../drafts/link-to-submission';
import { TABLES } from '../database/tables';
import { submissionsRepository as repository } from './repository';

export interface Cancellation {
  by: Actor;
  /** A new token: a process with an old lease stops at the point of no return. */
  leaseToken: string;
}

/** Maximum number of ids in one statement. */
const GROUP = 500;

const NONE_ACCEPTED = 'The mail server accepted none of the recipients.';

const cancelGroup = async (
  trx: Queries,
  ids: readonly string[],
  { by, leaseToken }: Cancellation
): Promise<string[]> => {
  await trx(TABLES.submissions)
    .whereIn('id', [...ids])
    .andWhere((where) => {
      where.whereIn('state', ['held', 'queued']).orWhere({ state: 'submitting', phase: 'claimed' });
    })
    .update({ lease_token: leaseToken, lease_until: null, phase: null });
  const rows: { id: string; tenant: string; draft: string | null }[] = await trx(TABLES.submissions)
    .whereIn('id', [...ids])
    .andWhere('lease_token', leaseToken)
    .select('id', 'tenant', 'draft');
  const ours = rows.map(({ id }) => id);
  if (ours.length === 0) return [];
  await trx(TABLES.recipients)
    .whereIn('submission', ours)
    .whereIn('state', ['pending', 'deferred'])
    .update({ state: 'canceled' });
  await trx(TABLES.attempts)
    .whereIn('submission', ours)
    .whereNull('ended_at')
    .update({ ended_at: nowMs(trx), result: 'canceled' });

  // Reads the latest state, even in an old transaction of the caller.
  const recipients = await repository.recipientsOf(trx, ours, 'latest');
  const endOf = (id: string) =>
    deriveState(recipients.filter(({ submission }) => submission === id).map(({ state }) => state));
  for (const state of ['canceled', 'submitted', 'failed', 'uncertain'] as const) {
    const ending = ours.filter((id) => endOf(id) === state);
    if (ending.length === 0) continue;
    await trx(TABLES.submissions)
      .whereIn('id', ending)
      .update({
        state,
        settled_at: nowMs(trx),
        next_attempt_at: null,
        ...(state === 'canceled' || state === 'submitted'
          ? { error_code: null, error_message: null, error_details: null }
          : {}),
      });
    if (state === 'failed')
      await trx(TABLES.submissions)
        .whereIn('id', ending)
        .whereNull('error_code')
        .update({ error_code: 'RECIPIENTS_REJECTED', error_message: NONE_ACCEPTED });
  }
  // Without an accepted recipient the author gets the draft back.
  const unsent = rows.filter(({ id }) => ['canceled', 'failed'].includes(endOf(id)));
  await giveDraftsBack(trx, unsent);
  const at = await readNow(trx);
  for (const { id, tenant } of rows)
    await appendAudit(trx, at, { actor: by, action: 'submission.canceled', tenant, object: id });
  return ours;
};

/**
 * Cancels held, queued and claimed submissions (delivery §2). A submission with accepted recipients ends as submitted.
 *
 * @returns the ids of the canceled submissions; transmitting and ended ones are unchanged
 */
export const cancelSubmissions = async (
  trx: Queries,
  ids: readonly string[],
  cancellation: Cancellation
): Promise<string[]> => {
  const canceled: string[] = [];
  for (let start = 0; start < ids.length; start += GROUP)
    canceled.push(...(await cancelGroup(trx, ids.slice(start, start + GROUP), cancellation)));
  return canceled;
};
