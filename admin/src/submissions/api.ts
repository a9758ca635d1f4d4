import type { Overview, Submission, TimelineEntry } from '../../../server/src/contracts/answers';
import { api, dataOf, type Pagination } from '../lib/api';

export interface SubmissionsQuery {
  page: number;
  pageSize: number;
  q: string;
  /** A state, or '' for all. */
  state: string;
  /** documentId */
  tenant: string;
}

const submissionsApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesSubmissions: build.query<{ data: Submission[]; meta: { pagination: Pagination } }, SubmissionsQuery>({
      query: ({ q, state, ...params }) => ({
        url: '/mailboxes/submissions',
        method: 'GET',
        config: { params: { ...params, ...(q === '' ? {} : { q }), ...(state === '' ? {} : { state }) } },
      }),
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
    mailboxesRetry: build.mutation<Submission, string>({
      query: (id) => ({ url: `/mailboxes/submissions/${encodeURIComponent(id)}/retry`, method: 'POST', data: {} }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
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
