import { errors } from '@strapi/utils';
import type { OutcomeError } from '../domain/outcome';
import { refusal, STATUS, type Refusal, type RefusalCode } from '../domain/refusal';
import { isMailboxesError } from '../contracts/refused';
import type { Parsed } from '../contracts/parse';

/** A refusal, thrown at a service's boundary: the one class of this plugin. Branch on `details.code`. */
export class MailboxesError extends errors.ApplicationError {
  readonly status: number;

  constructor({ code, message, details }: Refusal) {
    super(message, { ...details, code });
    // Strapi types the name of its own errors only.
    (this as { name: string }).name = 'MailboxesError';
    this.status = STATUS[code];
  }
}

export const codeOf = (error: unknown): RefusalCode | null => (isMailboxesError(error) ? error.details.code : null);

/** Refuses at a service's boundary. @throws MailboxesError always */
export const stop = (...args: Parameters<typeof refusal>): never => {
  throw new MailboxesError(refusal(...args));
};

/**
 * What became of the one attempt of a call that waits for it. No ApplicationError: Strapi would show the mail server's
 * words to whoever made the request, signed in or not.
 *
 * @param submission whose log says more
 */
export const attemptError = ({ code, message, details }: OutcomeError, submission: string): Error =>
  Object.assign(new Error(message), { details: { ...details, code, submission } });

/** The value of what was read. @throws MailboxesError with the refusal otherwise */
export const orThrow = <T>(parsed: Parsed<T>): T => {
  if (parsed.ok) return parsed.value;
  throw new MailboxesError(parsed.refusal);
};
