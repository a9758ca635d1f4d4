import {
  firstSuggestion,
  laterAt,
  laterOf,
  laterText,
  offsetText,
  sendAtOf,
} from '../../../admin/src/compose/send-later';
import { browserZone } from '../../../admin/src/shared/time/zones';

const utc = (iso: string): number => Date.parse(iso);
const NOW = utc('2026-01-15T12:00:00Z');
const BERLIN = 'Europe/Berlin';

describe('the moment of a date, a time and a zone', () => {
  it.each([
    ['in winter', '2026-01-20', '09:30', BERLIN, '2026-01-20T09:30:00+01:00', '2026-01-20T08:30:00Z'],
    ['in summer', '2026-07-20', '09:30', BERLIN, '2026-07-20T09:30:00+02:00', '2026-07-20T07:30:00Z'],
    [
      'west of Greenwich',
      '2026-07-20',
      '09:30',
      'America/New_York',
      '2026-07-20T09:30:00-04:00',
      '2026-07-20T13:30:00Z',
    ],
    ['with 45 minutes', '2026-07-20', '09:30', 'Asia/Kathmandu', '2026-07-20T09:30:00+05:45', '2026-07-20T03:45:00Z'],
    ['before the gap', '2026-03-29', '01:59', BERLIN, '2026-03-29T01:59:00+01:00', '2026-03-29T00:59:00Z'],
    ['after the gap', '2026-03-29', '03:00', BERLIN, '2026-03-29T03:00:00+02:00', '2026-03-29T01:00:00Z'],
    ['after clocks went back', '2026-10-25', '03:00', BERLIN, '2026-10-25T03:00:00+01:00', '2026-10-25T02:00:00Z'],
    ['without a gap elsewhere', '2026-03-29', '02:30', 'UTC', '2026-03-29T02:30:00+00:00', '2026-03-29T02:30:00Z'],
  ])('%s', (_, date, time, zone, sendAt, moment) => {
    expect(sendAtOf({ date, time, zone }, NOW)).toEqual({ ok: true, sendAt, ms: utc(moment), twice: false });
    expect(Date.parse(sendAt)).toBe(utc(moment));
  });

  it('is the first of two when clocks go back, and is marked', () => {
    expect(sendAtOf({ date: '2026-10-25', time: '02:30', zone: BERLIN }, NOW)).toEqual({
      ok: true,
      sendAt: '2026-10-25T02:30:00+02:00',
      ms: utc('2026-10-25T00:30:00Z'),
      twice: true,
    });
  });

  it.each([
    ['a missing date', '', '09:30', BERLIN, 'date', 'missing'],
    ['a missing time', '2026-01-20', '', BERLIN, 'time', 'missing'],
    ['a day that does not exist', '2026-02-31', '09:30', BERLIN, 'date', 'missing'],
    ['a time that the clocks skip', '2026-03-29', '02:30', BERLIN, 'time', 'gap'],
    ['a time that the clocks skip elsewhere', '2026-03-08', '02:30', 'America/New_York', 'time', 'gap'],
    ['this very moment', '2026-01-15', '13:00', BERLIN, 'time', 'past'],
    ['the past', '2026-01-15', '12:59', BERLIN, 'time', 'past'],
    ['more than 366 days ahead', '2027-01-17', '09:30', BERLIN, 'date', 'far'],
    ['a zone that does not exist', '2026-01-20', '09:30', 'Europe/Atlantis', 'zone', 'unknown'],
    ['no zone', '2026-01-20', '09:30', '', 'zone', 'unknown'],
  ])('is refused for %s', (_, date, time, zone, field, reason) => {
    expect(sendAtOf({ date, time, zone }, NOW)).toEqual({ ok: false, field, reason });
  });

  it('is accepted up to 366 days ahead', () => {
    expect(sendAtOf({ date: '2027-01-16', time: '12:59', zone: BERLIN }, NOW)).toMatchObject({ ok: true });
  });
});

describe('the initial value of the fields', () => {
  it.each([
    ['2026-01-15T12:00:00Z', BERLIN, '2026-01-15', '14:00'],
    ['2026-01-15T12:00:01Z', BERLIN, '2026-01-15', '15:00'],
    ['2026-01-15T22:30:00Z', BERLIN, '2026-01-16', '01:00'],
    ['2026-01-15T12:00:00Z', 'America/New_York', '2026-01-15', '08:00'],
    ['2026-01-15T12:00:00Z', 'Asia/Kathmandu', '2026-01-15', '19:00'],
  ])('at %s in %s is a full hour at least an hour away', (now, zone, date, time) => {
    expect(firstSuggestion(utc(now), zone)).toEqual({ date, time, zone });
  });
});

describe('the scheduled time of a stored draft', () => {
  it.each([
    { date: '2026-03-29', time: '02:30', zone: BERLIN },
    { date: '', time: '09:30', zone: 'Etc/GMT+5' },
    { date: '2026-03-29', time: '', zone: 'America/Port-au-Prince' },
  ])('is unchanged after a round trip, skipped times included: %j', (later) => {
    expect(laterOf(laterText(later))).toEqual(later);
  });

  it('is shown in the zone of this device if it is a moment without a zone', () => {
    const ms = utc('2026-07-20T07:30:00Z');
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(laterOf('2026-07-20T09:30:00+02:00')).toEqual(laterAt(ms, zone));
  });

  it('is shown in the zone stored beside the moment', () => {
    expect(laterOf('2026-07-20T00:30:00Z', 'Asia/Tokyo')).toEqual({
      date: '2026-07-20',
      time: '09:30',
      zone: 'Asia/Tokyo',
    });
    expect(laterOf('2026-03-29T02:30[Europe/Berlin]', 'Asia/Tokyo')?.zone).toBe(BERLIN);
  });

  it.each(['Mars/Olympus_Mons', '', undefined, null])(
    'is shown in the zone of this device instead of the zone %j',
    (zone) => {
      const ms = utc('2026-07-20T07:30:00Z');
      expect(laterOf('2026-07-20T09:30:00+02:00', zone)).toEqual(laterAt(ms, browserZone()));
    }
  );

  it.each(['', 'tomorrow', '2026-07-20T09:30[<b>]'])('is null for an unreadable text: %j', (text) => {
    expect(laterOf(text)).toBeNull();
  });
});

describe('an offset', () => {
  it.each([
    [0, '+00:00'],
    [60, '+01:00'],
    [-240, '-04:00'],
    [330, '+05:30'],
    [-210, '-03:30'],
  ])('of %i minutes is %s', (minutes, text) => {
    expect(offsetText(minutes)).toBe(text);
  });
});
