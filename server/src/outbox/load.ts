import { needsUtf8 } from '../domain/address';
import { isOpen } from '../domain/submission';
import type { Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { attemptRowsOf, type AttemptRow } from './claimed';
import { submissionsRepository as repository, type RecipientRow } from './repository';
import type { Claim, Job } from './protocol';

/** Messages up to this size are read together; larger ones are streamed during the hand-over. At most 100 per claim. */
const TOGETHER_BYTES = 64 * 1024;

/** Counts the attempts of each submission since it became due. */
const attemptsOf = async (queries: Queries, rows: readonly AttemptRow[]): Promise<Map<string, number>> => {
  const tried = rows.filter(({ attempts }) => attempts > 0).map(({ id }) => id);
  if (tried.length === 0) return new Map();
  const counts: { id: string; n: unknown }[] = await queries(`${TABLES.attempts} as a`)
    .join(`${TABLES.submissions} as s`, 's.id', 'a.submission')
    .whereIn('a.submission', tried)
    .whereNotNull('a.ended_at')
    .whereRaw('a.started_at >= s.due_at')
    .groupBy('a.submission')
    .select({ id: 'a.submission' })
    .count({ n: '*' });
  return new Map(counts.map(({ id, n }) => [id, Number(n)]));
};

/** Returns the addresses in the message's header, which excludes Bcc. */
const namedIn = (row: AttemptRow, recipients: readonly RecipientRow[]): string[] => [
  row.from.email,
  row.transport.email,
  ...(row.replyTo ? [row.replyTo.email] : []),
  ...recipients.filter(({ submission, field }) => submission === row.id && field !== 'bcc').map(({ email }) => email),
];

/** Reads claimed submissions in a constant number of statements; omits those whose lease was lost. */
export const loadClaims = async (queries: Queries, claims: readonly Claim[]): Promise<Job[]> => {
  const ids = claims.map(({ id }) => id);
  const [all, recipients] = await Promise.all([
    attemptRowsOf(queries, ids, TOGETHER_BYTES),
    repository.recipientsOf(queries, ids),
  ]);
  const rows = all.flatMap((row) => {
    const claim = claims.find(({ id, leaseToken }) => id === row.id && leaseToken === row.leaseToken);
    return claim ? [{ row, claim }] : [];
  });
  const attempts = await attemptsOf(
    queries,
    rows.map(({ row }) => row)
  );
  return rows.map(({ row, claim }) => ({
    ...claim,
    tenant: row.tenant,
    transport: row.transport,
    messageId: row.messageId,
    utf8Header: needsUtf8(namedIn(row, recipients)),
    sizeBytes: row.sizeBytes,
    direct: row.direct,
    attempts: Math.min(row.attempts, attempts.get(row.id) ?? 0),
    open: recipients
      .filter(({ submission, state }) => submission === row.id && isOpen(state))
      .map(({ email, state }) => ({ email, state })),
    chunks: () => (row.bytes ? once(row.bytes) : repository.chunksOf(queries, row.message)),
  }));
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
