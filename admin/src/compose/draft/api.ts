import type { DraftEntry } from '../../../../server/src/contracts/answers';
import { api, withQuery, type Paged } from '../../shared/api/client';

export interface DraftsQuery {
  page: number;
  pageSize: number;
  q: string;
  /** documentId */
  tenant: string;
}

const draftsApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesDrafts: build.query<Paged<DraftEntry[]>, DraftsQuery>({
      query: (asked) => withQuery('/mailboxes/drafts', asked),
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
