import type { Transport } from '../domain/identity';
import type { OpenRecipient, Outcome, OutcomeError } from '../domain/outcome';
import type { Held } from '../domain/shares';
import type { Pending } from './pending';

/** Lease of a submission for one attempt: the token fences every write. Submissions claimed together share it. */
export interface Claim {
  id: string;
  leaseToken: string;
  /** Number of this claim of the submission, from 1. */
  claim: number;
}

/** A claimed submission with the data of its attempt. */
export interface Job extends Claim {
  tenant: string;
  transport: Transport;
  messageId: string;
  /** An address in its header has letters before the @ that need SMTPUTF8 (RFC 6531). */
  utf8Header: boolean;
  sizeBytes: number;
  /** Handed over in the caller's time: one attempt, no retry. */
  direct: boolean;
  /** Number of earlier attempts since the submission became due or a user retried it. */
  attempts: number;
  open: OpenRecipient[];
  chunks: () => AsyncIterable<Uint8Array>;
}

/** Result of begin-transmission for one claim. */
export type BeginResult = 'go' | 'lost' | 'refused';

/** The end of an attempt, to be written. */
export interface Ending {
  claim: Claim;
  outcome: Outcome;
  /** Delay before the next attempt for open recipients; `null`: when the transport resumes. */
  retryAfterMs: number | null;
}

/** Steps of the delivery protocol; each is safe with any number of processes. */
export interface DeliveryStore {
  /**
   * Claims due submissions in one transaction, fairly among the transports and within their limits.
   *
   * @param slots maximum number of submissions, without those of slow transports
   * @param held submissions that this process is delivering; default: none
   * @param enqueueHeld first enqueues held submissions that have become due; default: true
   * @returns `more`: other submissions are due that a limit may block
   */
  claim(slots: number, leaseMs: number, held?: Held, enqueueHeld?: boolean): Promise<{ jobs: Job[]; more: boolean }>;
  /** `null` if the lease was lost. */
  load(claim: Claim): Promise<Job | null>;
  /** Decides again in one transaction, then starts or refuses each (rules §8). One result per claim, in order. */
  beginTransmission(claims: readonly Claim[], leaseMs: number): Promise<BeginResult[]>;
  renew(claims: readonly Claim[], leaseMs: number): Promise<void>;
  isOurs(claim: Claim): Promise<boolean>;
  /** Writes the ends of attempts, plain ones in one transaction. Returns for each whether its submission changed. */
  finish(endings: readonly Ending[]): Promise<boolean[]>;
  /** Returns a claimed submission to the queue before the end of data. */
  release(claim: Claim, because: 'shutdown' | 'paused' | 'timeout'): Promise<boolean>;
  /** Fails a claimed submission that cannot be handed over. */
  fail(claim: Claim, error: OutcomeError): Promise<boolean>;
  /** Reads whether there is anything to claim or to reap, in one statement. */
  pending(): Promise<Pending>;
  /**
   * Expired claimed → queued, expired transmitting → uncertain (delivery §3.6), too old → failed.
   *
   * @returns ids of the submissions that changed
   */
  reap(): Promise<string[]>;
}
