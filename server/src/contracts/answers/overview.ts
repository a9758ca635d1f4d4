import type { Transport } from '../../domain/identity';
import type { SubmissionState } from '../../domain/submission';
import type { PausedSince } from './mailbox';
import type { Submission } from './submission';

/** Problems and latest submissions of a tenant, for the widget of the home page. */
export interface Overview {
  /** Number of the author's failed submissions, or with `log.read` of the whole tenant's. */
  failed: number;
  uncertain: number;
  waiting: number;
  /** Due for more than 30 minutes and still queued. */
  late: number;
  /** Paused transports of the identities that the user may use. */
  paused: ({ kind: Transport['kind']; name: string; email: string } & PausedSince)[];
  recent: Submission[];
}

/** Number of submissions accepted in the last 30 days, by current state; oldest day first, no day omitted. */
export interface SubmissionsByDay {
  /** IANA name of the zone of the days */
  zone: string;
  days: {
    /** `2026-11-25` */
    day: string;
    counts: Record<SubmissionState, number>;
  }[];
}
