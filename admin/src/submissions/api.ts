import type { Overview, Submission, TimelineEntry } from '../../../server/src/contracts/answers';
import { api, dataOf, given, type Pagination } from '../lib/api';
import type { Narrowed } from './narrowing';

export interface SubmissionsQuery extends Narrowed {
  page: number;
  pageSize: number;
  /** documentId */
  tenant: string;
}

const submissionsApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesSubmissions: build.query<{ data: Submission[]; meta: { pagination: Pagination } }, SubmissionsQuery>({
      query: (asked) => ({ url: '/mailboxes/submissions', method: 'GET', config: { params: given(asked) } }),
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesSubmission'],
    }),
    mailboxesSubmission: build.query<Submission, string>({
      query: (id) => `/mailboxes/submissions/${encodeURIComponent(id)}`,
      transformResponse: dataOf<Submission>,
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesSubmission'],
    }),
    mailboxesTimeline: build.query<TimelineEntry[], string>({
      query: (id) => `/mailboxes/submissions/${encodeURIComponent(id)}/timeline`,
      transformResponse: dataOf<TimelineEntry[]>,
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesSubmission'],
    }),
    /** By tenant (documentId). */
    mailboxesOverview: build.query<Overview, string>({
      query: (tenant) => ({ url: '/mailboxes/overview', method: 'GET', config: { params: { tenant } } }),
      transformResponse: dataOf<Overview>,
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesSubmission'],
    }),
    mailboxesCancel: build.mutation<Submission, string>({
      query: (id) => ({ url: `/mailboxes/submissions/${encodeURIComponent(id)}/cancel`, method: 'POST', data: {} }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
    /** `quiet`: one of several, after the last of which is looked again. */
    mailboxesRetry: build.mutation<Submission, { id: string; quiet?: boolean }>({
      query: ({ id }) => ({ url: `/mailboxes/submissions/${encodeURIComponent(id)}/retry`, method: 'POST', data: {} }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: (_answer, _error, { quiet = false }) => (quiet ? [] : ['MailboxesSubmission']),
    }),
    mailboxesSettle: build.mutation<Submission, { id: string; as: 'submitted' | 'failed' }>({
      query: ({ id, as }) => ({
        url: `/mailboxes/submissions/${encodeURIComponent(id)}/settle`,
        method: 'POST',
        data: { as },
      }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
  }),
});

export const {
  useMailboxesSubmissionsQuery,
  useMailboxesSubmissionQuery,
  useMailboxesTimelineQuery,
  useMailboxesOverviewQuery,
  useMailboxesCancelMutation,
  useMailboxesRetryMutation,
  useMailboxesSettleMutation,
} = submissionsApi;
