import type { Pause } from './mailbox';
import { pauseOf, type Mark, type Streak } from './outcome';

/** When to try again, and what several attempts in a row say about a transport (delivery §4). */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** By the number of the attempt that failed; the last one holds for all that follow. There is no limit on attempts, only age. */
const BACKOFF_MS = [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS);
const JITTER = 0.2;

/** How long an open circuit keeps a transport from being asked. */
export const CIRCUIT_MS = 5 * MINUTE_MS;
/** What waits for a transport that rests longer than that expires. */
export const LONGEST_PAUSE_MS = 7 * 24 * HOUR_MS;
/** Due for so long and not handed over: the author is warned. */
export const LATE_MS = 30 * MINUTE_MS;

/**
 * @param attempt 1-based: how many attempts were made so far
 * @param chance 0 (inclusive) to 1 (exclusive)
 * @returns milliseconds until the next attempt
 */
export const backoffMs = (attempt: number, chance: number): number => {
  const base = BACKOFF_MS[Math.min(Math.max(attempt, 1), BACKOFF_MS.length) - 1] ?? 0;
  return Math.round(base * (1 - JITTER + 2 * JITTER * chance));
};

/** How often in a row something went wrong with a transport. */
export type Streaks = Readonly<Record<Streak, number>>;

const NONE: Streaks = { unreachable: 0, hostUnknown: 0, senderRejected: 0 };
/** So many in a row open the circuit, or pause. */
const LIMIT: Streaks = { unreachable: 5, hostUnknown: 3, senderRejected: 3 };

export type Verdict =
  /** It goes on. */
  | { kind: 'open'; streaks: Streaks }
  /** Nobody asks it for `CIRCUIT_MS`; then one submission tries. */
  | { kind: 'circuit'; streaks: Streaks; pause: Pause }
  /** It rests until a person acts. */
  | { kind: 'pause'; streaks: Streaks; pause: Pause };

/** What the end of one more attempt says about its transport. */
export const judge = (before: Streaks, mark: Mark): Verdict => {
  switch (mark) {
    case 'sender-accepted':
      return { kind: 'open', streaks: NONE };
    case 'reached':
      return { kind: 'open', streaks: { ...NONE, senderRejected: before.senderRejected } };
    case 'unreachable': {
      const streaks = { ...before, unreachable: before.unreachable + 1 };
      return streaks.unreachable < LIMIT.unreachable
        ? { kind: 'open', streaks }
        : { kind: 'circuit', streaks, pause: pauseOf('UNREACHABLE') };
    }
    case 'hostUnknown':
      return paused({ ...before, hostUnknown: before.hostUnknown + 1 }, 'hostUnknown', 'HOST_UNKNOWN');
    case 'senderRejected':
      return paused({ ...NONE, senderRejected: before.senderRejected + 1 }, 'senderRejected', 'SENDER_REJECTED');
  }
};

const paused = (streaks: Streaks, streak: Streak, code: Pause['code']): Verdict =>
  streaks[streak] < LIMIT[streak] ? { kind: 'open', streaks } : { kind: 'pause', streaks: NONE, pause: pauseOf(code) };

/** A circuit that has just closed is probed by one submission at a time. */
export const isProbing = ({ unreachable }: Pick<Streaks, 'unreachable'>): boolean => unreachable >= LIMIT.unreachable;
