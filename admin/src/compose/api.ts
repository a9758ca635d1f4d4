import type { IdentityId, IdentityList, OwnAddressStatus, Submission } from '../../../server/src/contracts/answers';
import { api, type Pagination } from '../lib/api';

export interface Me {
  tenants: { id: string; key: string; name: string; default: boolean }[];
  ownAddress: OwnAddressStatus;
}

export interface SubmitBody {
  tenant?: string;
  from: IdentityId;
  replyTo?: IdentityId;
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  text: string;
}

type Answer<T> = { data: T };
const dataOf = <T>({ data }: Answer<T>): T => data;

const composeApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesMe: build.query<Me, void>({
      query: () => '/mailboxes/me',
      transformResponse: dataOf<Me>,
      providesTags: ['MailboxesMe'],
    }),
    mailboxesIdentities: build.query<IdentityList, string | undefined>({
      query: (tenant) => ({
        url: '/mailboxes/identities',
        method: 'GET',
        config: { params: tenant ? { tenant } : {} },
      }),
      transformResponse: dataOf<IdentityList>,
      // A grant works on the next page load: nothing is remembered.
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesIdentity'],
    }),
    mailboxesRequestCode: build.mutation<OwnAddressStatus, void>({
      query: () => ({ url: '/mailboxes/own-address/confirmation', method: 'POST', data: {} }),
      transformResponse: dataOf<OwnAddressStatus>,
      invalidatesTags: ['MailboxesMe'],
    }),
    mailboxesConfirm: build.mutation<OwnAddressStatus, string>({
      query: (code) => ({ url: '/mailboxes/own-address/confirmation/verify', method: 'POST', data: { code } }),
      transformResponse: dataOf<OwnAddressStatus>,
      invalidatesTags: ['MailboxesMe', 'MailboxesIdentity'],
    }),
    mailboxesSubmit: build.mutation<Submission, SubmitBody>({
      query: (data) => ({ url: '/mailboxes/submissions', method: 'POST', data }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
    mailboxesSubmissions: build.query<
      { data: Submission[]; meta: { pagination: Pagination } },
      { page: number; tenant?: string }
    >({
      query: (params) => ({ url: '/mailboxes/submissions', method: 'GET', config: { params } }),
      providesTags: ['MailboxesSubmission'],
    }),
    mailboxesSubmission: build.query<Submission, string>({
      query: (id) => `/mailboxes/submissions/${id}`,
      transformResponse: dataOf<Submission>,
      providesTags: ['MailboxesSubmission'],
    }),
  }),
});

export const {
  useMailboxesMeQuery,
  useMailboxesIdentitiesQuery,
  useMailboxesRequestCodeMutation,
  useMailboxesConfirmMutation,
  useMailboxesSubmitMutation,
  useMailboxesSubmissionsQuery,
  useMailboxesSubmissionQuery,
} = composeApi;
