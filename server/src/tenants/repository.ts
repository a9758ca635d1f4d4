import type { Core } from '@strapi/types';
import type { DuplicatePolicy, Members, OwnAddressRule, SystemSenderRule } from '../domain/tenant';
import type { TenantChange } from '../contracts/tenant';
import type { Page } from '../contracts/query';
import { UNFINISHED } from '../domain/submission';
import { orNothing, type Queries } from '../database/dialect';
import { CONTENT_TABLES, TABLES, UIDS } from '../database/tables';
import { offsetOf } from '../contracts/page';

/** A tenant's row as Strapi's query engine returns it. */
export interface TenantRow {
  id: number;
  documentId: string;
  key: string;
  name: string;
  everyone: boolean;
  memberUsers: { id: number }[];
  memberRoles: { id: number }[];
  mailboxLimit: number | null;
  mailboxCount: number;
  mailboxDomains: string[] | null;
  ownAddress: OwnAddressRule;
  ownAddressDomains: string[] | null;
  duplicatePolicy: DuplicatePolicy;
  systemSender: SystemSenderRule;
  systemName: string | null;
  systemEmail: string | null;
}

const populate = { memberUsers: { select: ['id'] }, memberRoles: { select: ['id'] } };

const membersData = (members: Members | undefined) => {
  if (members === undefined) return {};
  if (members === 'everyone') return { everyone: true, memberUsers: [], memberRoles: [] };
  return { everyone: false, memberUsers: [...members.users], memberRoles: [...members.roles] };
};

/** Maps a change to the columns' names. */
const dataOf = ({ members, system, ...rest }: TenantChange) => ({
  ...rest,
  ...membersData(members),
  ...(system ? { systemName: system.name, systemEmail: system.email } : {}),
});

