import { fromAbsolute, toCalendarDate } from '@internationalized/date';

/** A calendar day in a zone: `2026-11-25`, and the moment at which it begins (milliseconds since the epoch). */
export interface Day {
  day: string;
  startsAt: number;
}

/**
 * The calendar days in a zone up to the one of `now`, oldest first. A day that clocks change on has 23 or 25 hours, and
 * one whose midnight does not exist begins later.
 */
export const daysUntil = (now: number, zone: string, count: number): Day[] => {
  const today = toCalendarDate(fromAbsolute(now, zone));
  return Array.from({ length: count }, (_, index) => {
    const date = today.subtract({ days: count - 1 - index });
    return { day: date.toString(), startsAt: date.toDate(zone).getTime() };
  });
};
