import { firstSuggestion, offsetText, sendAtOf, type OffsetAt } from '../../../admin/src/compose/send-later';

const utc = (iso: string): number => Date.parse(iso);
const NOW = utc('2026-01-15T12:00:00Z');

const always =
  (minutes: number): OffsetAt =>
  () =>
    minutes;

/** Central Europe in 2026: +02:00 from 29 March to 25 October, 01:00 UTC each. */
const berlin: OffsetAt = (ms) => (ms >= utc('2026-03-29T01:00:00Z') && ms < utc('2026-10-25T01:00:00Z') ? 120 : 60);
/** New York in 2026: -04:00 from 8 March 07:00 UTC to 1 November 06:00 UTC. */
const newYork: OffsetAt = (ms) => (ms >= utc('2026-03-08T07:00:00Z') && ms < utc('2026-11-01T06:00:00Z') ? -240 : -300);

describe('the moment meant by a date and a time', () => {
  it.each([
    ['in winter', '2026-01-20', '09:30', berlin, '2026-01-20T09:30:00+01:00', '2026-01-20T08:30:00Z'],
    ['in summer', '2026-07-20', '09:30', berlin, '2026-07-20T09:30:00+02:00', '2026-07-20T07:30:00Z'],
    ['west of Greenwich', '2026-07-20', '09:30', newYork, '2026-07-20T09:30:00-04:00', '2026-07-20T13:30:00Z'],
    ['with half an hour', '2026-07-20', '09:30', always(330), '2026-07-20T09:30:00+05:30', '2026-07-20T04:00:00Z'],
    [
      'before the clocks go forward',
      '2026-03-29',
      '01:59',
      berlin,
      '2026-03-29T01:59:00+01:00',
      '2026-03-29T00:59:00Z',
    ],
    [
      'after the clocks went forward',
      '2026-03-29',
      '03:00',
      berlin,
      '2026-03-29T03:00:00+02:00',
      '2026-03-29T01:00:00Z',
    ],
    [
      'that comes twice is the first',
      '2026-10-25',
      '02:30',
      berlin,
      '2026-10-25T02:30:00+02:00',
      '2026-10-25T00:30:00Z',
    ],
    ['after the clocks went back', '2026-10-25', '03:00', berlin, '2026-10-25T03:00:00+01:00', '2026-10-25T02:00:00Z'],
  ])('%s', (_, date, time, offsetAt, sendAt, moment) => {
    expect(sendAtOf({ date, time }, NOW, offsetAt)).toEqual({ ok: true, sendAt, ms: utc(moment) });
    expect(Date.parse(sendAt)).toBe(utc(moment));
  });

  it.each([
    ['a missing date', '', '09:30', 'date', 'missing'],
    ['a missing time', '2026-01-20', '', 'time', 'missing'],
    ['a day that does not exist', '2026-02-31x', '09:30', 'date', 'missing'],
    ['a time that the clocks skip', '2026-03-29', '02:30', 'time', 'gap'],
    ['this very moment', '2026-01-15', '13:00', 'time', 'past'],
    ['the past', '2026-01-15', '12:59', 'time', 'past'],
    ['more than 366 days ahead', '2027-01-17', '09:30', 'date', 'far'],
  ])('is refused for %s', (_, date, time, field, reason) => {
    expect(sendAtOf({ date, time }, NOW, berlin)).toEqual({ ok: false, field, reason });
  });

  it('may be 366 days ahead', () => {
    expect(sendAtOf({ date: '2027-01-16', time: '12:59' }, NOW, berlin)).toMatchObject({ ok: true });
  });
});

describe('what the fields start with', () => {
  it.each([
    ['2026-01-15T12:00:00Z', berlin, { date: '2026-01-15', time: '14:00' }],
    ['2026-01-15T12:00:01Z', berlin, { date: '2026-01-15', time: '15:00' }],
    ['2026-01-15T22:30:00Z', berlin, { date: '2026-01-16', time: '01:00' }],
    ['2026-01-15T12:00:00Z', newYork, { date: '2026-01-15', time: '08:00' }],
  ])('at %s is a full hour at least an hour away', (now, offsetAt, later) => {
    expect(firstSuggestion(utc(now), offsetAt)).toEqual(later);
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
