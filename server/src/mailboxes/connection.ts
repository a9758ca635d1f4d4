import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { addressKey, domainOf, sameAddress } from '../domain/address';
import { holds, managesTenants, type Administrator } from '../domain/administration';
import type { SmtpAuth } from '../domain/auth';
import { SYSTEM_TRANSPORT } from '../domain/lane';
import { sameAccount, type OwnSmtp } from '../domain/mailbox';
import type { ConnectionTestResult, Step } from '../contracts/answers';
import { parseConnectionTest } from '../contracts/connection-test';
import type { Encryption } from '../contracts/mailbox';
import { appendAudit, latestAudit, type AuditEntry } from '../audit/record';
import type { Queries } from '../database/dialect';
import { resumeTransport } from '../outbox/transport-state';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import { lockCounters } from '../database/counter-lock';
import type { IdentitiesService } from '../identities/service';
import type { CredentialsFor, SecretSource } from '../secrets/credentials';
import { orThrow, stop } from '../strapi/error';
import type { TenantsService } from '../tenants/service';
import type { MailboxRow } from './repository';
import { ownSmtpOf, type TargetCheck } from './smtp-settings';

export interface Target {
  host: string;
  port: number;
  encryption: Encryption;
  /** null: the secret of its login is missing. */
  auth: SmtpAuth | null;
  /** MAIL FROM, RCPT TO and the From of the test mail. */
  email: string;
}

export interface ConnectionDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf' | 'userOf'>;
  tenants: Pick<TenantsService, 'mailboxDomainsOf'>;
  /** `ownAddress.requireConfirmation`: an own address must be confirmed before use. */
  requireConfirmation: boolean;
  /** @throws FORBIDDEN, NOT_FOUND */
  updatable: (id: string, actor: Actor) => Promise<MailboxRow>;
  credentialsFor: CredentialsFor;
  checkTarget: TargetCheck;
  probe: (target: Target) => Promise<Step[]>;
  /** Sends one fixed text to `to`. */
  sendTestMail: (
    target: (Target & { auth: SmtpAuth }) | 'system',
    to: string
  ) => Promise<{ ok: boolean; message: string; detail?: string }>;
  /** null: not configured. */
  systemAddress: () => string | null;
  /** null: Strapi's e-mail provider, which has no SMTP dialogue to test. */
  systemTarget: () => Promise<Target | null>;
  /** Called after the commit when a paused transport resumed. */
  recovered: (id: string) => void;
  clock: () => number;
}

const ACTION = 'mailbox.tested';
const PER_MINUTE = 10;
const MINUTE_MS = 60_000;

const STEPS: readonly Step['step'][] = ['dns', 'connect', 'tls', 'auth', 'mail-from', 'rcpt-to'];

