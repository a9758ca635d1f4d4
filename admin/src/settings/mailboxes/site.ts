import type { TenantRef } from '../../../../server/src/contracts/answers';
import { refusalOf } from '../../shared/api/client';
import { useMailboxesListQuery } from './api';

/** Returns the first tenant that the refusal lists: a user who does not administer the default tenant must name one. */
export const otherTenant = (error: unknown): string | undefined => {
  const { details } = refusalOf(error);
  return (details?.tenants as TenantRef[] | undefined)?.[0]?.id;
};

/** Tenants and system mailbox of the site, from the metadata of the list. */
export const useSite = (tenant: string | undefined) => {
  const ofTenant = useMailboxesListQuery({ page: 1, pageSize: 1, tenant });
  const other = tenant === undefined ? otherTenant(ofTenant.error) : undefined;
  const ofOther = useMailboxesListQuery({ page: 1, pageSize: 1, tenant: other }, { skip: other === undefined });
  return other === undefined ? ofTenant : ofOther;
};
