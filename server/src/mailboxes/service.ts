import type { Core } from '@strapi/types';
import type { Actor, By } from '../domain/actor';
import {
  administers,
  holds,
  managesTenants,
  mayAdminister,
  type AdminAction,
  type Administrator,
} from '../domain/administration';
import { domainOf } from '../domain/address';
import { withoutReply } from '../domain/outcome';
import { DEFAULT_TENANT_KEY } from '../domain/tenant';
import type { AccessCount, Grant, Mailbox, SavedMailbox } from '../contracts/answers';
import type { GrantsChange } from '../contracts/grant';
import { parseMailboxChange, parseMailboxDraft, type MailboxChange } from '../contracts/mailbox';
import type { Emit } from '../contracts/events';
import type { Page } from '../contracts/query';
import { appendAudit } from '../audit/record';
import { isUniqueViolation, type Queries } from '../database/dialect';
import { forgetTransport } from '../outbox/transport-state';
import { afterCommit, connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import type { CredentialsFor } from '../secrets/credentials';
import type { SecretStore } from '../secrets/store';
import { orThrow, stop } from '../strapi/error';
import type { SubmissionsOfMailboxes } from '../submissions/service';
import type { TenantsService } from '../tenants/service';
import { dataOf } from './data-of-change';
import { createSmtpSettings, type TargetCheck } from './smtp-settings';
import { presentMailbox } from './present';
import { createMailboxesRepository, type MailboxRow } from './repository';

/** The mailbox of changed grants. */
export type ChangedMailbox = Pick<MailboxRow, 'id' | 'numericId' | 'tenant'>;

export interface ChangedGrants {
  answer: { grants?: Grant[] };
  /** Called after the commit. */
  announce: () => void;
}

export interface MailboxesDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf' | 'whoMayUse'>;
  tenants: Pick<TenantsService, 'refs' | 'row' | 'limitOf' | 'takePlace' | 'givePlaceBack'>;
  submissions: SubmissionsOfMailboxes;
  /** Applies the grants of a save in its transaction. */
  changeGrants: (trx: Queries, mailbox: ChangedMailbox, change: GrantsChange, actor: Actor) => Promise<ChangedGrants>;
  secrets: SecretStore;
  credentialsFor: CredentialsFor;
  /** Resolves the host once and checks the target (security 4). Accepts a name that does not resolve. */
  checkTarget: TargetCheck;
  emit: Emit;
  /** Called after the commit when a paused transport resumed. */
  recovered: (id: string) => void;
  perMinute: number;
  clock: () => number;
  newId: () => string;
}

const NO_GRANTS: ChangedGrants = { answer: {}, announce: () => undefined };

const addressTaken = (error: unknown): never => {
  if (isUniqueViolation(error)) return stop('MAILBOX_ADDRESS_TAKEN');
  throw error;
};

