import type { IdentityList, Me, Submission } from '../../../../server/src/contracts/answers';
import { api, dataOf, withQuery } from './client';

/** What several pages of Communication read of the signed-in user, and Undo. */
const userApi = api.injectEndpoints({
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
    mailboxesCancel: build.mutation<Submission, string>({
      query: (id) => ({ url: `/mailboxes/submissions/${encodeURIComponent(id)}/cancel`, method: 'POST', data: {} }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
  }),
});

export const { useMailboxesMeQuery, useMailboxesIdentitiesQuery, useMailboxesCancelMutation } = userApi;
