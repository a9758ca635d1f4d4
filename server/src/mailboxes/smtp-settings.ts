import { addressKey } from '../domain/address';
import { authOf, fieldsOf, hasSecret, type Auth, type SecretProblem } from '../domain/auth';
import { sameAccount, type OwnSmtp } from '../domain/mailbox';
import { pauseOf } from '../domain/outcome';
import type { Encryption, MailboxChange, SmtpInput } from '../contracts/mailbox';
import type { Queries } from '../database/dialect';
import { pauseTransport, resumeTransport } from '../outbox/transport-state';
import type { CredentialsFor } from '../secrets/credentials';
import type { SecretStore } from '../secrets/store';
import { stop } from '../strapi/error';
import type { MailboxData, MailboxRow } from './repository';

export type TargetCheck = (target: {
  host: string;
  port: number;
  encryption: Encryption;
}) => Promise<{ ok: true } | { ok: false; reason: string }>;

export interface SmtpSettingsDependencies {
  secrets: Pick<SecretStore, 'canWrite' | 'put' | 'forget'>;
  credentialsFor: CredentialsFor;
  checkTarget: TargetCheck;
  clock: () => number;
}

/** Effect of a change on the stored password. */
export type PasswordFate = 'keep' | 'forget' | { set: string };

export interface SmtpChange {
  data: MailboxData;
  password: PasswordFate;
  /** Settings or password differ from before: a new version, and a reason to end a pause. */
  touched: boolean;
  /** Saved settings, changed or not: end a pause if a usable password is stored. */
  resumes: boolean;
  /** Login after the change; null: no own settings. */
  auth: Auth | null;
}

/** @param email the mailbox's address */
export const ownSmtpOf = (input: SmtpInput, email: string): OwnSmtp => ({
  host: input.host,
  port: input.port,
  encryption: input.encryption,
  auth: authOf(input, email),
});

/** A mailbox's own SMTP settings and the password that belongs to them (security 3). */
export function createSmtpSettings({ secrets, credentialsFor, checkTarget, clock }: SmtpSettingsDependencies) {
  return { readSmtp, settleSecret };

  /** Reads the settings after a change, and its effect on the stored password (security 3). */
  async function readSmtp(change: MailboxChange, before: MailboxRow | null, email: string): Promise<SmtpChange> {
    const authenticated = change.authenticated ?? before?.authenticated ?? false;
    const switchedOn = change.enabled === true && before?.enabled === false;
    if (!authenticated) {
      if (change.smtp) stop('INVALID_INPUT', { path: 'smtp', reason: 'only with authentication' });
      const cleared = { smtpHost: null, smtpPort: null, smtpEncryption: null, smtpAuth: null, smtpUsername: null };
      return before?.authenticated
        ? { data: cleared, password: 'forget', touched: true, resumes: true, auth: null }
        : { data: {}, password: 'keep', touched: false, resumes: false, auth: null };
    }
    // At a relay one login may send for many addresses: the password was entered for the stored one.
    const readdressed = before !== null && addressKey(email) !== before.emailKey;
    if (!change.smtp) {
      const { auth } = before?.smtp ?? stop('INVALID_INPUT', { path: 'smtp', reason: 'is needed with authentication' });
      const deletes = readdressed && hasSecret(auth);
      return {
        data: {},
        password: deletes ? 'forget' : 'keep',
        touched: deletes,
        resumes: deletes || switchedOn,
        auth,
      };
    }
    const { password } = change.smtp;
    const smtp = ownSmtpOf(change.smtp, email);
    const target = await checkTarget(smtp);
    if (!target.ok) stop('HOST_NOT_ALLOWED', { path: 'smtp.host', reason: target.reason });
    const same = sameAccount(before?.smtp ?? null, smtp) && !(readdressed && hasSecret(smtp.auth));
    const given = hasSecret(smtp.auth) && typeof password === 'string' ? password : null;
    if (given !== null && !secrets.canWrite()) stop('INVALID_INPUT', { path: 'smtp.password', reason: 'no-key' });
    const { auth: smtpAuth, username: smtpUsername } = fieldsOf(smtp.auth);
    return {
      data: { smtpHost: smtp.host, smtpPort: smtp.port, smtpEncryption: smtp.encryption, smtpAuth, smtpUsername },
      password: given !== null ? { set: given } : same && password === undefined ? 'keep' : 'forget',
      touched: !same || given !== null || password === null,
      resumes: true,
      auth: smtp.auth,
    };
  }

  /**
   * Writes or deletes the password, and pauses or resumes the mailbox's transport accordingly.
   *
   * @returns the new state of the transport; null: unchanged
   */
  async function settleSecret(
    trx: Queries,
    id: string,
    { password, resumes, auth }: SmtpChange
  ): Promise<'paused' | 'recovered' | null> {
    if (!resumes) return null;
    if (typeof password === 'object') await secrets.put(trx, id, password.set, clock());
    if (password === 'forget') await secrets.forget(trx, id);
    const problem = auth && (await problemOf(trx, id, auth));
    switch (problem) {
      case null:
        return (await resumeTransport(trx, id)) ? 'recovered' : null;
      case 'missing':
        return (await pauseTransport(trx, id, pauseOf('SECRET_REQUIRED'))) ? 'paused' : null;
      case 'unreadable':
        // The next attempt would fail again: the pause stays until the key or a new password is set.
        return null;
    }
  }

  async function problemOf(queries: Queries, mailbox: string, auth: Auth): Promise<SecretProblem | null> {
    const found = await credentialsFor(auth, { from: 'store', mailbox, queries });
    return found.ok ? null : found.problem;
  }
}
