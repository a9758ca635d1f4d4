/** Formats milliseconds since the epoch as answers do: ISO 8601 in UTC. @returns null for null */
export const iso = <T>(ms: T): T extends null ? null : string =>
  (ms === null ? null : new Date(Number(ms)).toISOString()) as T extends null ? null : string;

/** ISO 8601, extended form, to the minute or finer, with a zone: `2026-03-01T08:30+01:00`, `2026-03-01T07:30:00.5Z`. */
const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?(?:Z|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)$/;

/**
 * Parses a point in time. A time without a zone is ambiguous, so it is refused.
 *
 * @returns milliseconds since the epoch, finer parts cut off; null for every other form and for days that do not exist
 */
export const parseInstant = (text: string): number | null => {
  const [, year, month, day, hour, minute, second = '0', fraction = '0', sign, zoneHour = '0', zoneMinute = '0'] =
    INSTANT.exec(text) ?? [];
  if (year === undefined) return null;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // `setUTCFullYear` turns the 30th of February into the 2nd of March.
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return null;
  const ms = Math.trunc(Number(`0.${fraction}`) * 1000);
  const local = date.setUTCHours(Number(hour), Number(minute), Number(second), ms);
  const offsetMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return sign === '-' ? local + offsetMs : local - offsetMs;
};
