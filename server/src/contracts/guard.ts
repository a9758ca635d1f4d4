import type { RefusalCode } from '../domain/refusal';

/** What the guard does with mail of Strapi's own that names a From (contract "Package", `guard.mode`). */
export type GuardMode = 'off' | 'report' | 'enforce';

/** `GET /mailboxes/guard`: what the guard is set to, and for whom it acts. */
export interface GuardStatus {
  mode: GuardMode;
  /** The configured system actor; null: the reserved `guard`, which has no mailboxes. */
  actor: string | null;
  /** The system mailbox's address; null: it is not set up. */
  systemEmail: string | null;
  /** Does Strapi's provider pass the guard now? Never with `off`. */
  wrapped: boolean;
}

/** `GET /mailboxes/guard/findings`: one From that one caller used, and how often. */
export interface GuardFinding {
  id: string;
  /** As it was given, shortened and printable; '' if nothing of it can be shown. */
  from: string;
  /** In the compared form (rules §7); null: the From could not be read as one address. */
  address: string | null;
  /** Hint: route of the request ('POST /email'), and nearest package or file in the stack; 'unknown' without either. */
  caller: string;
  count: number;
  /** ISO 8601 */
  firstAt: string;
  /** ISO 8601 */
  lastAt: string;
  /** What `enforce` would answer. */
  verdict: RefusalCode;
}

/** What is found in one mail: counted by its caller, its From and its verdict. */
export type Found = Pick<GuardFinding, 'from' | 'address' | 'caller' | 'verdict'>;
