import type { Core } from '@strapi/types';
import type { Actor, By } from '../domain/actor';
import { addressKey, domainOf, sameAddress } from '../domain/address';
import { holds, managesTenants, type Administrator } from '../domain/administration';
import { SYSTEM_TRANSPORT } from '../domain/lane';
import type { ConnectionTestResult, Step } from '../contracts/answers';
import { parseConnectionTest } from '../contracts/connection-test';
import type { Encryption, SmtpInput } from '../contracts/mailbox';
import { appendAudit, countAudit, type AuditEntry } from '../audit/record';
import type { Queries } from '../database/dialect';
import { resumeTransport } from '../outbox/transport-state';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import { lockCounters } from '../database/counter-lock';
import type { IdentitiesService } from '../identities/service';
import type { SecretStore } from '../secrets/store';
import { orThrow, stop } from '../strapi/error';
import type { TenantsService } from '../tenants/service';
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
  tenants: Pick<TenantsService, 'mailboxDomainsOf'>;
  /** Does an own address have to be confirmed before it is used (`ownAddress.requireConfirmation`)? */
  requireConfirmation: boolean;
  /** @throws FORBIDDEN, NOT_FOUND */
  updatable: (id: string, actor: Actor) => Promise<MailboxRow>;
  secrets: SecretStore;
  checkTarget: TargetCheck;
  probe: (target: Target) => Promise<Step[]>;
  /** Hands one fixed text over to `to`. */
  sendTestMail: (target: Target | 'system', to: string) => Promise<{ ok: boolean; message: string; detail?: string }>;
  /** null: it is not set up. */
  systemAddress: () => string | null;
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
  const { strapi, identities, tenants, updatable, secrets, checkTarget, probe, sendTestMail, systemTarget, recovered } =
    dependencies;
  const { clock, requireConfirmation, systemAddress } = dependencies;
  const db = (): Queries => connectionOf(strapi);

  /**
   * Takes one of the actor's places of this minute. Counted and written under the actor's turn, so that the limit is
   * exact for parallel requests, and a refused one leaves no row.
   *
   * @throws RATE_LIMITED
   */
  const takePlace = (entry: Omit<AuditEntry, 'action'>): Promise<void> =>
    inTransaction(strapi, async (trx) => {
      const { actor } = entry;
      await lockCounters(trx, [`test:${actor.type}:${actor.type === 'user' ? actor.id : actor.name}`]);
      if ((await countAudit(trx, actor, ACTION, clock() - MINUTE_MS)) >= PER_MINUTE)
        stop('RATE_LIMITED', { retryAfterSeconds: 60 });
      await appendAudit(trx, clock(), { ...entry, action: ACTION });
    });

  /**
   * A typed address becomes MAIL FROM and From, so it obeys the rule for a mailbox that the actor may save: the domains
   * of the stored mailbox's tenant, else of those where the actor may create. An operator sets those domains.
   *
   * @throws FORBIDDEN, INVALID_ADDRESS
   */
  const checkTyped = async (admin: Administrator, email: string, row: MailboxRow | null): Promise<void> => {
    if (!row && !holds(admin, 'mailboxes.create')) stop('FORBIDDEN');
    if (managesTenants(admin) || (row && sameAddress(email, row.email))) return;
    const lists = await tenants.mailboxDomainsOf(row ? [row.tenant] : [...admin.tenants]);
    if (!lists.some((domains) => domains.length === 0 || domains.includes(domainOf(email))))
      stop('INVALID_ADDRESS', { path: 'email', reason: 'domain' });
  };

  /**
   * Where the test mail goes: to the tester's account e-mail, which Strapi lets anybody set to any address.
   *
   * @returns null: none is wanted
   * @throws OWN_ADDRESS_UNCONFIRMED
   */
  const testerOf = async (
    actor: Actor,
    wanted: boolean,
    unconfirmed = !requireConfirmation
  ): Promise<string | null> => {
    const user = wanted && actor.type === 'user' ? await identities.userOf(actor.id) : null;
    if (!user?.exists) return null;
    if (!unconfirmed && user.confirmedKey !== addressKey(user.email)) stop('OWN_ADDRESS_UNCONFIRMED');
    return user.email;
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

  const resume = async (id: string): Promise<void> => {
    if (await inTransaction(strapi, (trx) => resumeTransport(trx, id))) await afterCommit(strapi, () => recovered(id));
  };

  const testSystem = async (actor: Actor, sendToMe: boolean): Promise<ConnectionTestResult> => {
    if (!managesTenants(await identities.administratorOf(actor))) stop('FORBIDDEN');
    // Also unconfirmed: the code that would confirm leaves over the system mailbox, which may be paused until this passes.
    const to = await testerOf(actor, sendToMe, true);
    const target = systemTarget();
    await takePlace({ actor, tenant: null, object: SYSTEM_TRANSPORT, details: { from: systemAddress(), to } });
    const steps = target
      ? await inspect(target)
      : STEPS.map((step) => ({ step, ok: null, message: "The system mailbox goes over Strapi's e-mail provider." }));
    const ok = steps.every((step) => step.ok !== false);
    if (ok && target) await resume(SYSTEM_TRANSPORT);
    const mail = ok && to !== null ? await sendTestMail('system', to) : null;
    // Over the provider a mail that goes is the only proof.
    if (!target && mail?.ok) await resume(SYSTEM_TRANSPORT);
    return { ok, steps, mail };
  };

  /**
   * @throws INVALID_INPUT, INVALID_ADDRESS, FORBIDDEN, NOT_FOUND, OWN_ADDRESS_UNCONFIRMED, RATE_LIMITED (10 a minute),
   *   HOST_NOT_ALLOWED, SECRET_REQUIRED (settings differ from the stored ones and no password is given)
   */
  const test = async (input: unknown, { actor }: By): Promise<ConnectionTestResult> => {
    const { mailbox, smtp: given, email: typed, sendToMe } = orThrow(parseConnectionTest(input));
    if (mailbox === 'system') return testSystem(actor, sendToMe);
    const admin = await identities.administratorOf(actor);
    if (!holds(admin, 'mailboxes.create') && !holds(admin, 'mailboxes.update')) stop('FORBIDDEN');
    const row = mailbox === undefined ? null : await updatable(mailbox, actor);
    const stored = row?.smtp ? { ...row.smtp, username: row.smtp.username ?? undefined } : undefined;
    const smtp = given ?? stored ?? stop('INVALID_INPUT', { path: 'smtp', reason: 'the mailbox has no settings' });
    const email = typed ?? row?.email ?? '';
    await checkTyped(admin, email, row);
    const to = await testerOf(actor, sendToMe);
    await takePlace({ actor, tenant: row?.tenant ?? null, object: row?.id ?? 'new', details: { from: email, to } });
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
    return { ok, steps, mail: ok && to !== null ? await sendTestMail(target, to) : null };
  };

  return { test };
};

export type ConnectionService = ReturnType<typeof createConnectionService>;
