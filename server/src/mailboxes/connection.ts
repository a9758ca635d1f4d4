import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { sameAddress } from '../domain/address';
import { holds, managesTenants } from '../domain/administration';
import type { ConnectionTestResult, Step } from '../contracts/answers';
import { parseConnectionTest } from '../contracts/connection-test';
import type { Encryption, SmtpInput } from '../contracts/mailbox';
import { appendAudit, countAudit } from '../database/audit';
import type { Queries } from '../database/dialect';
import { resumeTransport, SYSTEM_TRANSPORT } from '../database/transports';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import type { SecretStore } from '../secrets/store';
import { orThrow, stop } from '../strapi/error';
import type { MailboxRow } from './repository';
import { sameAccount, type TargetCheck } from './smtp-settings';

export interface Target {
  host: string;
  port: number;
  encryption: Encryption;
  credentials: { username: string; password: string } | null;
  /** MAIL FROM, RCPT TO and the From of the test mail. */
  email: string;
}

export interface ConnectionDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf' | 'userOf'>;
  /** @throws FORBIDDEN, NOT_FOUND */
  updatable: (id: string, actor: Actor) => Promise<MailboxRow>;
  secrets: SecretStore;
  checkTarget: TargetCheck;
  probe: (target: Target) => Promise<Step[]>;
  /** Hands one fixed text over to `to`. */
  sendTestMail: (target: Target | 'system', to: string) => Promise<{ ok: boolean; message: string; detail?: string }>;
  /** null: it goes over Strapi's e-mail provider, which has no conversation to look at. */
  systemTarget: () => Target | null;
  /** A transport that rested goes on. */
  recovered: (id: string) => void;
  clock: () => number;
}

const ACTION = 'mailbox.tested';
const PER_MINUTE = 10;
const MINUTE_MS = 60_000;

const STEPS: readonly Step['step'][] = ['dns', 'connect', 'tls', 'auth', 'mail-from', 'rcpt-to'];

/** Tries a mailbox's settings, saved or not, against its server, without sending anything (contract "Admin API"). */
export const createConnectionService = (dependencies: ConnectionDependencies) => {
  const { strapi, identities, updatable, secrets, checkTarget, probe, sendTestMail, systemTarget, recovered, clock } =
    dependencies;
  const db = (): Queries => connectionOf(strapi);

  /** Noted before it is counted: parallel tests can be refused one too early, never one too late. */
  const takePlace = async (actor: Actor, tenant: string | null, object: string): Promise<void> => {
    await appendAudit(db(), clock(), { actor, action: ACTION, tenant, object });
    if ((await countAudit(db(), actor, ACTION, clock() - MINUTE_MS)) > PER_MINUTE)
      stop('RATE_LIMITED', { retryAfterSeconds: 60 });
  };

  /**
   * The stored password goes to the stored server only, and vouches for the stored address only; with any other setting
   * the request must bring its own (security 3).
   */
  const credentialsFor = async (
    smtp: SmtpInput,
    row: MailboxRow | null,
    email: string
  ): Promise<Target['credentials']> => {
    if (smtp.auth === 'none') return null;
    const username = smtp.username ?? email;
    if (typeof smtp.password === 'string') return { username, password: smtp.password };
    if (!row || !sameAccount(row.smtp, { ...smtp, username }) || !sameAddress(email, row.email))
      return stop('SECRET_REQUIRED', { path: 'smtp.password' });
    const secret = await secrets.open(db(), row.id);
    return secret.state === 'ok'
      ? { username, password: secret.plaintext }
      : stop('SECRET_REQUIRED', { path: 'smtp.password', reason: secret.state });
  };

  const inspect = async (target: Target): Promise<Step[]> => {
    const allowed = await checkTarget(target);
    return allowed.ok ? probe(target) : stop('HOST_NOT_ALLOWED', { path: 'smtp.host', reason: allowed.reason });
  };

  const mailTo = async (actor: Actor, target: Target | 'system'): Promise<ConnectionTestResult['mail']> => {
    const user = actor.type === 'user' ? await identities.userOf(actor.id) : null;
    return user?.exists ? sendTestMail(target, user.email) : null;
  };

  const resume = async (id: string): Promise<void> => {
    if (await inTransaction(strapi, (trx) => resumeTransport(trx, id))) await afterCommit(strapi, () => recovered(id));
  };

  const testSystem = async (actor: Actor, sendToMe: boolean): Promise<ConnectionTestResult> => {
    if (!managesTenants(await identities.administratorOf(actor))) stop('FORBIDDEN');
    await takePlace(actor, null, SYSTEM_TRANSPORT);
    const target = systemTarget();
    const steps = target
      ? await inspect(target)
      : STEPS.map((step) => ({ step, ok: null, message: "The system mailbox goes over Strapi's e-mail provider." }));
    const ok = steps.every((step) => step.ok !== false);
    if (ok && target) await resume(SYSTEM_TRANSPORT);
    const mail = ok && sendToMe ? await mailTo(actor, 'system') : null;
    // Over the provider a mail that goes is the only proof.
    if (!target && mail?.ok) await resume(SYSTEM_TRANSPORT);
    return { ok, steps, mail };
  };

  /**
   * @throws INVALID_INPUT, FORBIDDEN, NOT_FOUND, RATE_LIMITED (10 a minute), HOST_NOT_ALLOWED,
   *   SECRET_REQUIRED (settings differ from the stored ones and no password is given)
   */
  const test = async (input: unknown, { actor }: { actor: Actor }): Promise<ConnectionTestResult> => {
    const { mailbox, smtp: given, email: typed, sendToMe } = orThrow(parseConnectionTest(input));
    if (mailbox === 'system') return testSystem(actor, sendToMe);
    const admin = await identities.administratorOf(actor);
    if (!holds(admin, 'mailboxes.create') && !holds(admin, 'mailboxes.update')) stop('FORBIDDEN');
    const row = mailbox === undefined ? null : await updatable(mailbox, actor);
    const stored = row?.smtp ? { ...row.smtp, username: row.smtp.username ?? undefined } : undefined;
    const smtp = given ?? stored ?? stop('INVALID_INPUT', { path: 'smtp', reason: 'the mailbox has no settings' });
    const email = typed ?? row?.email ?? '';
    await takePlace(actor, row?.tenant ?? null, row?.id ?? 'new');
    const target: Target = {
      host: smtp.host,
      port: smtp.port,
      encryption: smtp.encryption,
      credentials: await credentialsFor(smtp, row, email),
      email,
    };
    const steps = await inspect(target);
    const ok = steps.every((step) => step.ok !== false);
    // Only what is stored counts as proof for what is stored.
    if (ok && row && given === undefined) await resume(row.id);
    return { ok, steps, mail: ok && sendToMe ? await mailTo(actor, target) : null };
  };

  return { test };
};

export type ConnectionService = ReturnType<typeof createConnectionService>;
