import type { IdentityList, OwnAddressStatus, Submission } from '../../../server/src/contracts/answers';
import { api, dataOf } from '../lib/api';
import type { SubmitBody } from './draft';

export interface Me {
  tenants: { id: string; key: string; name: string; default: boolean }[];
  ownAddress: OwnAddressStatus;
}

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
      query: (tenant) => ({ url: '/mailboxes/identities', method: 'GET', config: { params: { tenant } } }),
      transformResponse: dataOf<IdentityList>,
      // A grant works on the next page load: nothing is remembered.
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesIdentity'],
    }),
    mailboxesSubmit: build.mutation<Submission, SubmitBody>({
      query: (data) => ({ url: '/mailboxes/submissions', method: 'POST', data }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
  }),
});

export const { useMailboxesMeQuery, useMailboxesIdentitiesQuery, useMailboxesSubmitMutation } = composeApi;
