import { SYSTEM_TRANSPORT } from '../domain/lane';
import type { Pause } from '../domain/mailbox';
import type { Emit } from '../contracts/events';

export interface TransportNoticesDependencies {
  log: { warn: (text: string) => void };
  emit: Emit;
  /** Starts an attempt at the next claimable submission. */
  wake: () => void;
}

/** Reports to the log and to listeners that a transport was paused or resumed; `id` is a mailbox's or the system's. */
export function createTransportNotices({ log, emit, wake }: TransportNoticesDependencies) {
  return { paused, recovered };

  function paused(id: string, { code }: Pause): void {
    log.warn(`[mailboxes] ${id === SYSTEM_TRANSPORT ? 'the system mailbox' : `mailbox ${id}`} is paused: ${code}`);
    emit('mailboxes.mailbox.paused', { id, code });
  }

  function recovered(id: string): void {
    emit('mailboxes.mailbox.recovered', { id });
    wake();
  }
}
