import { sameAuth, type Auth } from './auth';

/** Why a transport is paused (contract "Services"); affects delivery, not permission. */
export type PauseCode =
  | 'AUTH_FAILED'
  | 'AUTH_NOT_OFFERED'
  | 'TLS_FAILED'
  | 'HOST_UNKNOWN'
  | 'HOST_NOT_ALLOWED'
  | 'SERVER_REFUSED'
  | 'SENDER_REJECTED'
  | 'SECRET_REQUIRED'
  | 'SECRET_UNREADABLE'
  | 'UNREACHABLE';

/** Encryption of the connection: TLS from the start, STARTTLS, or clear text. */
export type Encryption = 'tls' | 'starttls' | 'none';

/** A mailbox's own SMTP settings, without the secret of the login. */
export interface OwnSmtp {
  host: string;
  port: number;
  encryption: Encryption;
  auth: Auth;
}

export interface Pause {
  code: PauseCode;
  message: string;
}

/** Switches of a mailbox, with their defaults. */
export interface MailboxFlags {
  /** true */
  enabled: boolean;
  /** Offered in From; true. */
  sender: boolean;
  /** Offered in Reply-To; true. */
  reply: boolean;
  /** Usable in every tenant; false. */
  global: boolean;
  /** Usable by grant only; false. */
  restricted: boolean;
  /** Sends over `smtp`; false. Switching it off deletes settings and password. */
  authenticated: boolean;
}

/** The fields of a mailbox that the decision depends on (rules §2, §3). */
export interface MailboxFacts extends MailboxFlags {
  /** documentId */
  id: string;
  /** documentId of the tenant that owns it */
  tenant: string;
  /** Local part as typed, domain as A-label. */
  email: string;
  /** Compared form (rules §7). */
  emailKey: string;
  name: string;
  /** Shown with the entry. Affects no decision, only the preselected From. */
  paused: Pause | null;
}

/** Returns whether server and login stay the same, so that the stored secret may be kept (security 3). */
export const sameAccount = (before: OwnSmtp | null, after: OwnSmtp): boolean =>
  before !== null &&
  before.host.toLowerCase() === after.host.toLowerCase() &&
  before.port === after.port &&
  before.encryption === after.encryption &&
  sameAuth(before.auth, after.auth);
