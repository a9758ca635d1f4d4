import type { Core } from '@strapi/types';
import type { Actor, By } from '../domain/actor';
import { holds, managesTenants, type Administrator } from '../domain/administration';
import { domainOf } from '../domain/address';
import type { Grant, Mailbox, SavedMailbox } from '../contracts/answers';
import type { Emit } from '../contracts/events';
import type { GrantsChange } from '../contracts/grant';
import { parseMailboxChange, parseMailboxDraft, type MailboxChange } from '../contracts/mailbox';
import { appendAudit } from '../audit/record';
import { isUniqueViolation, type Queries } from '../database/dialect';
import { afterCommit, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import { orThrow, stop } from '../strapi/error';
import type { SubmissionsOfMailboxes } from '../submissions/service';
import type { TenantsService } from '../tenants/service';
import { dataOf } from './data-of-change';
import type { MailboxesRepository, MailboxRow } from './repository';
import type { Scope } from './scope';
import { createSmtpSettings, type SmtpSettingsDependencies } from './smtp-settings';

type TenantRow = NonNullable<Awaited<ReturnType<TenantsService['row']>>>;

/** The mailbox of changed grants. */
export type ChangedMailbox = Pick<MailboxRow, 'id' | 'numericId' | 'tenant'>;

export interface ChangedGrants {
  answer: { grants?: Grant[] };
  /** Called after the commit. */
  announce: () => void;
}

type ApplyGrants = (mailbox: ChangedMailbox) => Promise<ChangedGrants>;

export interface SaveDependencies extends SmtpSettingsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf'>;
  tenants: Pick<TenantsService, 'row' | 'limitOf' | 'lock' | 'takePlace' | 'givePlaceBack'>;
  submissions: Pick<SubmissionsOfMailboxes, 'countUnfinished'>;
  /** Checks the grants of a save in its transaction. @returns applies them */
  prepareGrants: (trx: Queries, id: string, change: GrantsChange, actor: Actor) => Promise<ApplyGrants>;
  emit: Emit;
  /** Called after the commit when a paused transport resumed. */
  recovered: (id: string) => void;
  clock: () => number;
  newId: () => string;
}

export interface SaveParts {
  repository: MailboxesRepository;
  scope: Scope;
  /** @throws NOT_FOUND */
  read: (id: string) => Promise<Mailbox>;
}

const NO_GRANTS: ChangedGrants = { answer: {}, announce: () => undefined };

const addressTaken = (error: unknown): never => {
  if (isUniqueViolation(error)) return stop('MAILBOX_ADDRESS_TAKEN');
  throw error;
};

/** Creates and changes mailboxes with their secret and grants: one transaction per save. */
export function createSave(dependencies: SaveDependencies, { repository, scope, read }: SaveParts) {
  const { strapi, identities, tenants, submissions, emit, recovered, clock, newId } = dependencies;
  const { readSmtp, settleSecret } = createSmtpSettings(dependencies);

  return { create, update };

  async function create(input: unknown, { actor }: By): Promise<SavedMailbox> {
    const draft = orThrow(parseMailboxDraft(input, clock()));
    const admin = await identities.administratorOf(actor);
    const tenant = await scope.tenantFor(admin, 'mailboxes.create', draft.tenant);
    checkGrants(admin, draft);
    if (draft.global && !managesTenants(admin)) stop('FORBIDDEN', { path: 'global' });
    checkDomain(tenant.mailboxDomains, draft.address.email);
    const smtp = await readSmtp(draft, null, draft.address.email);
    const id = newId();
    const changed = await inTransaction(strapi, async (trx) => {
      const applyGrants = await prepareGrants(trx, id, draft, actor);
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
      return applyGrants({ id, numericId, tenant: tenant.documentId });
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

  function checkGrants(admin: Administrator, { grants }: MailboxChange): void {
    if (grants && !holds(admin, 'grants.manage')) stop('FORBIDDEN', { path: 'grants' });
  }

  async function prepareGrants(
    trx: Queries,
    id: string,
    { grants }: MailboxChange,
    actor: Actor
  ): Promise<ApplyGrants> {
    return grants ? dependencies.prepareGrants(trx, id, grants, actor) : () => Promise.resolve(NO_GRANTS);
  }

  async function saved(id: string, { answer, announce: announceGrants }: ChangedGrants): Promise<SavedMailbox> {
    await afterCommit(strapi, announceGrants);
    return { ...(await read(id)), ...answer };
  }

  function checkDomain(domains: readonly string[] | null, email: string): void {
    if (domains && domains.length > 0 && !domains.includes(domainOf(email)))
      stop('INVALID_ADDRESS', { path: 'email', reason: 'domain' });
  }

  /** Moves a place of the quota. Locks the tenants in the order of their ids: opposite moves at once never deadlock. */
  async function movePlace(trx: Queries, home: TenantRow, target: TenantRow): Promise<void> {
    for (const id of [home.id, target.id].sort((a, b) => a - b)) await tenants.lock(trx, id);
    const limit = tenants.limitOf(target);
    if (!(await tenants.takePlace(trx, target.id, limit)))
      stop('MAILBOX_QUOTA_EXCEEDED', { limit, used: target.mailboxCount });
    await tenants.givePlaceBack(trx, home.id);
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
    const before = await scope.owned(admin, 'mailboxes.update', id);
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
      const applyGrants = await prepareGrants(trx, id, change, actor);
      if (moves) await movePlace(trx, home, target);
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
      return applyGrants({ ...before, tenant: target.documentId });
    });
  }
}
