import type { GuardFinding, GuardStatus } from '../../../../server/src/contracts/guard';
import { api, dataOf, withQuery, type Paged } from '../../shared/api/client';

const guardApi = api.enhanceEndpoints({ addTagTypes: ['MailboxesGuard'] }).injectEndpoints({
  endpoints: (build) => ({
    mailboxesGuard: build.query<GuardStatus, void>({
      query: () => '/mailboxes/guard',
      transformResponse: dataOf<GuardStatus>,
      providesTags: ['MailboxesGuard'],
    }),
    mailboxesGuardFindings: build.query<Paged<GuardFinding[]>, { page: number; pageSize: number; q: string }>({
      query: (part) => withQuery('/mailboxes/guard/findings', part),
      providesTags: ['MailboxesGuard'],
    }),
    mailboxesForgetFindings: build.mutation<void, void>({
      query: () => ({ url: '/mailboxes/guard/findings', method: 'DELETE' }),
      invalidatesTags: (_result, error) => (error ? [] : ['MailboxesGuard']),
    }),
  }),
});

export const { useMailboxesGuardQuery, useMailboxesGuardFindingsQuery, useMailboxesForgetFindingsMutation } = guardApi;
