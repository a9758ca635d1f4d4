import type { IdentityList, Me, Submission } from '../../../../server/src/contracts/answers';
import { api, dataOf, submissionAction, withQuery } from './client';

/** Queries about the signed-in user that several pages of Communication share, and cancelling. */
const userApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesMe: build.query<Me, void>({
      query: () => '/mailboxes/me',
      transformResponse: dataOf<Me>,
      providesTags: ['MailboxesMe'],
    }),
    /** Argument: documentId of the tenant. */
    mailboxesIdentities: build.query<IdentityList, string>({
      query: (tenant) => withQuery('/mailboxes/identities', { tenant }),
      transformResponse: dataOf<IdentityList>,
      // A new grant must work on the next page: no cache.
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesIdentity'],
    }),
    mailboxesCancel: build.mutation<Submission, string>({
      query: (id) => submissionAction(id, 'cancel'),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
  }),
});

export const { useMailboxesMeQuery, useMailboxesIdentitiesQuery, useMailboxesCancelMutation } = userApi;
