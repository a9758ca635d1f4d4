import type { Transport } from './identity';

/** Lane of the system mailbox. The lane of a mailbox with its own transport is its documentId. */
export const SYSTEM_TRANSPORT = 'system';

export const laneOf = (transport: Transport): string =>
  transport.kind === 'system' ? SYSTEM_TRANSPORT : transport.mailbox;

/** Limits of one lane, shared by all processes. */
export interface LaneLimits {
  perMinute: number;
  connections: number;
}

/** Connections of a transport whose mailbox sets no number; the default of nodemailer's pool. */
export const DEFAULT_CONNECTIONS = 5;