export function createTenantsRepository(strapi: Core.Strapi) {
  const query = () => strapi.db.query(UIDS.tenant);
  const byRef = (ref: string) => ({ $or: [{ documentId: ref }, { key: ref }] });

  return {
    create,
    update,
    delete: remove,
    find,
    refs,
    mailboxDomains,
    findMany,
    page,
    members,
    keysLike,
    takePlace,
    givePlaceBack,
    lock,
    countMailboxes,
    countUnfinished,
    recount,
    countExisting,
  };

  async function create(draft: TenantChange): Promise<TenantRow> {
    return (await query().create({ data: dataOf(draft), populate })) as TenantRow;
  }

  async function update(id: number, change: TenantChange): Promise<TenantRow> {
    return (await query().update({ where: { id }, data: dataOf(change), populate })) as TenantRow;
  }

  async function remove(id: number): Promise<void> {
    await query().delete({ where: { id } });
  }

  /** @param ref documentId or key */
  async function find(ref: string): Promise<TenantRow | null> {
    return (await orNothing(query().findOne({ where: byRef(ref), populate }), null)) as TenantRow | null;
  }

  /** Returns the columns of a list of choices, the default tenant first. */
  async function refs(): Promise<Pick<TenantRow, 'documentId' | 'key' | 'name'>[]> {
    return (await query().findMany({
      select: ['id', 'documentId', 'key', 'name'],
      orderBy: { id: 'asc' },
    })) as TenantRow[];
  }

  /** Returns the domains allowed for mailboxes of each tenant; empty: any. */
  async function mailboxDomains(documentIds: readonly string[]): Promise<string[][]> {
    return (
      (await query().findMany({
        select: ['id', 'mailboxDomains'],
        where: { documentId: { $in: [...documentIds] } },
      })) as Pick<TenantRow, 'mailboxDomains'>[]
    ).map(({ mailboxDomains }) => mailboxDomains ?? []);
  }

  async function findMany(): Promise<TenantRow[]> {
    return (await query().findMany({ populate, orderBy: { id: 'asc' } })) as TenantRow[];
  }

  async function page(page: Page, q: string): Promise<{ rows: TenantRow[]; total: number }> {
    const where = q === '' ? {} : { $or: [{ name: { $containsi: q } }, { key: { $containsi: q } }] };
    const [rows, total] = [
      (await orNothing(
        query().findMany({
          where,
          populate,
          orderBy: { id: 'asc' },
          limit: page.pageSize,
          offset: offsetOf(page),
        }),
        []
      )) as TenantRow[],
      await orNothing(query().count({ where }), 0),
    ];
    return { rows, total };
  }

  /** Returns the users and roles listed as members. */
  async function members(id: number): Promise<{
    users: { id: number; firstname: string | null; lastname: string | null; email: string }[];
    roles: { id: number; name: string }[];
  }> {
    const row = (await query().findOne({
      where: { id },
      populate: {
        memberUsers: { select: ['id', 'firstname', 'lastname', 'email'] },
        memberRoles: { select: ['id', 'name'] },
      },
    })) as { memberUsers: never[]; memberRoles: never[] } | null;
    return { users: row?.memberUsers ?? [], roles: row?.memberRoles ?? [] };
  }

  async function keysLike(prefix: string): Promise<Set<string>> {
    const rows: { key: string }[] = await query().findMany({
      where: { key: { $startsWith: prefix } },
      select: ['key'],
    });
    return new Set(rows.map(({ key }) => key));
  }

  /** Reserves a mailbox of the quota: one conditional update, so that parallel requests cannot exceed it (rules §6). */
  async function takePlace(queries: Queries, id: number, limit: number): Promise<boolean> {
    return (
      (await queries(CONTENT_TABLES.tenants)
        .where({ id })
        .andWhere('mailbox_count', '<', limit)
        .increment('mailbox_count', 1)) === 1
    );
  }

  async function givePlaceBack(queries: Queries, id: number): Promise<void> {
    await queries(CONTENT_TABLES.tenants).where({ id }).andWhere('mailbox_count', '>', 0).decrement('mailbox_count', 1);
  }

  /** Locks the tenant's row until the transaction ends. SQLite has a single writer anyway. */
  async function lock(queries: Queries, id: number): Promise<void> {
    await queries(CONTENT_TABLES.tenants).where({ id }).forUpdate().select('id');
  }

  async function countMailboxes(queries: Queries, id: number): Promise<number> {
    return countOf(await queries(CONTENT_TABLES.mailboxes).where({ tenant_id: id }).count({ n: '*' }));
  }

  async function countUnfinished(queries: Queries, documentId: string): Promise<number> {
    return countOf(
      await queries(TABLES.submissions)
        .where({ tenant: documentId })
        .whereIn('state', [...UNFINISHED])
        .count({ n: '*' })
    );
  }

  /** Recounts the mailboxes of every tenant: after an import, for example, the counters are wrong. */
  async function recount(queries: Queries): Promise<void> {
    const tenants: { id: number; mailbox_count: number }[] = await queries(CONTENT_TABLES.tenants)
      .forUpdate()
      .select('id', 'mailbox_count');
    const counts: { tenant_id: number; n: number | string }[] = await queries(CONTENT_TABLES.mailboxes)
      .groupBy('tenant_id')
      .select('tenant_id')
      .count({ n: '*' });
    const byTenant = new Map(counts.map(({ tenant_id, n }) => [tenant_id, Number(n)]));
    for (const { id, mailbox_count } of tenants) {
      const count = byTenant.get(id) ?? 0;
      if (count !== mailbox_count) await queries(CONTENT_TABLES.tenants).where({ id }).update({ mailbox_count: count });
    }
  }

  async function countExisting(
    queries: Queries,
    table: 'admin_users' | 'admin_roles',
    ids: readonly number[]
  ): Promise<number> {
    return ids.length === 0 ? 0 : countOf(await queries(table).whereIn('id', ids).count({ n: '*' }));
  }
}

const countOf = (rows: readonly { n?: unknown }[]): number => Number(rows[0]?.n ?? 0);

export type TenantsRepository = ReturnType<typeof createTenantsRepository>;
