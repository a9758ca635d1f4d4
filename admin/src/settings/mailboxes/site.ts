import type { TenantRef } from '../../../../server/src/contracts/answers';
import { refusalOf } from '../../shared/api/client';
import { useMailboxesListQuery } from './api';

/** Somebody who administers several tenants but not the default one has to name one: the refusal says which there are. */
export const otherTenant = (error: unknown): string | undefined => {
  const { details } = refusalOf(error);
  return (details?.tenants as TenantRef[] | undefined)?.[0]?.id;
};

/** What a form needs to know of the site: the tenants, the system mailbox. The list tells it. */
export const useSite = (tenant: string | undefined) => {
  const asked = useMailboxesListQuery({ page: 1, pageSize: 1, tenant });
  const other = tenant === undefined ? otherTenant(asked.error) : undefined;
  const answered = useMailboxesListQuery({ page: 1, pageSize: 1, tenant: other }, { skip: other === undefined });
  return other === undefined ? asked : answered;
};
