import type { Transport } from '../domain/identity';
import type { OpenRecipient, Outcome, OutcomeError } from '../domain/outcome';

/** A submission that this process holds for one attempt: the token fences every write. */
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
  sizeBytes: number;
  open: OpenRecipient[];
  chunks: () => AsyncIterable<Uint8Array>;
}

/** What became of a claim at the point of no return. */
export type Passage = 'go' | 'lost' | 'refused';

/** The outbox as delivery sees it; kept by the submissions noun, every step safe with any number of processes. */
export interface DeliveryStore {
  /** Claims due submissions, oldest first. */
  claim(limit: number, leaseMs: number): Promise<Claim[]>;
  /** Null: it is not ours any more. */
  load(claim: Claim): Promise<Job | null>;
  /** One transaction for all that stand there: reads the facts, decides, lets go or ends (rules §8). */
  pass(claims: readonly Claim[]): Promise<Map<string, Passage>>;
  /** @returns the tokens that are still ours */
  renew(leaseTokens: readonly string[], leaseMs: number): Promise<Set<string>>;
  isOurs(claim: Claim): Promise<boolean>;
  finish(claim: Claim, outcome: Outcome): Promise<void>;
  /** Gives back what was claimed and did not reach the point of no return. */
  release(claim: Claim): Promise<void>;
  /** Ends a claimed submission that cannot be handed over at all. */
  fail(claim: Claim, error: OutcomeError): Promise<void>;
  /** Expired claimed → queued, expired transmitting → uncertain (delivery §3.6). */
  reap(): Promise<void>;
}
