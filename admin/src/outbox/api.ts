import type { Overview, Submission, SubmissionState, TimelineEntry } from '../../../server/src/contracts/answers';
import { api, dataOf, withQuery, type PageMeta } from '../shared/api/client';
import type { RawRecipient } from '../recipients/parse';
import type { Narrowed } from './list/filters';

export interface SubmissionsQuery extends Narrowed {
  page: number;
  pageSize: number;
  /** documentId */
  tenant: string;
}

/** A calendar day of `zone`, `2026-11-25`, with how many submissions of that day are in which state now. */
export interface Day {
  day: string;
  counts: Record<SubmissionState, number>;
}

const submissionsApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesSubmissions: build.query<{ data: Submission[]; meta: { pagination: PageMeta } }, SubmissionsQuery>({
      query: (asked) => withQuery('/mailboxes/submissions', asked),
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
      query: (tenant) => withQuery('/mailboxes/overview', { tenant }),
      transformResponse: dataOf<Overview>,
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesSubmission'],
    }),
    /** The last 30 days, the oldest first. Zone: IANA name. */
    mailboxesDays: build.query<Day[], { tenant: string; zone: string }>({
      query: (asked) => withQuery('/mailboxes/submissions-by-day', asked),
      transformResponse: ({ data }: { data: { days: Day[] } }) => data.days,
      keepUnusedDataFor: 0,
      providesTags: ['MailboxesSubmission'],
    }),
    /** `quiet`: one of several, after the last of which is looked again. */
    mailboxesRetry: build.mutation<Submission, { id: string; quiet?: boolean }>({
      query: ({ id }) => ({ url: `/mailboxes/submissions/${encodeURIComponent(id)}/retry`, method: 'POST', data: {} }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: (_answer, _error, { quiet = false }) => (quiet ? [] : ['MailboxesSubmission']),
    }),
    /** `sendAt`: ISO 8601 with a zone; `sendZone`: IANA name. */
    mailboxesReschedule: build.mutation<Submission, { id: string; sendAt: string; sendZone: string }>({
      query: ({ id, ...data }) => ({
        url: `/mailboxes/submissions/${encodeURIComponent(id)}/reschedule`,
        method: 'POST',
        data,
      }),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
    /** The new submission. */
    mailboxesResend: build.mutation<Submission, { id: string; to: RawRecipient[]; idempotencyKey: string }>({
      query: ({ id, ...data }) => ({
        url: `/mailboxes/submissions/${encodeURIComponent(id)}/resend`,
        method: 'POST',
        data,
      }),
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
  useMailboxesDaysQuery,
  useMailboxesRetryMutation,
  useMailboxesRescheduleMutation,
  useMailboxesResendMutation,
  useMailboxesSettleMutation,
} = submissionsApi;
