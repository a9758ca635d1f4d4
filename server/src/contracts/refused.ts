import { STATUS, type RefusalCode } from '../domain/refusal';

/** A refusal as it is thrown. Branch on `details.code`, never on the message. */
export interface MailboxesError extends Error {
  /** Of the HTTP answer. */
  status: number;
  details: { code: RefusalCode; [more: string]: unknown };
}

/** Also of one that another copy of this package threw. */
export const isMailboxesError = (error: unknown): error is MailboxesError =>
  error instanceof Error &&
  typeof (error as { status?: unknown }).status === 'number' &&
  Object.hasOwn(STATUS, String((error as { details?: { code?: unknown } }).details?.code));
