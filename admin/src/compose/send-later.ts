import { fromAbsolute, parseDateTime, toCalendarDateTime, toZoned, type ZonedDateTime } from '@internationalized/date';
import { isZone } from '../../../server/src/contracts/checks';
import { browserZone, knownZone } from '../shared/time/zones';
import type { Later } from './draft/draft';

export type SendAt =
  | {
      ok: true;
      /** ISO 8601 with the zone's offset. */
      sendAt: string;
      /** Milliseconds since the epoch. */
      ms: number;
      /** The clocks go back and show this time twice; `ms` is the first occurrence. */
      twice: boolean;
    }
  | { ok: false; field: 'date' | 'time' | 'zone'; reason: 'missing' | 'gap' | 'past' | 'far' | 'unknown' };

const HOUR_MS = 3_600_000;
/** The contract's limit for `sendAt`. */
const MAX_AHEAD_MS = 366 * 24 * HOUR_MS;

const two = (value: number): string => String(value).padStart(2, '0');

/** Formats an offset in minutes: 60 as `+01:00`. */
export const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

const attempt = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

const minutesOf = ({ offset }: ZonedDateTime): number => offset / 60_000;

/**
 * Returns the moment of a date and a time in a zone, or the field that is invalid. A time that occurs twice when clocks go
 * back means the first occurrence; a time skipped when they go forward is refused.
 *
 * @param nowMs milliseconds since the epoch
 */
export const sendAtOf = ({ date, time, zone }: Later, nowMs: number): SendAt => {
  if (!isZone(zone)) return { ok: false, field: 'zone', reason: 'unknown' };
  if (date === '') return { ok: false, field: 'date', reason: 'missing' };
  if (time === '') return { ok: false, field: 'time', reason: 'missing' };
  const wall = attempt(() => parseDateTime(`${date}T${time.slice(0, 5)}`));
  if (wall === null) return { ok: false, field: 'date', reason: 'missing' };
  const first = toZoned(wall, zone, 'earlier');
  if (toCalendarDateTime(first).compare(wall) !== 0) return { ok: false, field: 'time', reason: 'gap' };
  const ms = first.toDate().getTime();
  if (ms <= nowMs) return { ok: false, field: 'time', reason: 'past' };
  if (ms > nowMs + MAX_AHEAD_MS) return { ok: false, field: 'date', reason: 'far' };
  const sendAt = `${date}T${time.slice(0, 5)}:00${offsetText(minutesOf(first))}`;
  return { ok: true, sendAt, ms, twice: toZoned(wall, zone, 'later').compare(first) !== 0 };
};

/** Returns date and time of a moment in a zone. */
export const laterAt = (ms: number, zone: string): Later => {
  const [date = '', time = ''] = toCalendarDateTime(fromAbsolute(ms, zone)).toString().split('T');
  return { date, time: time.slice(0, 5), zone };
};

/** Returns the initial value of the fields: the next full hour that is at least one hour away. */
export const firstSuggestion = (nowMs: number, zone: string = browserZone()): Later => {
  // Full hours of the zone: some offsets are not whole hours.
  const shift = fromAbsolute(nowMs, zone).offset;
  const hour = Math.ceil((nowMs + shift + HOUR_MS) / HOUR_MS) * HOUR_MS - shift;
  return laterAt(hour, zone);
};

/** Formats a scheduled time for a stored draft (RFC 9557 §4.1, with the zone's name). Accepts skipped and invalid times. */
export const laterText = ({ date, time, zone }: Later): string => `${date}T${time}[${zone}]`;

/**
 * Parses the scheduled time of a stored draft.
 *
 * @param zoneOfMoment IANA name, for a text without a zone of its own
 * @returns null if the text is no time
 */
export const laterOf = (text: string, zoneOfMoment?: string | null): Later | null => {
  const [, date, time, zone] = /^([\d-]{0,10})T([\d:]{0,8})\[([\w/+-]{1,64})\]$/.exec(text) ?? [];
  if (date !== undefined && time !== undefined && zone !== undefined) return { date, time, zone };
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : laterAt(ms, knownZone(zoneOfMoment));
};
