import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { managesTenants } from '../domain/administration';
import { DEFAULT_TENANT_KEY } from '../domain/tenant';
import { keyFromName, parseTenantChange, parseTenantDraft, type TenantChange } from '../contracts/tenant';
import type { Member, Tenant, TenantRef } from '../contracts/answers';
import { DEFAULT_PAGE, type Page } from '../contracts/query';
import { appendAudit } from '../audit/record';
import { isUniqueViolation, type Queries } from '../database/dialect';
import { connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import { orThrow, stop } from '../strapi/error';
import { createTenantsRepository, type TenantRow } from './repository';

export interface TenantsDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf'>;
  /** `mailboxLimit` of the configuration. */
  mailboxLimit: number;
  clock: () => number;
}

export interface By {
  actor: Actor;
}

export function createTenantsService({ strapi, identities, mailboxLimit, clock }: TenantsDependencies) {
  const repository = createTenantsRepository(strapi);
  const db = (): Queries => connectionOf(strapi);
  const existing = async (ref: string): Promise<TenantRow> => (await repository.find(ref)) ?? stop('NOT_FOUND');

  return {
    create,
    update,
    delete: remove,
    findOne,
    findMany,
    findPage,
    members,
    default: defaultTenant,
    ensureDefault,
    refs,
    row,
    mailboxDomainsOf: repository.mailboxDomains,
    limitOf,
    lock: repository.lock,
    takePlace: repository.takePlace,
    givePlaceBack: repository.givePlaceBack,
  };

  async function create(input: unknown, { actor }: By): Promise<Tenant> {
    const draft = orThrow(parseTenantDraft(input));
    await asOperator(actor);
    await checkMembers(draft);
    const data = {
      ...draft,
      key: draft.key ?? (await freeKey(draft.name)),
      members: draft.members ?? { users: [], roles: [] },
    };
    const row = await inTransaction(strapi, async (trx) => {
      const created = await repository.create(data);
      await appendAudit(trx, clock(), {
        actor,
        action: 'tenant.created',
        tenant: created.documentId,
        object: created.documentId,
      });
      return created;
    }).catch(keyTaken);
    return present(row);
  }

  async function update(id: string, input: unknown, { actor }: By): Promise<Tenant> {
    const change = orThrow(parseTenantChange(input));
    await asOperator(actor);
    const before = await existing(id);
    if (change.key !== undefined && change.key !== before.key)
      stop('INVALID_INPUT', { path: 'key', reason: 'cannot be changed' });
    await checkMembers(change);
    const row = await inTransaction(strapi, async (trx) => {
      const updated = await repository.update(before.id, change);
      await appendAudit(trx, clock(), {
        actor,
        action: 'tenant.updated',
        tenant: before.documentId,
        object: before.documentId,
        details: { changed: Object.keys(change) },
      });
      return updated;
    });
    return present(row);
  }

  async function remove(id: string, { actor }: By): Promise<void> {
    await asOperator(actor);
    const tenant = await existing(id);
    if (tenant.key === DEFAULT_TENANT_KEY) stop('FORBIDDEN', { reason: 'default tenant' });
    await inTransaction(strapi, async (trx) => {
      await repository.lock(trx, tenant.id);
      const mailboxes = await repository.countMailboxes(trx, tenant.id);
      const submissions = await repository.countUnfinished(trx, tenant.documentId);
      if (mailboxes > 0 || submissions > 0) stop('TENANT_IN_USE', { mailboxes, submissions });
      await repository.delete(tenant.id);
      await appendAudit(trx, clock(), {
        actor,
        action: 'tenant.deleted',
        tenant: tenant.documentId,
        object: tenant.documentId,
      });
    });
  }

  async function findOne(id: string, { actor }: By): Promise<Tenant | null> {
    await asOperator(actor);
    const row = await repository.find(id);
    return row ? present(row) : null;
  }

  async function findMany({ actor }: By): Promise<Tenant[]> {
    await asOperator(actor);
    return (await repository.findMany()).map(present);
  }

  async function findPage({
    actor,
    q = '',
    ...page
  }: By & { q?: string } & Partial<Page>): Promise<{ rows: Tenant[]; total: number }> {
    await asOperator(actor);
    const { rows, total } = await repository.page({ ...DEFAULT_PAGE, ...page }, q);
    return { rows: rows.map(present), total };
  }

  /** Returns names for the members' ids, for the page of the tenant. */
  async function members(id: string, { actor }: By): Promise<Member[]> {
    await asOperator(actor);
    const { users, roles } = await repository.members((await existing(id)).id);
    return [
      ...users.map(({ id: user, firstname, lastname, email }) => ({
        kind: 'user' as const,
        id: user,
        name: [firstname, lastname].filter(Boolean).join(' '),
        email,
      })),
      ...roles.map(({ id: role, name }) => ({ kind: 'role' as const, id: role, name, email: null })),
    ];
  }

  async function defaultTenant(): Promise<Tenant> {
    return present(await existing(DEFAULT_TENANT_KEY));
  }

  /** Creates the default tenant if it is missing, and recounts the mailboxes; called at every start. */
  async function ensureDefault(): Promise<void> {
    if (!(await repository.find(DEFAULT_TENANT_KEY))) {
      await repository
        .create({ name: 'Default', key: DEFAULT_TENANT_KEY, members: 'everyone' })
        .catch((error: unknown) => {
          if (!isUniqueViolation(error)) throw error;
        });
    }
    await inTransaction(strapi, (trx) => repository.recount(trx));
  }

  /** Returns the tenants to choose from, filtered by the administrator's rights. */
  async function refs(may: (tenant: string) => boolean): Promise<TenantRef[]> {
    return (await repository.refs())
      .filter(({ documentId }) => may(documentId))
      .map(({ documentId, key, name }) => ({ id: documentId, key, name, default: key === DEFAULT_TENANT_KEY }));
  }

  function row(ref: string) {
    return repository.find(ref);
  }

  function limitOf(row: Pick<TenantRow, 'mailboxLimit'>): number {
    return row.mailboxLimit ?? mailboxLimit;
  }

  function present(row: TenantRow): Tenant {
    return {
      id: row.documentId,
      key: row.key,
      name: row.name,
      default: row.key === DEFAULT_TENANT_KEY,
      members: row.everyone
        ? 'everyone'
        : { users: row.memberUsers.map(({ id }) => id), roles: row.memberRoles.map(({ id }) => id) },
      mailboxLimit: row.mailboxLimit,
      mailboxDomains: row.mailboxDomains ?? [],
      ownAddress: row.ownAddress,
      ownAddressDomains: row.ownAddressDomains ?? [],
      duplicatePolicy: row.duplicatePolicy,
      systemSender: row.systemSender,
      system:
        row.systemName === null && row.systemEmail === null
          ? null
          : {
              ...(row.systemName !== null ? { name: row.systemName } : {}),
              ...(row.systemEmail !== null ? { email: row.systemEmail } : {}),
            },
      quota: { used: row.mailboxCount, limit: limitOf(row) },
    };
  }

  async function asOperator(actor: Actor): Promise<void> {
    if (!managesTenants(await identities.administratorOf(actor))) stop('FORBIDDEN');
  }

  async function checkMembers({ members }: TenantChange): Promise<void> {
    if (members === undefined || members === 'everyone') return;
    const { users, roles } = members;
    const known =
      (await repository.countExisting(db(), 'admin_users', users)) === users.length &&
      (await repository.countExisting(db(), 'admin_roles', roles)) === roles.length;
    if (!known) stop('INVALID_INPUT', { path: 'members', reason: 'contains an unknown user or role' });
  }

  async function freeKey(name: string): Promise<string> {
    const base = keyFromName(name);
    const taken = await repository.keysLike(base);
    if (!taken.has(base)) return base;
    for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
  }

  function keyTaken(error: unknown): never {
    if (isUniqueViolation(error)) return stop('INVALID_INPUT', { path: 'key', reason: 'taken' });
    throw error;
  }
}

export type TenantsService = ReturnType<typeof createTenantsService>;
