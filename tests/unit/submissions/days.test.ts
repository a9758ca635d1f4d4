import { isZone } from '../../../server/src/domain/zone';
import { daysUntil } from '../../../server/src/submissions/queries/days';

const HOUR = 3_600_000;
const hoursOf = (now: string, zone: string): [string, number][] => {
  const days = daysUntil(Date.parse(now), zone, 4);
  return days
    .slice(1)
    .map(({ startsAt }, index) => [days[index]?.day ?? '', (startsAt - (days[index]?.startsAt ?? 0)) / HOUR]);
};

describe('the days of a zone', () => {
  it('end with the day of now, oldest first', () => {
    const now = Date.parse('2026-11-25T12:00:00Z');
    const days = daysUntil(now, 'UTC', 30);
    expect(days).toHaveLength(30);
    expect(days[0]).toEqual({ day: '2026-10-27', startsAt: Date.parse('2026-10-27T00:00:00Z') });
    expect(days[29]).toEqual({ day: '2026-11-25', startsAt: Date.parse('2026-11-25T00:00:00Z') });
  });

  it.each([
    ['Europe/Berlin', '2026-11-24T22:59:59Z', '2026-11-24', '2026-11-23T23:00:00Z'],
    ['Europe/Berlin', '2026-11-24T23:00:00Z', '2026-11-25', '2026-11-24T23:00:00Z'],
    ['Asia/Kathmandu', '2026-11-24T18:14:59Z', '2026-11-24', '2026-11-23T18:15:00Z'],
    ['Asia/Kathmandu', '2026-11-24T18:15:00Z', '2026-11-25', '2026-11-24T18:15:00Z'],
  ])('begin at midnight of the zone: %s, %s', (zone, now, day, startsAt) => {
    expect(daysUntil(Date.parse(now), zone, 1)).toEqual([{ day, startsAt: Date.parse(startsAt) }]);
  });

  it('have 23 and 25 hours on clock changes', () => {
    expect(hoursOf('2026-03-30T12:00:00Z', 'Europe/Berlin')).toEqual([
      ['2026-03-27', 24],
      ['2026-03-28', 24],
      ['2026-03-29', 23],
    ]);
    expect(hoursOf('2026-10-26T12:00:00Z', 'Europe/Berlin')).toContainEqual(['2026-10-25', 25]);
    expect(hoursOf('2026-03-30T12:00:00Z', 'Asia/Kathmandu').map(([, hours]) => hours)).toEqual([24, 24, 24]);
  });

  it('begin later without a midnight', () => {
    const [day] = daysUntil(Date.parse('2026-04-24T12:00:00Z'), 'Africa/Cairo', 1);
    expect(day).toEqual({ day: '2026-04-24', startsAt: Date.parse('2026-04-23T22:00:00Z') });
  });
});

describe('a zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/Argentina/Buenos_Aires'])('is %s', (zone) => {
    expect(isZone(zone)).toBe(true);
  });

  it.each(['', 'Mars/Olympus', '+01:00', 'Europe', '../etc/passwd', 'UTC\u0000', 'Europe/Berlin ', '<b>'])(
    'is not %j',
    (zone) => {
      expect(isZone(zone)).toBe(false);
    }
  );
});
