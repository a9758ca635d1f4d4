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
      /** Clocks show it twice that day, because they go back: the first is meant. */
      twice: boolean;
    }
  | { ok: false; field: 'date' | 'time' | 'zone'; reason: 'missing' | 'gap' | 'past' | 'far' | 'unknown' };

const HOUR_MS = 3_600_000;
/** The contract's limit for `sendAt`. */
const MAX_AHEAD_MS = 366 * 24 * HOUR_MS;

const two = (value: number): string => String(value).padStart(2, '0');

/** `+01:00` of 60. */
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
 * The moment that an editor means with a date and a time of the clocks in a zone. A time that comes twice when clocks go
 * back means the first one; one that is skipped when they go forward is refused.
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

/** Date and time of a moment by the clocks of a zone. */
export const laterAt = (ms: number, zone: string): Later => {
  const [date = '', time = ''] = toCalendarDateTime(fromAbsolute(ms, zone)).toString().split('T');
  return { date, time: time.slice(0, 5), zone };
};

/** The next full hour that is at least an hour away: what the fields start with. */
export const firstSuggestion = (nowMs: number, zone: string = browserZone()): Later => {
  // By the zone's clocks: not every zone is whole hours away from another.
  const shift = fromAbsolute(nowMs, zone).offset;
  const hour = Math.ceil((nowMs + shift + HOUR_MS) / HOUR_MS) * HOUR_MS - shift;
  return laterAt(hour, zone);
};

/** As a draft keeps it, whether there is such a moment or not: RFC 9557 §4.1 with the zone's name. */
export const laterText = ({ date, time, zone }: Later): string => `${date}T${time}[${zone}]`;

/**
 * @param zoneOfMoment IANA name, for a text that is a moment and names no zone itself
 * @returns null for what no draft of ours holds
 */
export const laterOf = (text: string, zoneOfMoment?: string | null): Later | null => {
  const [, date, time, zone] = /^([\d-]{0,10})T([\d:]{0,8})\[([\w/+-]{1,64})\]$/.exec(text) ?? [];
  if (date !== undefined && time !== undefined && zone !== undefined) return { date, time, zone };
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : laterAt(ms, knownZone(zoneOfMoment));
};
