import { isOpen } from '../domain/submission';
import type { Transport } from '../domain/identity';
import type { OpenRecipient } from '../domain/outcome';
import type { Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import type { Claim } from './claims';
import { submissionsRepository as repository } from './repository';

/** What an attempt needs to know of a claimed submission. */
export interface LoadedClaim extends Claim {
  tenant: string;
  transport: Transport;
  messageId: string;
  sizeBytes: number;
  direct: boolean;
  attempts: number;
  open: OpenRecipient[];
  chunks: () => AsyncIterable<Uint8Array>;
}

/** Small messages are read together; what is larger stays in the database until it is handed over. */
const TOGETHER_BYTES = 64 * 1024;
const TOGETHER_AT_MOST_BYTES = 4 * 1024 * 1024;

const firstChunks = async (queries: Queries, messages: readonly string[]): Promise<Map<string, Buffer>> => {
  if (messages.length === 0) return new Map();
  const rows: { message: string; bytes: Buffer }[] = await queries(TABLES.chunks)
    .whereIn('message', [...messages])
    .andWhere('position', 0)
    .select('message', 'bytes');
  return new Map(rows.map(({ message, bytes }) => [message, bytes]));
};

/** Reads what is claimed, in a number of statements that does not grow with it; what is not ours any more is left out. */
export const loadClaims = async (queries: Queries, claims: readonly Claim[]): Promise<LoadedClaim[]> => {
  const ids = claims.map(({ id }) => id);
  const rows = (await repository.findByIds(queries, ids)).flatMap((row) => {
    const claim = claims.find(({ id, leaseToken }) => id === row.id && leaseToken === row.leaseToken);
    return claim ? [{ row, claim }] : [];
  });
  const recipients = await repository.recipientsOf(queries, ids);
  let together = 0;
  const small = rows.flatMap(({ row }) => {
    if (row.sizeBytes > TOGETHER_BYTES || (together += row.sizeBytes) > TOGETHER_AT_MOST_BYTES) return [];
    return [row.message];
  });
  const read = await firstChunks(queries, small);
  return rows.map(({ row, claim }) => ({
    ...claim,
    tenant: row.tenant,
    transport: row.transport,
    messageId: row.messageId,
    sizeBytes: row.sizeBytes,
    direct: row.direct,
    attempts: row.attempts,
    open: recipients
      .filter(({ submission, state }) => submission === row.id && isOpen(state))
      .map(({ email, state }) => ({ email, state })),
    chunks: () => {
      const bytes = read.get(row.message);
      return bytes ? once(bytes) : repository.chunksOf(queries, row.message);
    },
  }));
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
