import { parseInstant } from '../../../server/src/contracts/instant';

describe('parseInstant', () => {
  it.each([
    ['2026-03-01T07:30Z', '2026-03-01T07:30:00.000Z'],
    ['2026-03-01T07:30:15Z', '2026-03-01T07:30:15.000Z'],
    ['2026-03-01T07:30:15.5Z', '2026-03-01T07:30:15.500Z'],
    ['2026-03-01T07:30:15,25Z', '2026-03-01T07:30:15.250Z'],
    ['2026-03-01T07:30:15.123456789Z', '2026-03-01T07:30:15.123Z'],
    ['2026-03-01T07:30:15.999999999Z', '2026-03-01T07:30:15.999Z'],
    ['2026-03-01T08:30+01:00', '2026-03-01T07:30:00.000Z'],
    ['2026-03-01T08:30:00+0100', '2026-03-01T07:30:00.000Z'],
    ['2026-03-01T08:30:00+01', '2026-03-01T07:30:00.000Z'],
    ['2026-03-01T02:00:00-05:30', '2026-03-01T07:30:00.000Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z'],
  ])('parses %j', (text, expected) => {
    expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(expected);
  });

  it.each([
    ['without a zone', '2026-03-01T07:30:00'],
    ['without a time', '2026-03-01'],
    ['without a time, with a zone', '2026-03-01Z'],
    ['to the hour only', '2026-03-01T07Z'],
    ['in the basic form', '20260301T073000Z'],
    ['with a blank for the T', '2026-03-01 07:30:00Z'],
    ['in small letters', '2026-03-01t07:30:00z'],
    ['on a day that does not exist', '2026-02-30T07:30:00Z'],
    ['on the 29th of February of a common year', '2026-02-29T07:30:00Z'],
    ['in a 13th month', '2026-13-01T07:30:00Z'],
    ['in a month 0', '2026-00-01T07:30:00Z'],
    ['on a day 0', '2026-03-00T07:30:00Z'],
    ['at an hour 24', '2026-03-01T24:00:00Z'],
    ['at a minute 60', '2026-03-01T07:60:00Z'],
    ['at a second 60', '2026-03-01T07:30:60Z'],
    ['in a zone that is none', '2026-03-01T07:30:00CET'],
    ['in a zone of 24 hours', '2026-03-01T07:30:00+24:00'],
    ['in a year with a sign', '+002026-03-01T07:30:00Z'],
    ['before a line end', '2026-03-01T07:30:00Z\n'],
    ['behind a blank', ' 2026-03-01T07:30:00Z'],
    ['in words', 'tomorrow'],
    ['as a number', '1772350200000'],
    ['empty', ''],
    ['in other digits', '２０２６-03-01T07:30:00Z'],
  ])('rejects a time %s: %j', (_, text) => {
    expect(parseInstant(text)).toBeNull();
  });
});
