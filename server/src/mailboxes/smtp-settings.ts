import { pauseOf } from '../domain/outcome';
import type { Encryption, MailboxChange, SmtpInput } from '../contracts/mailbox';
import type { Queries } from '../database/dialect';
import { pauseTransport, resumeTransport } from '../database/transports';
import type { SecretStore } from '../secrets/store';
import { stop } from '../strapi/error';
import type { MailboxData, MailboxRow } from './repository';

export type TargetCheck = (target: {
  host: string;
  port: number;
  encryption: Encryption;
}) => Promise<{ ok: true } | { ok: false; reason: string }>;

export interface SmtpSettingsDependencies {
  secrets: SecretStore;
  checkTarget: TargetCheck;
  clock: () => number;
}

/** What happens to the stored password with a change. */
export type PasswordFate = 'keep' | 'forget' | { set: string };

export interface SmtpChange {
  data: MailboxData;
  password: PasswordFate;
  /** Settings or password differ from before: another version, and a reason to end a pause. */
  touched: boolean;
}

/** Would the stored password go to another server, or be used by another login? */
export const sameAccount = (before: MailboxRow['smtp'], after: SmtpInput): boolean =>
  before !== null &&
  before.host.toLowerCase() === after.host.toLowerCase() &&
  before.port === after.port &&
  before.encryption === after.encryption &&
  before.auth === after.auth &&
  before.username === (after.username ?? null);

/** A mailbox's own SMTP settings and the password that belongs to them (security 3). */
export const createSmtpSettings = ({ secrets, checkTarget, clock }: SmtpSettingsDependencies) => {
  /** What the settings become, and what that means for the stored password (security 3). */
  const readSmtp = async (change: MailboxChange, before: MailboxRow | null, email: string): Promise<SmtpChange> => {
    const authenticated = change.authenticated ?? before?.authenticated ?? false;
    if (!authenticated) {
      if (change.smtp) stop('INVALID_INPUT', { path: 'smtp', reason: 'only with authentication' });
      const cleared = { smtpHost: null, smtpPort: null, smtpEncryption: null, smtpAuth: null, smtpUsername: null };
      return before?.authenticated
        ? { data: cleared, password: 'forget', touched: true }
        : { data: {}, password: 'keep', touched: false };
    }
    if (!change.smtp) {
      if (!before?.smtp) stop('INVALID_INPUT', { path: 'smtp', reason: 'is needed with authentication' });
      return { data: {}, password: 'keep', touched: false };
    }
    const smtp: SmtpInput = {
      ...change.smtp,
      username: change.smtp.auth === 'password' ? (change.smtp.username ?? email) : undefined,
    };
    const target = await checkTarget(smtp);
    if (!target.ok) stop('HOST_NOT_ALLOWED', { path: 'smtp.host', reason: target.reason });
    const same = sameAccount(before?.smtp ?? null, smtp);
    const given = smtp.auth === 'password' && typeof smtp.password === 'string' ? smtp.password : null;
    if (given !== null && !secrets.canWrite()) stop('INVALID_INPUT', { path: 'smtp.password', reason: 'no-key' });
    return {
      data: {
        smtpHost: smtp.host,
        smtpPort: smtp.port,
        smtpEncryption: smtp.encryption,
        smtpAuth: smtp.auth,
        smtpUsername: smtp.username ?? null,
      },
      password: given !== null ? { set: given } : same && smtp.password === undefined ? 'keep' : 'forget',
      touched: !same || given !== null || smtp.password === null,
    };
  };

  /**
   * Writes the password, or forgets it, and lets the transport rest until there is one.
   *
   * @returns what that did to its transport; null: nothing
   */
  const settleSecret = async (
    trx: Queries,
    id: string,
    {
      password,
      touched,
      auth,
    }: { password: 'keep' | 'forget' | { set: string }; touched: boolean; auth: string | null }
  ): Promise<'paused' | 'recovered' | null> => {
    if (!touched) return null;
    if (typeof password === 'object') await secrets.put(trx, id, password.set, clock());
    if (password === 'forget') await secrets.forget(trx, id);
    const lacksPassword = auth === 'password' && !(await secrets.has(trx, id));
    if (!lacksPassword) return (await resumeTransport(trx, id)) ? 'recovered' : null;
    return (await pauseTransport(trx, id, pauseOf('SECRET_REQUIRED'))) ? 'paused' : null;
  };

  return { readSmtp, settleSecret };
};
