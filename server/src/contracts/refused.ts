import { STATUS, type RefusalCode } from '../domain/refusal';

/** A thrown refusal. Branch on `details.code`, never on the message. */
export interface MailboxesError extends Error {
  /** HTTP status */
  status: number;
  details: { code: RefusalCode; [more: string]: unknown };
}

/** Also recognizes an error of another copy of this package. */
export const isMailboxesError = (error: unknown): error is MailboxesError =>
  error instanceof Error &&
  typeof (error as { status?: unknown }).status === 'number' &&
  Object.hasOwn(STATUS, String((error as { details?: { code?: unknown } }).details?.code));
