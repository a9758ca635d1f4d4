import type { TextKey } from '../i18n/use-text';

/** Codes whose refusal has a next step for the user. */
export const NEXT_STEPS = [
  'INVALID_SUBJECT',
  'NO_RECIPIENTS',
  'TOO_LARGE',
  'FORBIDDEN_FROM',
  'FORBIDDEN_REPLY_TO',
  'FORBIDDEN_TO_SEND',
  'TENANT_MISMATCH',
  'MAILBOX_DISABLED',
  'OWN_ADDRESS_UNCONFIRMED',
  'SYSTEM_NOT_CONFIGURED',
  'TRANSPORT_CANNOT_CARRY',
  'IDEMPOTENCY_CONFLICT',
  'ATTACHMENT_NOT_FOUND',
  'INVALID_STATE',
  'CANNOT_UNSEND',
  'NOT_FOUND',
] as const;

/**
 * Returns the translation keys of a refusal's code.
 *
 * @param code a stable code; one of a newer server may have no translation
 * @returns `next` null: the user can do nothing
 */
export const refusalText = (code: string): { message: TextKey; next: TextKey | null } => {
  const step = NEXT_STEPS.find((known) => known === code);
  return { message: `refusal.${code}` as TextKey, next: step === undefined ? null : `next.${step}` };
};
