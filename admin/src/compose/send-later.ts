import type { Later } from './draft';

/** Minutes east of UTC that clocks show at a moment (milliseconds since the epoch). */
export type OffsetAt = (ms: number) => number;

export type SendAt =
  | { ok: true; sendAt: string; ms: number }
  | { ok: false; field: 'date' | 'time'; reason: 'missing' | 'gap' | 'past' | 'far' };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The contract's limit for `sendAt`. */
const MAX_AHEAD_MS = 366 * DAY_MS;

const two = (value: number): string => String(value).padStart(2, '0');

/** `+01:00` of 60. */
export const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

/** Date and time of a clock as if it were UTC; null where a field is not filled in. */
const wallClock = ({ date, time }: Later): number | null => {
  const at = Date.parse(`${date}T${time.slice(0, 5)}:00Z`);
  return Number.isNaN(at) ? null : at;
};

/**
 * The moment that an editor means with a date and a time of the own clock, as ISO 8601 with that clock's offset.
 * A time that comes twice when clocks go back means the first one; one that is skipped when they go forward is refused.
 */
export const sendAtOf = (later: Later, nowMs: number, offsetAt: OffsetAt): SendAt => {
  if (later.date === '') return { ok: false, field: 'date', reason: 'missing' };
  const wall = wallClock(later);
  if (wall === null) return { ok: false, field: later.time === '' ? 'time' : 'date', reason: 'missing' };
  // Offsets of a day before and a day after: a change of the clocks lies between them.
  const candidates = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)]
    .map((minutes) => ({ minutes, ms: wall - minutes * MINUTE_MS }))
    .filter(({ minutes, ms }) => offsetAt(ms) === minutes)
    .sort((a, b) => a.ms - b.ms);
  const [first] = candidates;
  if (!first) return { ok: false, field: 'time', reason: 'gap' };
  if (first.ms <= nowMs) return { ok: false, field: 'time', reason: 'past' };
  if (first.ms > nowMs + MAX_AHEAD_MS) return { ok: false, field: 'date', reason: 'far' };
  const sendAt = `${later.date}T${later.time.slice(0, 5)}:00${offsetText(first.minutes)}`;
  return { ok: true, sendAt, ms: first.ms };
};

/** The next full hour that is at least an hour away, by the clock that `offsetAt` describes: what the fields start with. */
export const firstSuggestion = (nowMs: number, offsetAt: OffsetAt): Later => {
  const wall = nowMs + offsetAt(nowMs) * MINUTE_MS;
  const hour = Math.ceil((wall + 60 * MINUTE_MS) / (60 * MINUTE_MS)) * 60 * MINUTE_MS;
  const [date = '', time = ''] = new Date(hour).toISOString().split('T');
  return { date, time: time.slice(0, 5) };
};

/** Of this browser. */
export const browserOffsetAt: OffsetAt = (ms) => -new Date(ms).getTimezoneOffset();
