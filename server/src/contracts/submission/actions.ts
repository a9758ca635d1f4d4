import * as yup from 'yup';
import { parseInstant } from '../instant';
import { accept, isPlainObject, parse, reject, type Parsed } from '../parse';
import { idempotencyKey, instant, sendAtRefusal, zone } from './fields';
import { ADDRESS_KEYS, addressList, readRecipients, unknownItemKey } from './recipients';
import type { SubmitLimits, SubmitRequest } from './submit';

/** The final state that a user sets for an uncertain submission. */
export const settleSchema = yup.object({
  as: yup
    .string()
    .strict()
    .oneOf(['submitted', 'failed'] as const)
    .required(),
});

export const resendSchema = yup.object({
  to: addressList(),
  idempotencyKey: idempotencyKey(),
});

export const rescheduleSchema = yup.object({ sendAt: instant().required(), sendZone: zone() });

/**
 * Reads the new time of a scheduled submission.
 *
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch, and the zone (null: not given); `UNKNOWN_FIELD`, `INVALID_INPUT`
 */
export const parseReschedule = (input: unknown, now: number): Parsed<{ sendAt: number; sendZone: string | null }> => {
  const parsed = parse(rescheduleSchema, input);
  if (!parsed.ok) return parsed;
  const sendAt = parseInstant(parsed.value.sendAt);
  if (sendAt === null) return reject('INVALID_INPUT', { path: 'sendAt' });
  return sendAtRefusal(sendAt, now) ?? accept({ sendAt, sendZone: parsed.value.sendZone ?? null });
};

/** Reads the other recipients of a resent submission. @returns the refusals of SubmitInput's `to` */
export const parseResend = (
  input: unknown,
  limits: SubmitLimits
): Parsed<Pick<SubmitRequest, 'recipients' | 'idempotencyKey'>> => {
  const unknownKey = isPlainObject(input) ? unknownItemKey(input, { to: ADDRESS_KEYS }) : null;
  const parsed = parse(resendSchema, input);
  if (!parsed.ok && parsed.refusal.code === 'UNKNOWN_FIELD') return parsed;
  if (unknownKey !== null) return reject('UNKNOWN_FIELD', { path: unknownKey });
  if (!parsed.ok) return parsed;
  const { to, idempotencyKey: key = null } = parsed.value;
  const recipients = readRecipients({ to, cc: undefined, bcc: undefined }, limits.recipients, false);
  return recipients.ok ? accept({ recipients: recipients.value, idempotencyKey: key }) : recipients;
};
