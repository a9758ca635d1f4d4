import type { Core } from '@strapi/types';
import {
  administers,
  managesTenants,
  mayAdminister,
  type AdminAction,
  type Administrator,
} from '../domain/administration';
import { DEFAULT_TENANT_KEY } from '../domain/tenant';
import { connectionOf } from '../database/transaction';
import { stop } from '../strapi/error';
import type { TenantsService } from '../tenants/service';
import type { MailboxesRepository, MailboxRow } from './repository';

export interface ScopeDependencies {
  strapi: Core.Strapi;
  tenants: Pick<TenantsService, 'refs' | 'row'>;
}

/** Finds tenants and mailboxes within the permissions and tenants of an administrator (rules §6). */
export function createScope({ strapi, tenants }: ScopeDependencies, repository: Pick<MailboxesRepository, 'find'>) {
  return { tenantFor, owned };

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
    const row = await repository.find(connectionOf(strapi), id);
    const refused = mayAdminister(admin, action, row?.tenant ?? null);
    if (refused === 'FORBIDDEN' || !row) return stop(refused ?? 'NOT_FOUND');
    if (row.global && !managesTenants(admin)) return stop(admin.tenants.size > 0 ? 'FORBIDDEN' : 'NOT_FOUND');
    return refused ? stop(refused) : row;
  }
}

export type Scope = ReturnType<typeof createScope>;
