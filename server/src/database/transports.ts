import type { Pause } from '../domain/mailbox';
import { int, type Queries } from './dialect';
import { TABLES } from './tables';

/** The system mailbox's row among the transports; every other id is a mailbox's documentId. */
export const SYSTEM_TRANSPORT = 'system';

/** Why a transport rests, and since when (milliseconds since the epoch); null: it does not. */
export const readPause = async (queries: Queries, id: string): Promise<(Pause & { at: number }) | null> => {
  const [row]: { paused_code: Pause['code'] | null; paused_message: string | null; paused_at: unknown }[] =
    await queries(TABLES.transports).where({ id }).select('paused_code', 'paused_message', 'paused_at');
  if (!row?.paused_code) return null;
  return { code: row.paused_code, message: row.paused_message ?? '', at: int(row.paused_at) ?? 0 };
};

/** Lets a transport rest until a person acts. The newest reason is told. */
export const pauseTransport = async (
  queries: Queries,
  id: string,
  { code, message }: Pause,
  now: number
): Promise<boolean> => {
  if ((await readPause(queries, id))?.code === code) return false;
  const values = { paused_code: code, paused_message: message, paused_at: now };
  await queries(TABLES.transports)
    .insert({ id, ...values })
    .onConflict('id')
    .merge();
  return true;
};

export const resumeTransport = async (queries: Queries, id: string): Promise<boolean> =>
  (await queries(TABLES.transports).where({ id }).delete()) > 0;
