import type { Member, Tenant } from '../../../../server/src/contracts/answers';
import { api, dataOf, saveRequest, withQuery, type Paged } from '../../shared/api/client';
import type { TenantBody } from './form';

const tenantsApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesTenants: build.query<Paged<Tenant[]>, { page: number }>({
      query: (params) => withQuery('/mailboxes/tenants', params),
      providesTags: ['MailboxesTenant', 'MailboxesTenantList'],
    }),
    mailboxesTenant: build.query<Tenant, string>({
      query: (id) => `/mailboxes/tenants/${id}`,
      transformResponse: dataOf<Tenant>,
      providesTags: ['MailboxesTenant'],
    }),
    mailboxesMembers: build.query<Member[], string>({
      query: (id) => `/mailboxes/tenants/${id}/members`,
      transformResponse: dataOf<Member[]>,
      providesTags: ['MailboxesTenant'],
    }),
    mailboxesTenantSave: build.mutation<Tenant, { id: string | null; body: TenantBody }>({
      query: ({ id, body }) => saveRequest('/mailboxes/tenants', id, body),
      transformResponse: dataOf<Tenant>,
      invalidatesTags: ['MailboxesTenant', 'MailboxesIdentity', 'MailboxesMe'],
    }),
    mailboxesTenantDelete: build.mutation<void, string>({
      query: (id) => ({ url: `/mailboxes/tenants/${id}`, method: 'DELETE' }),
      // Not `MailboxesTenant`: the page is still mounted and would refetch the deleted tenant.
      invalidatesTags: (_result, error) => (error ? [] : ['MailboxesTenantList', 'MailboxesIdentity', 'MailboxesMe']),
    }),
  }),
});

export const {
  useMailboxesTenantsQuery,
  useMailboxesTenantQuery,
  useMailboxesMembersQuery,
  useMailboxesTenantSaveMutation,
  useMailboxesTenantDeleteMutation,
} = tenantsApi;
