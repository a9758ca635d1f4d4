import type { Pause } from './mailbox';
import { pauseOf, type Mark, type Streak } from './outcome';

/* Time of the next attempt, and transport health after consecutive failures (delivery §4). */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** By number of the failed attempt; the last entry applies to every later one. Age is limited, attempts are not. */
const BACKOFF_MS = [1, 5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE_MS);
const JITTER = 0.2;

/** Back-off of an unreachable transport. */
export const CIRCUIT_MS = 5 * MINUTE_MS;
/** Submissions expire if their transport is paused for longer. */
export const LONGEST_PAUSE_MS = 7 * 24 * HOUR_MS;
/** Queue age after which the author is warned. */
export const LATE_MS = 30 * MINUTE_MS;

/**
 * @param attempt number of attempts made so far, from 1
 * @param chance 0 (inclusive) to 1 (exclusive)
 * @returns milliseconds until the next attempt
 */
export const backoffMs = (attempt: number, chance: number): number => {
  const base = BACKOFF_MS[Math.min(Math.max(attempt, 1), BACKOFF_MS.length) - 1] ?? 0;
  return Math.round(base * (1 - JITTER + 2 * JITTER * chance));
};

/** Number of consecutive failures of a transport. */
export type Streaks = Readonly<Record<Streak, number>>;

const NONE: Streaks = { unreachable: 0, hostUnknown: 0, senderRejected: 0 };
/** Number of consecutive failures after which a transport is unreachable or paused. */
const LIMIT: Streaks = { unreachable: 5, hostUnknown: 3, senderRejected: 3 };

/** New transport health. */
export type Verdict =
  /** No change. */
  | { kind: 'open'; streaks: Streaks }
  /** Unreachable for `CIRCUIT_MS`; then one submission probes it. */
  | { kind: 'circuit'; streaks: Streaks; pause: Pause }
  /** Paused until an administrator resumes it. */
  | { kind: 'pause'; streaks: Streaks; pause: Pause };

/** Returns the transport health after one more attempt. */
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

/** Tests whether the transport was unreachable and is probed by one submission at a time. */
export const isProbing = ({ unreachable }: Pick<Streaks, 'unreachable'>): boolean => unreachable >= LIMIT.unreachable;
