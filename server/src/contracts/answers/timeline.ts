import type { NamedActor } from '../../domain/actor';
import type { SettledAs } from '../../domain/submission-actions';

/** The actor of an entry; `name` is the user's, null for a system actor or a deleted user. */
interface ByActor {
  at: string;
  by: NamedActor;
  name: string | null;
}

/** One entry of a submission's history, oldest first. Times are ISO 8601. */
export type TimelineEntry =
  | { kind: 'accepted'; at: string }
  | (ByActor & { kind: 'canceled' | 'retried' | 'settled'; as?: SettledAs })
  /** `submission`: the one that was sent to other recipients. */
  | (ByActor & { kind: 'resent'; submission: string })
  | (ByActor & { kind: 'rescheduled'; sendAt: string })
  | {
      kind: 'attempt';
      at: string;
      /** Number of the claim, from 1. */
      claim: number;
      /** Begin of the transmission: from then on the server may have the message. */
      transmittingAt: string | null;
      endedAt: string | null;
      /** A recipient's state, an outcome's or a pause's code, or 'crash', 'shutdown', 'timeout'; null while it runs. */
      result: string | null;
      reply: string | null;
      /** The server replied after a later attempt had begun. */
      late: boolean;
    };
