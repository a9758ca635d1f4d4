import { fromAbsolute, toCalendarDate } from '@internationalized/date';

/** A calendar day in a zone: `2026-11-25`, and its first moment in milliseconds since the epoch. */
export interface Day {
  day: string;
  startsAt: number;
}

/**
 * Returns the last `count` calendar days in a zone up to the day of `now`, oldest first. A day with a clock change has 23
 * or 25 hours; a day without a midnight begins later.
 */
export const daysUntil = (now: number, zone: string, count: number): Day[] => {
  const today = toCalendarDate(fromAbsolute(now, zone));
  return Array.from({ length: count }, (_, index) => {
    const date = today.subtract({ days: count - 1 - index });
    return { day: date.toString(), startsAt: date.toDate(zone).getTime() };
  });
};
