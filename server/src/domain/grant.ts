/** The right of one user or one role to use one restricted mailbox (rules §2). */
export interface GrantFacts {
  /** documentId of the mailbox */
  mailbox: string;
  user: number | null;
  role: number | null;
  /** Milliseconds since the epoch; null: no end. */
  expiresAt: number | null;
}

/** A grant holds while its end lies later than now. One whose user and role are both gone names nobody. */
export const isValid = (grant: GrantFacts, now: number): boolean => grant.expiresAt === null || grant.expiresAt > now;
