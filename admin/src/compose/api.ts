import type { IdentityId, Preview, Signature, Submission, Suggestion } from '../../../server/src/contracts/answers';
import { api, dataOf, withQuery } from '../shared/api/client';
import type { SubmitBody } from './draft/draft';

const composeApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesSignature: build.query<Signature | null, { tenant: string; from: IdentityId }>({
      query: (of) => withQuery('/mailboxes/identities/signature', of),
      transformResponse: dataOf<Signature | null>,
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesIdentity'],
    }),
    mailboxesSuggestions: build.query<Suggestion[], { tenant: string; q: string }>({
      query: (of) => withQuery('/mailboxes/recipients', of),
      transformResponse: dataOf<Suggestion[]>,
      keepUnusedDataFor: 30,
      providesTags: ['MailboxesSubmission'],
    }),
    mailboxesPreview: build.mutation<Preview, Omit<SubmitBody, 'idempotencyKey' | 'draft'>>({
      query: (data) => ({ url: '/mailboxes/submissions/preview', method: 'POST', data }),
      transformResponse: dataOf<Preview>,
    }),
    mailboxesSubmit: build.mutation<Submission, SubmitBody>({
      query: (data) => ({ url: '/mailboxes/submissions', method: 'POST', data }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission', 'MailboxesDraft'],
    }),
  }),
});

export const {
  useMailboxesSignatureQuery,
  useLazyMailboxesSuggestionsQuery,
  useMailboxesPreviewMutation,
  useMailboxesSubmitMutation,
} = composeApi;
