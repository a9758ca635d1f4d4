import type { AuthFields } from '../../domain/auth';
import type { Encryption, MailboxFacts, Pause } from '../../domain/mailbox';
import type { Signature } from '../../domain/signature';
import type { Grant } from './grant';

/** A pause with its start (ISO 8601). */
export interface PausedSince extends Pause {
  at: string;
}

/** A mailbox's own SMTP settings, without the password. */
export interface MailboxSmtp extends AuthFields {
  host: string;
  port: number;
  encryption: Encryption;
  hasPassword: boolean;
  passwordSetAt: string | null;
}

/** A mailbox: its input with every default, without the password. */
export interface Mailbox extends Omit<MailboxFacts, 'emailKey' | 'paused'> {
  smtp: MailboxSmtp | null;
  signature: Signature;
  limits: { perMinute: number; connections: number };
  state: 'ok' | 'paused';
  pausedBecause: PausedSince | null;
}

/** Answer of a save. */
export interface SavedMailbox extends Mailbox {
  /** The grants of `grants.add`, in its order; only in the answer to a save with `grants`. */
  grants?: Grant[];
}

export interface SystemMailboxStatus {
  email: string | null;
  configured: boolean;
  /** `provider`: Strapi's e-mail plugin, which only a test mail can check. */
  transport: 'smtp' | 'provider';
  state: 'ok' | 'paused';
  pausedBecause: PausedSince | null;
}
