import { errors } from '@strapi/utils';
import type { OutcomeError } from '../domain/outcome';
import { refusal, STATUS, type Refusal, type RefusalCode } from '../domain/refusal';
import { isMailboxesError } from '../contracts/refused';
import type { Parsed } from '../contracts/parse';

/** The error with which services throw a refusal. Branch on `details.code`. */
export class MailboxesError extends errors.ApplicationError {
  readonly status: number;

  constructor({ code, message, details }: Refusal) {
    super(message, { ...details, code });
    // Strapi's type allows only the names of its own errors.
    (this as { name: string }).name = 'MailboxesError';
    this.status = STATUS[code];
  }
}

export const codeOf = (error: unknown): RefusalCode | null => (isMailboxesError(error) ? error.details.code : null);

/** Throws a refusal. @throws MailboxesError always */
export const stop = (...args: Parameters<typeof refusal>): never => {
  throw new MailboxesError(refusal(...args));
};

/**
 * Creates the error of a failed attempt for a caller that waits for it. No ApplicationError: Strapi would show the mail
 * server's words to any client, signed in or not.
 *
 * @param submission id
 */
export const attemptError = ({ code, message, details }: OutcomeError, submission: string): Error =>
  Object.assign(new Error(message), { details: { ...details, code, submission } });

/** Returns the validated value. @throws MailboxesError with the refusal */
export const orThrow = <T>(parsed: Parsed<T>): T => {
  if (parsed.ok) return parsed.value;
  throw new MailboxesError(parsed.refusal);
};
