import type { Core } from '@strapi/types';
import { dialectOf, NOW_MS, nowMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { inStatement, inTransaction } from '../database/transaction';
import { eachOf, heldBy } from './lease';
import { endAttempts } from './settle';
import type { Ending } from './protocol';

/** Returns whether every recipient was accepted with the same reply: the usual end. */
export const isPlain = ({ outcome: { error, recipients, counts } }: Ending): boolean =>
  error === null &&
  counts &&
  recipients.length > 0 &&
  recipients.every(({ state, reply }) => state === 'accepted' && reply === recipients[0]?.reply);

const replyOf = ({ outcome }: Ending): string | null => outcome.recipients[0]?.reply ?? null;

/**
 * Writes plain ends together, each by compare-and-set on its lease token.
 *
 * @param endings of different submissions
 * @returns the written ones; the others have to be written one by one
 */
export const finishPlain = async (strapi: Core.Strapi, endings: readonly Ending[]): Promise<Set<Ending>> => {
  if (endings.length === 0) return new Set();
  if (dialectOf(strapi.db.connection) === 'postgres') {
    const ids = await inStatement(strapi, (queries) => writeInOneStatement(queries, endings));
    return new Set(endings.filter(({ claim }) => ids.has(claim.id)));
  }
  try {
    await inTransaction(strapi, (trx) => writeAll(trx, endings));
    return new Set(endings);
  } catch (error) {
    if (error instanceof BatchMismatchError) return new Set();
    throw error;
  }
};

/** Thrown to roll back when a lease of the batch was lost. */
class BatchMismatchError extends Error {}

const SUBMITTED = {
  state: 'submitted',
  phase: null,
  next_attempt_at: null,
  lease_until: null,
  error_code: null,
  error_message: null,
  error_details: null,
};

const writeAll = async (trx: Queries, endings: readonly Ending[]): Promise<void> => {
  const claims = endings.map(({ claim }) => claim);
  const changed = await heldBy(trx(TABLES.submissions), claims)
    .andWhere({ state: 'submitting' })
    .update({ ...SUBMITTED, attempts: trx.raw('attempts + 1'), settled_at: nowMs(trx) });
  if (Number(changed) !== endings.length) throw new BatchMismatchError();
  const replies = new Map(endings.map((ending) => [ending.claim.id, replyOf(ending)]));
  await trx(TABLES.recipients)
    .whereIn(
      'submission',
      claims.map(({ id }) => id)
    )
    .whereIn('state', ['pending', 'deferred'])
    .update({ state: 'accepted', reply: eachOf(trx, 'submission', replies) as never });
  await endAttempts(trx, claims, 'accepted', eachOf(trx, 'submission', replies));
};

/** One round trip, and one commit without a transaction around it. The attempt of a lease in force has no end. */
const WRITE_IN_ONE = `
  WITH written AS (
    UPDATE ${TABLES.submissions} AS s
    SET ${Object.entries(SUBMITTED)
      .map(([column, value]) => `${column} = ${value === null ? 'NULL' : `'${value}'`}`)
      .join(', ')}, attempts = s.attempts + 1, settled_at = ${NOW_MS.postgres}
    FROM json_to_recordset(?::json) AS e(id text, lease_token text, reply text)
    WHERE s.id = e.id AND s.lease_token = e.lease_token AND s.state = 'submitting'
    RETURNING s.id, e.lease_token, e.reply
  ), recipients AS (
    UPDATE ${TABLES.recipients} AS r SET state = 'accepted', reply = w.reply
    FROM written AS w WHERE r.submission = w.id AND r.state IN ('pending', 'deferred')
  ), attempts AS (
    UPDATE ${TABLES.attempts} AS a SET ended_at = ${NOW_MS.postgres}, result = 'accepted', reply = w.reply
    FROM written AS w WHERE a.submission = w.id AND a.lease_token = w.lease_token
  )
  SELECT id FROM written`;

const writeInOneStatement = async (queries: Queries, endings: readonly Ending[]): Promise<Set<string>> => {
  const rows = endings.map((ending) => ({
    id: ending.claim.id,
    lease_token: ending.claim.leaseToken,
    reply: replyOf(ending),
  }));
  const { rows: written } = (await queries.raw(WRITE_IN_ONE, [JSON.stringify(rows)])) as { rows: { id: string }[] };
  return new Set(written.map(({ id }) => id));
};
