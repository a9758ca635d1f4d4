import * as yup from 'yup';
import { accept, adminId, parse, reject, text, type Parsed } from './parse';

export const grantSchema = yup.object({
  mailbox: text(255).min(1).required(),
  user: adminId(),
  role: adminId(),
  expiresAt: yup.string().strict().datetime({ allowOffset: true }).nullable(),
});

export interface GrantDraft {
  mailbox: string;
  subject: { user: number } | { role: number };
  /** Milliseconds since the epoch; null: no end. */
  expiresAt: number | null;
}

/**
 * @param now milliseconds since the epoch
 * @returns `UNKNOWN_FIELD`; `INVALID_INPUT`, also for neither or both of user and role, and for an end before `now`
 */
export const parseGrantDraft = (input: unknown, now: number): Parsed<GrantDraft> => {
  const parsed = parse(grantSchema, input);
  if (!parsed.ok) return parsed;
  const { mailbox, user, role, expiresAt } = parsed.value;
  if ((user === undefined) === (role === undefined))
    return reject('INVALID_INPUT', { path: 'user', reason: 'exactly one of user and role' });
  const end = expiresAt === undefined || expiresAt === null ? null : Date.parse(expiresAt);
  if (end !== null && !(end > now))
    return reject('INVALID_INPUT', { path: 'expiresAt', reason: 'must be later than now' });
  return accept({ mailbox, subject: user !== undefined ? { user } : { role: role as number }, expiresAt: end });
};