export function createMailboxesService(dependencies: MailboxesDependencies) {
  const { strapi, identities, tenants, submissions, secrets, emit, recovered, clock, newId } = dependencies;
  const repository = createMailboxesRepository(strapi);
  const db = (): Queries => connectionOf(strapi);
  const { readSmtp, settleSecret } = createSmtpSettings(dependencies);
  const present = (row: MailboxRow): Mailbox => presentMailbox(row, dependencies.perMinute);
  const read = async (id: string): Promise<Mailbox> => present((await repository.find(db(), id)) ?? stop('NOT_FOUND'));

  return {
    create,
    update,
    delete: remove,
    findOne,
    findMany,
    findPage,
    whoMayUse,
    grantable,
    updatable,
    lock: repository.lock,
  };

  async function create(input: unknown, { actor }: By): Promise<SavedMailbox> {
    const draft = orThrow(parseMailboxDraft(input, clock()));
    const admin = await identities.administratorOf(actor);
    const tenant = await tenantFor(admin, 'mailboxes.create', draft.tenant);
    checkGrants(admin, draft);
    if (draft.global && !managesTenants(admin)) stop('FORBIDDEN', { path: 'global' });
    checkDomain(tenant.mailboxDomains, draft.address.email);
    const smtp = await readSmtp(draft, null, draft.address.email);
    const id = newId();
    const changed = await inTransaction(strapi, async (trx) => {
      if (!(await tenants.takePlace(trx, tenant.id, tenants.limitOf(tenant))))
        stop('MAILBOX_QUOTA_EXCEEDED', { limit: tenants.limitOf(tenant), used: tenant.mailboxCount });
      const data = {
        ...dataOf(draft),
        ...smtp.data,
        tenant: tenant.id,
        globalKey: draft.global ? draft.address.key : null,
        settingsVersion: newId(),
      };
      const numericId = await repository.create(id, data).catch(addressTaken);
      await announce(id, await settleSecret(trx, id, smtp));
      await appendAudit(trx, clock(), { actor, action: 'mailbox.created', tenant: tenant.documentId, object: id });
      return applyGrants(trx, { id, numericId, tenant: tenant.documentId }, draft, actor);
    });
    return saved(id, changed);
  }

  async function update(id: string, input: unknown, by: By): Promise<SavedMailbox> {
    const change = orThrow(parseMailboxChange(input, clock()));
    for (;;) {
      const changed = await tryUpdate(id, change, by);
      if (changed) return saved(id, changed);
    }
  }

  async function remove(
    id: string,
    { actor, cancelUnfinished = false }: By & { cancelUnfinished?: boolean }
  ): Promise<void> {
    const admin = await identities.administratorOf(actor);
    const row = await owned(admin, 'mailboxes.delete', id);
    const { canceled, grants } = await inTransaction(strapi, async (trx) => {
      if (!(await repository.lock(trx, row.numericId))) stop('NOT_FOUND');
      const unfinished = await submissions.countUnfinished(trx, id);
      if (unfinished > 0 && !cancelUnfinished) stop('MAILBOX_IN_USE', { submissions: unfinished });
      const ended = await submissions.cancelUnfinished(trx, id, actor);
      if (ended.length < unfinished)
        stop('MAILBOX_IN_USE', { submissions: unfinished - ended.length, reason: 'transmitting or uncertain' });
      const deleted = await repository.deleteGrants(trx, row);
      await secrets.forget(trx, id);
      await forgetTransport(trx, id);
      await repository.delete(row.numericId);
      await tenants.givePlaceBack(trx, row.tenantNumericId);
      await appendAudit(trx, clock(), {
        actor,
        action: 'mailbox.deleted',
        tenant: row.tenant,
        object: id,
        details: { canceled: ended.length },
      });
      return { canceled: ended, grants: deleted };
    });
    await afterCommit(strapi, () => {
      for (const grant of grants) emit('mailboxes.grant.deleted', grant);
      return submissions.announceCanceled(canceled);
    });
  }

  async function findOne(id: string, { actor }: By): Promise<Mailbox | null> {
    const admin = await identities.administratorOf(actor);
    const row = await repository.find(db(), id);
    const refused = mayAdminister(admin, 'mailboxes.read', row?.tenant ?? null);
    if (refused === 'FORBIDDEN') return stop(refused);
    // A global mailbox is listed to the admins of every tenant.
    if (!row || (refused && !(row.global && admin.tenants.size > 0))) return null;
    return presentTo(admin, row);
  }

  async function findMany({ actor, tenant: named }: By & { tenant?: string }): Promise<Mailbox[]> {
    const admin = await identities.administratorOf(actor);
    const tenant = await tenantFor(admin, 'mailboxes.read', named);
    return (await repository.findVisible(db(), tenant.id)).map((row) => presentTo(admin, row));
  }

  async function findPage({ actor, tenant: named, q, ...page }: By & { tenant?: string; q: string } & Page) {
    const admin = await identities.administratorOf(actor);
    const tenant = await tenantFor(admin, 'mailboxes.read', named);
    const rows = await repository.findVisible(db(), tenant.id, q, page);
    return {
      rows: rows.map((row) => presentTo(admin, row)),
      total: await repository.countVisible(db(), tenant.id, q),
      quota: { used: tenant.mailboxCount, limit: tenants.limitOf(tenant) },
      access: await accessOf(rows.filter((row) => row.restricted && administers(admin, row.tenant))),
      tenant: tenant.documentId,
      tenants: await tenants.refs((id) => administers(admin, id)),
    };
  }

  /** Returns the users of a mailbox in the tenants that the administrator may see. */
  async function whoMayUse(id: string, { actor, tenant, q, ...page }: By & { tenant?: string; q?: string } & Page) {
    const admin = await identities.administratorOf(actor);
    if (!(await findOne(id, { actor }))) stop('NOT_FOUND');
    if (tenant !== undefined) await tenantFor(admin, 'mailboxes.read', tenant);
    return identities.whoMayUse(id, { tenant, q, ...page }, managesTenants(admin) ? undefined : admin.tenants);
  }

  /** For grants. @throws FORBIDDEN, NOT_FOUND */
  async function grantable(id: string, actor: Actor): Promise<MailboxRow> {
    return owned(await identities.administratorOf(actor), 'grants.manage', id);
  }

  /** For the connection test. @throws FORBIDDEN, NOT_FOUND */
  async function updatable(id: string, actor: Actor): Promise<MailboxRow> {
    return owned(await identities.administratorOf(actor), 'mailboxes.update', id);
  }

  /** Hides the server's reply in a pause from administrators who do not maintain the mailbox. */
  function presentTo(admin: Administrator, row: MailboxRow): Mailbox {
    const maintains = row.global ? managesTenants(admin) : administers(admin, row.tenant);
    return present(maintains || !row.paused ? row : { ...row, paused: withoutReply(row.paused) });
  }

  /** Returns the tenant of an administrator's request: the named one, else by rules §6. */
  async function tenantFor(admin: Administrator, action: AdminAction, named: string | undefined) {
    const refused = mayAdminister(admin, action, null);
    if (refused === 'FORBIDDEN') return stop(refused);
    const [only, ...others] = [...admin.tenants];
    const ref = named ?? (only !== undefined && others.length === 0 ? only : DEFAULT_TENANT_KEY);
    const tenant = await tenants.row(ref);
    if (tenant && administers(admin, tenant.documentId)) return tenant;
    if (named !== undefined) return stop('NOT_FOUND');
    return stop('TENANT_MISMATCH', { tenants: await tenants.refs((id) => administers(admin, id)) });
  }

  /** Returns a mailbox on which the administrator may perform `action`; only an operator may change a global one. */
  async function owned(admin: Administrator, action: AdminAction, id: string): Promise<MailboxRow> {
    const row = await repository.find(db(), id);
    const refused = mayAdminister(admin, action, row?.tenant ?? null);
    if (refused === 'FORBIDDEN' || !row) return stop(refused ?? 'NOT_FOUND');
    if (row.global && !managesTenants(admin)) return stop(admin.tenants.size > 0 ? 'FORBIDDEN' : 'NOT_FOUND');
    return refused ? stop(refused) : row;
  }

  function checkGrants(admin: Administrator, { grants }: MailboxChange): void {
    if (grants && !holds(admin, 'grants.manage')) stop('FORBIDDEN', { path: 'grants' });
  }

  async function applyGrants(
    trx: Queries,
    mailbox: ChangedMailbox,
    { grants }: MailboxChange,
    actor: Actor
  ): Promise<ChangedGrants> {
    return grants ? dependencies.changeGrants(trx, mailbox, grants, actor) : NO_GRANTS;
  }

  async function saved(id: string, { answer, announce: announceGrants }: ChangedGrants): Promise<SavedMailbox> {
    await afterCommit(strapi, announceGrants);
    return { ...(await read(id)), ...answer };
  }

  function checkDomain(domains: readonly string[] | null, email: string): void {
    if (domains && domains.length > 0 && !domains.includes(domainOf(email)))
      stop('INVALID_ADDRESS', { path: 'email', reason: 'domain' });
  }

  /** Announces after the commit that saving paused or resumed the mailbox's transport. */
  function announce(id: string, change: 'paused' | 'recovered' | null): Promise<void> {
    return afterCommit(strapi, () => {
      if (change === 'recovered') recovered(id);
      if (change === 'paused') emit('mailboxes.mailbox.paused', { id, code: 'SECRET_REQUIRED' });
    });
  }

  /** Identifies the stored values that an update was checked against, to detect a concurrent change. */
  function fingerprintOf({ tenant, emailKey, global, authenticated, settingsVersion }: MailboxRow): string {
    return JSON.stringify([tenant, emailKey, global, authenticated, settingsVersion]);
  }

  /** @returns null after a concurrent change of the mailbox: the caller checks everything again */
  async function tryUpdate(id: string, change: MailboxChange, { actor }: By): Promise<ChangedGrants | null> {
    const admin = await identities.administratorOf(actor);
    const before = await owned(admin, 'mailboxes.update', id);
    checkGrants(admin, change);
    const home = (await tenants.row(before.tenant)) ?? stop('NOT_FOUND');
    // The same refusal for a foreign and for an unknown tenant.
    const leaves = change.tenant !== undefined && change.tenant !== home.documentId && change.tenant !== home.key;
    if (leaves && !managesTenants(admin)) stop('FORBIDDEN', { path: 'tenant' });
    const target = change.tenant === undefined ? home : ((await tenants.row(change.tenant)) ?? stop('NOT_FOUND'));
    const moves = target.id !== home.id;
    const global = change.global ?? before.global;
    if (global !== before.global && !managesTenants(admin)) stop('FORBIDDEN', { path: 'global' });
    const key = change.address?.key ?? before.emailKey;
    // Another spelling of the same address only changes its display.
    const readdressed = key !== before.emailKey;
    if (readdressed || moves) checkDomain(target.mailboxDomains, change.address?.email ?? before.email);
    const smtp = await readSmtp(change, before, change.address?.email ?? before.email);

    return inTransaction(strapi, async (trx) => {
      if (!(await repository.lock(trx, before.numericId))) stop('NOT_FOUND');
      const now = await repository.find(trx, id);
      if (!now || fingerprintOf(now) !== fingerprintOf(before)) return null;
      if (readdressed) {
        const grants = await repository.countGrants(trx, before.numericId);
        const unfinished = await submissions.countUnfinished(trx, id);
        if (grants > 0 || unfinished > 0) stop('MAILBOX_IN_USE', { grants, submissions: unfinished });
      }
      if (moves) {
        const limit = tenants.limitOf(target);
        if (!(await tenants.takePlace(trx, target.id, limit)))
          stop('MAILBOX_QUOTA_EXCEEDED', { limit, used: target.mailboxCount });
        await tenants.givePlaceBack(trx, home.id);
      }
      const data = {
        ...dataOf(change),
        ...smtp.data,
        ...(moves ? { tenant: target.id } : {}),
        globalKey: global ? key : null,
        ...(smtp.touched ? { settingsVersion: newId() } : {}),
      };
      await repository.update(before.numericId, data).catch(addressTaken);
      await announce(id, await settleSecret(trx, id, smtp));
      const { grants, ...fields } = change;
      const changed = Object.keys(fields);
      if (changed.length > 0 || !grants)
        await appendAudit(trx, clock(), {
          actor,
          action: 'mailbox.updated',
          tenant: target.documentId,
          object: id,
          details: { changed },
        });
      return applyGrants(trx, { ...before, tenant: target.documentId }, change, actor);
    });
  }

  /** Returns by mailbox id the number of users and roles with a grant in force. */
  async function accessOf(rows: readonly MailboxRow[]): Promise<Record<string, AccessCount>> {
    const counts = await repository.countAccess(
      db(),
      rows.map(({ numericId }) => numericId),
      clock()
    );
    return Object.fromEntries(rows.map(({ id, numericId }) => [id, counts.get(numericId) ?? { users: 0, roles: 0 }]));
  }
}

export type MailboxesService = ReturnType<typeof createMailboxesService>;
