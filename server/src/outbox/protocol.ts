import type { Transport } from '../domain/identity';
import type { OpenRecipient, Outcome, OutcomeError } from '../domain/outcome';
import type { Held } from '../domain/shares';

/** Lease of a submission for one attempt: the token fences every write. Submissions claimed together share it. */
export interface Claim {
  id: string;
  leaseToken: string;
  /** 1-based: which claim of this submission it is. */
  claim: number;
}

/** What an attempt needs to know of a claimed submission. */
export interface Job extends Claim {
  tenant: string;
  transport: Transport;
  messageId: string;
  /** An address in its header has letters before the @ that need SMTPUTF8 (RFC 6531). */
  utf8Header: boolean;
  sizeBytes: number;
  /** Handed over in the caller's time: one attempt, and no second one. */
  direct: boolean;
  /** How many attempts were made before this one, since it became due or a person asked for it again. */
  attempts: number;
  open: OpenRecipient[];
  chunks: () => AsyncIterable<Uint8Array>;
}

/** Result of begin-transmission for one claim. */
export type Passage = 'go' | 'lost' | 'refused';

/** An attempt's end, to be written. */
export interface Ending {
  claim: Claim;
  outcome: Outcome;
  /** For what is left open; null: as soon as its transport goes on. */
  retryAfterMs: number | null;
}

/** The outbox as delivery sees it; kept by the submissions noun, every step safe with any number of processes. */
export interface DeliveryStore {
  /**
   * Claims due submissions, fairly among the transports and within their limits; together in one transaction.
   *
   * @param slots how many at most, of transports that are not slow
   * @param held what this process holds already; default: nothing
   * @returns `more`: something is due that a limit may have kept
   */
  claim(slots: number, leaseMs: number, held?: Held): Promise<{ jobs: Job[]; more: boolean }>;
  /** Null: it is not ours any more. */
  load(claim: Claim): Promise<Job | null>;
  /** One transaction for all that stand there: reads the facts, decides, lets go or ends (rules §8). In their order. */
  pass(claims: readonly Claim[], leaseMs: number): Promise<Passage[]>;
  renew(claims: readonly Claim[], leaseMs: number): Promise<void>;
  isOurs(claim: Claim): Promise<boolean>;
  /** Writes the ends of attempts, together in one transaction where they are plain. Says for each if that changed it. */
  finish(endings: readonly Ending[]): Promise<boolean[]>;
  /** Gives back what was claimed and did not reach the point of no return. */
  release(claim: Claim, because: 'shutdown' | 'paused' | 'timeout'): Promise<boolean>;
  /** Ends a claimed submission that cannot be handed over at all. */
  fail(claim: Claim, error: OutcomeError): Promise<boolean>;
  /**
   * Expired claimed → queued, expired transmitting → uncertain (delivery §3.6), too old → failed.
   *
   * @returns ids of those that ended
   */
  reap(): Promise<string[]>;
}