/** Tests a mailbox's settings, saved or not, against its server, without sending a message (contract "Admin API"). */
export function createConnectionService(dependencies: ConnectionDependencies) {
  const { strapi, identities, tenants, updatable, credentialsFor, checkTarget, probe, sendTestMail } = dependencies;
  const { clock, requireConfirmation, systemAddress, systemTarget, recovered } = dependencies;
  const db = (): Queries => connectionOf(strapi);

  return { test };

  /**
   * @throws INVALID_INPUT, INVALID_ADDRESS, FORBIDDEN, NOT_FOUND, OWN_ADDRESS_UNCONFIRMED, RATE_LIMITED (10 a minute),
   *   HOST_NOT_ALLOWED, SECRET_REQUIRED (settings differ from the stored ones and no password is given)
   */
  async function test(input: unknown, { actor }: { actor: Actor }): Promise<ConnectionTestResult> {
    const { mailbox, smtp: given, email: typed, sendToMe } = orThrow(parseConnectionTest(input));
    if (mailbox === 'system') return testSystem(actor, sendToMe);
    const admin = await identities.administratorOf(actor);
    if (!holds(admin, 'mailboxes.create') && !holds(admin, 'mailboxes.update')) stop('FORBIDDEN');
    const row = mailbox === undefined ? null : await updatable(mailbox, actor);
    const email = typed ?? row?.email ?? '';
    const smtp = given
      ? ownSmtpOf(given, email)
      : (row?.smtp ?? stop('INVALID_INPUT', { path: 'smtp', reason: 'the mailbox has no settings' }));
    await checkTyped(admin, email, row);
    const to = await testerOf(actor, sendToMe);
    await countTest({ actor, tenant: row?.tenant ?? null, object: row?.id ?? 'new', details: { from: email, to } });
    const target = { ...smtp, auth: await loginFor(smtp, given?.password, row, email), email };
    const steps = await inspect(target);
    const ok = steps.every((step) => step.ok !== false);
    // A test of other settings or of another address proves nothing about the stored ones.
    if (ok && row && given === undefined && sameAddress(email, row.email)) await resume(row.id);
    return { ok, steps, mail: ok && to !== null ? await sendTestMail(target, to) : null };
  }

  /**
   * Counts this test against the actor's limit per minute. Counts and writes under the actor's lock, so that the limit
   * is exact for parallel requests, and a refused one leaves no row.
   *
   * @throws RATE_LIMITED
   */
  function countTest(entry: Omit<AuditEntry, 'action'>): Promise<void> {
    return inTransaction(strapi, async (trx) => {
      const { actor } = entry;
      await lockCounters(trx, [`test:${actor.type}:${actor.type === 'user' ? actor.id : actor.name}`]);
      const now = clock();
      const since = now - MINUTE_MS;
      const counted = await latestAudit(trx, { actor, action: ACTION, since, limit: PER_MINUTE });
      // The limit ends when the oldest counted test leaves the minute.
      const oldest = counted[PER_MINUTE - 1];
      if (oldest !== undefined) stop('RATE_LIMITED', { retryAfterSeconds: Math.ceil((oldest - since) / 1000) });
      await appendAudit(trx, now, { ...entry, action: ACTION });
    });
  }

  /**
   * A typed address becomes MAIL FROM and From, so it has the domains of a mailbox that the actor may save: those of the
   * stored mailbox's tenant, else those of the tenants in which the actor may create. An operator sets these domains.
   *
   * @throws FORBIDDEN, INVALID_ADDRESS
   */
  async function checkTyped(admin: Administrator, email: string, row: MailboxRow | null): Promise<void> {
    if (!row && !holds(admin, 'mailboxes.create')) stop('FORBIDDEN');
    if (managesTenants(admin) || (row && sameAddress(email, row.email))) return;
    const lists = await tenants.mailboxDomainsOf(row ? [row.tenant] : [...admin.tenants]);
    if (!lists.some((domains) => domains.length === 0 || domains.includes(domainOf(email))))
      stop('INVALID_ADDRESS', { path: 'email', reason: 'domain' });
  }

  /**
   * Returns the recipient of the test mail: the actor's account e-mail. It must be confirmed, because Strapi lets every
   * user set it to any address.
   *
   * @returns null without a test mail
   * @throws OWN_ADDRESS_UNCONFIRMED
   */
  async function testerOf(actor: Actor, wanted: boolean, unconfirmed = !requireConfirmation): Promise<string | null> {
    const user = wanted && actor.type === 'user' ? await identities.userOf(actor.id) : null;
    if (!user?.exists) return null;
    if (!unconfirmed && user.confirmedKey !== addressKey(user.email)) stop('OWN_ADDRESS_UNCONFIRMED');
    return user.email;
  }

  /**
   * Returns the stored password for the stored server and address only; with any other settings the request must contain
   * one (security 3).
   */
  async function loginFor(
    smtp: OwnSmtp,
    password: string | null | undefined,
    row: MailboxRow | null,
    email: string
  ): Promise<SmtpAuth> {
    const isStored = row !== null && sameAccount(row.smtp, smtp) && sameAddress(email, row.email);
    const source: SecretSource =
      isStored && typeof password !== 'string'
        ? { from: 'store', mailbox: row.id, queries: db() }
        : { from: 'settings', password };
    const found = await credentialsFor(smtp.auth, source);
    if (found.ok) return found.auth;
    const reason = source.from === 'store' ? { reason: found.problem } : {};
    return stop('SECRET_REQUIRED', { path: 'smtp.password', ...reason });
  }

  async function inspect(target: Target): Promise<Step[]> {
    const allowed = await checkTarget(target);
    return allowed.ok ? probe(target) : stop('HOST_NOT_ALLOWED', { path: 'smtp.host', reason: allowed.reason });
  }

  async function resume(id: string): Promise<void> {
    if (await inTransaction(strapi, (trx) => resumeTransport(trx, id))) await afterCommit(strapi, () => recovered(id));
  }

  async function testSystem(actor: Actor, sendToMe: boolean): Promise<ConnectionTestResult> {
    if (!managesTenants(await identities.administratorOf(actor))) stop('FORBIDDEN');
    // Also unconfirmed: the code that confirms is sent by the system mailbox, which may be paused until this test passes.
    const to = await testerOf(actor, sendToMe, true);
    const target = await systemTarget();
    await countTest({ actor, tenant: null, object: SYSTEM_TRANSPORT, details: { from: systemAddress(), to } });
    const steps = target
      ? await inspect(target)
      : STEPS.map((step) => ({ step, ok: null, message: "The system mailbox goes over Strapi's e-mail provider." }));
    const ok = steps.every((step) => step.ok !== false);
    if (ok && target) await resume(SYSTEM_TRANSPORT);
    const mail = ok && to !== null ? await sendTestMail('system', to) : null;
    // Strapi's provider has no dialogue: only an accepted message proves that it works.
    if (!target && mail?.ok) await resume(SYSTEM_TRANSPORT);
    return { ok, steps, mail };
  }
}

export type ConnectionService = ReturnType<typeof createConnectionService>;
