import * as yup from 'yup';
import { isZone } from '../../domain/zone';
import { parseInstant } from '../instant';
import { reject } from '../parse';

/** Clocks differ, and a form that was just filled in means "now". */
const MAX_PAST_MS = 5 * 60_000;
const MAX_AHEAD_MS = 366 * 24 * 3_600_000;

export const instant = () =>
  yup
    .string()
    .strict()
    .test('instant', 'is not ISO 8601 with a zone', (value) => value === undefined || parseInstant(value) !== null);

/** The longest name of the IANA time zone database is shorter. */
const ZONE_MAX = 64;

export const zone = () =>
  yup
    .string()
    .strict()
    .test(
      'zone',
      'is not the name of a zone',
      (value) => value === undefined || (value.length <= ZONE_MAX && isZone(value))
    );

export const idempotencyKey = () =>
  yup
    .string()
    .strict()
    .matches(/^[\x20-\x7e]{1,255}$/, 'is not 1 to 255 printable ASCII characters');

/** Refuses a time outside the allowed range; both arguments in milliseconds since the epoch. */
export const sendAtRefusal = (sendAt: number, now: number) =>
  sendAt < now - MAX_PAST_MS || sendAt > now + MAX_AHEAD_MS
    ? reject('INVALID_INPUT', {
        path: 'sendAt',
        reason: sendAt < now ? 'is more than 5 minutes ago' : 'is more than 366 days ahead',
      })
    : null;
