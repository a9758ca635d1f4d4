import type { RefusalCode } from '../domain/refusal';

/** Mode of the guard for Strapi's own mail with a From (contract "Package", `guard.mode`). */
export type GuardMode = 'off' | 'report' | 'enforce';

/** `GET /mailboxes/guard`: mode and actor of the guard. */
export interface GuardStatus {
  mode: GuardMode;
  /** The configured system actor; null: the reserved `guard`, which has no mailboxes. */
  actor: string | null;
  /** The system mailbox's address; null: not configured. */
  systemEmail: string | null;
  /** Whether the guard wraps Strapi's e-mail provider; false with `off`. */
  wrapped: boolean;
}

/** `GET /mailboxes/guard/findings`: one From of one caller, with the number of its mails. */
export interface GuardFinding {
  id: string;
  /** The given From, shortened and printable; '' if nothing printable is left. */
  from: string;
  /** Compared form (rules §7); null: the From is not a single address. */
  address: string | null;
  /** A hint: route of the request ('POST /email'), and nearest package or file in the stack; 'unknown' without both. */
  caller: string;
  count: number;
  /** ISO 8601 */
  firstAt: string;
  /** ISO 8601 */
  lastAt: string;
  /** The refusal with `enforce`. */
  verdict: RefusalCode;
}

/** The finding of one mail. Equal findings are counted. */
export type Found = Pick<GuardFinding, 'from' | 'address' | 'caller' | 'verdict'>;
