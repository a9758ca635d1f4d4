import type {
  IdentityId,
  IdentityList,
  Me,
  Preview,
  Signature,
  Submission,
  Suggestion,
} from '../../../server/src/contracts/answers';
import { api, dataOf, withQuery } from '../lib/api';
import type { SubmitBody } from './draft';

const composeApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesMe: build.query<Me, void>({
      query: () => '/mailboxes/me',
      transformResponse: dataOf<Me>,
      providesTags: ['MailboxesMe'],
    }),
    /** By tenant (documentId). */
    mailboxesIdentities: build.query<IdentityList, string>({
      query: (tenant) => withQuery('/mailboxes/identities', { tenant }),
      transformResponse: dataOf<IdentityList>,
      // A grant works on the next page load: nothing is remembered.
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesIdentity'],
    }),
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
  useMailboxesMeQuery,
  useMailboxesIdentitiesQuery,
  useMailboxesSignatureQuery,
  useLazyMailboxesSuggestionsQuery,
  useMailboxesPreviewMutation,
  useMailboxesSubmitMutation,
} = composeApi;
