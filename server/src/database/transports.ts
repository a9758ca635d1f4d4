import type { Pause } from '../domain/mailbox';
import type { Queries } from './dialect';
import { TABLES } from './tables';

/** The system mailbox's row among the transports; every other id is a mailbox's documentId. */
export const SYSTEM_TRANSPORT = 'system';

/** Lets a transport rest until a person acts. The newest reason is told. */
export const pauseTransport = async (
  queries: Queries,
  id: string,
  { code, message }: Pause,
  now: number
): Promise<boolean> => {
  const [row]: { paused_code: string | null }[] = await queries(TABLES.transports).where({ id }).select('paused_code');
  if (row?.paused_code === code) return false;
  const values = { paused_code: code, paused_message: message, paused_at: now };
  await queries(TABLES.transports)
    .insert({ id, ...values })
    .onConflict('id')
    .merge();
  return true;
};

export const resumeTransport = async (queries: Queries, id: string): Promise<boolean> =>
  (await queries(TABLES.transports).where({ id }).delete()) > 0;
