/** Permission of one user or one role to use one restricted mailbox (rules §2). */
export interface GrantFacts {
  /** documentId of the mailbox */
  mailbox: string;
  user: number | null;
  role: number | null;
  /** Milliseconds since the epoch; null: no end. */
  expiresAt: number | null;
}

/** Tests whether the grant has not expired at `now` (milliseconds since the epoch). */
export const isValid = (grant: GrantFacts, now: number): boolean => grant.expiresAt === null || grant.expiresAt > now;
