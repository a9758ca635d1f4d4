import { bool, textOf, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { senderOf, type Raw, type Sender, type SubmissionRow } from './repository';

/** A claimed submission as the decision before its transmission reads it. */
export type ClaimedSubmission = Sender & Pick<SubmissionRow, 'id' | 'leaseToken'>;

/** A claimed submission as its attempt reads it. */
export type AttemptRow = ClaimedSubmission &
  Pick<SubmissionRow, 'message' | 'messageId' | 'sizeBytes' | 'direct' | 'attempts'> & {
    /** The message's bytes, if it is small enough to be read with others. */
    bytes: Buffer | null;
  };

const SENDER_COLUMNS = [
  'actor_user',
  'actor_system',
  'tenant',
  'from_identity',
  'from_name',
  'from_email',
  'from_key',
  'reply_identity',
  'reply_name',
  'reply_email',
  'reply_key',
  'transport_kind',
  'transport_mailbox',
  'transport_name',
  'transport_email',
].map((column) => `s.${column}`);

/** Reads claimed submissions whose transmission has not begun. */
export const claimedOf = async (queries: Queries, ids: readonly string[]): Promise<ClaimedSubmission[]> => {
  const rows: Raw[] = await queries(`${TABLES.submissions} as s`)
    .whereIn('s.id', [...ids])
    .andWhere('s.phase', 'claimed')
    .select('s.id', 's.lease_token', ...SENDER_COLUMNS);
  return rows.map((raw) => ({ ...senderOf(raw), id: String(raw.id), leaseToken: textOf(raw.lease_token) }));
};

/** @param togetherBytes maximum size of a message whose bytes are read in the same statement, at most one chunk */
export const attemptRowsOf = async (
  queries: Queries,
  ids: readonly string[],
  togetherBytes: number
): Promise<AttemptRow[]> => {
  const rows: Raw[] = await queries(`${TABLES.submissions} as s`)
    .join(`${TABLES.messages} as m`, 'm.id', 's.message')
    .leftJoin(`${TABLES.chunks} as c`, (on) => {
      on.on('c.message', 's.message').andOnVal('c.position', 0).andOnVal('m.size_bytes', '<=', togetherBytes);
    })
    .whereIn('s.id', [...ids])
    .select('s.id', 's.message', 's.lease_token', 's.direct', 's.attempts', ...SENDER_COLUMNS)
    .select('m.header_id', 'm.size_bytes', 'c.bytes');
  return rows.map((raw) => ({
    ...senderOf(raw),
    id: String(raw.id),
    message: String(raw.message),
    leaseToken: textOf(raw.lease_token),
    messageId: String(raw.header_id),
    sizeBytes: Number(raw.size_bytes),
    direct: bool(raw.direct),
    attempts: Number(raw.attempts),
    bytes: (raw.bytes ?? null) as Buffer | null,
  }));
};
