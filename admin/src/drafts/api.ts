import type { DraftEntry } from '../../../server/src/contracts/answers';
import { api, type Pagination } from '../lib/api';

export interface DraftsQuery {
  page: number;
  pageSize: number;
  q: string;
  /** documentId */
  tenant: string;
}

const draftsApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesDrafts: build.query<{ data: DraftEntry[]; meta: { pagination: Pagination } }, DraftsQuery>({
      query: ({ page, pageSize, q, tenant }) => {
        const params = new URLSearchParams({ page: String(page), pageSize: String(pageSize), tenant });
        if (q !== '') params.set('q', q);
        return `/mailboxes/drafts?${params.toString()}`;
      },
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesDraft'],
    }),
    mailboxesDeleteDraft: build.mutation<void, string>({
      query: (id) => ({ url: `/mailboxes/drafts/${encodeURIComponent(id)}`, method: 'DELETE' }),
      invalidatesTags: ['MailboxesDraft'],
    }),
  }),
});

export const { useMailboxesDraftsQuery, useMailboxesDeleteDraftMutation } = draftsApi;
