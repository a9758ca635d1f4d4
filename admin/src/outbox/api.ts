import type { Overview, Submission, SubmissionState, TimelineEntry } from '../../../server/src/contracts/answers';
import { api, dataOf, submissionAction, withQuery, type Paged } from '../shared/api/client';
import type { RawRecipient } from '../recipients/parse';
import type { SubmissionFilters } from './list/filters';

export interface SubmissionsQuery extends SubmissionFilters {
  page: number;
  pageSize: number;
  /** `next` of the page before; '' begins at `page`. */
  after: string;
  /** documentId */
  tenant: string;
}

/** Submissions created on a calendar day (`2026-11-25`) of the requested zone, counted by present state. */
export interface Day {
  day: string;
  counts: Record<SubmissionState, number>;
}

/** States change without a request of this panel: no cache. */
const fresh = { keepUnusedDataFor: 0, providesTags: ['MailboxesSubmission' as const] };

const submissionsApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesSubmissions: build.query<Paged<Submission[]>, SubmissionsQuery>({
      query: (params) => withQuery('/mailboxes/submissions', params),
      ...fresh,
    }),
    mailboxesSubmission: build.query<Submission, string>({
      query: (id) => `/mailboxes/submissions/${encodeURIComponent(id)}`,
      transformResponse: dataOf<Submission>,
      ...fresh,
    }),
    mailboxesTimeline: build.query<TimelineEntry[], string>({
      query: (id) => `/mailboxes/submissions/${encodeURIComponent(id)}/timeline`,
      transformResponse: dataOf<TimelineEntry[]>,
      ...fresh,
    }),
    /** Argument: documentId of the tenant. */
    mailboxesOverview: build.query<Overview, string>({
      query: (tenant) => withQuery('/mailboxes/overview', { tenant }),
      transformResponse: dataOf<Overview>,
      ...fresh,
    }),
    /** Returns the last 30 days, oldest first. `zone`: IANA name. */
    mailboxesDays: build.query<Day[], { tenant: string; zone: string }>({
      query: (params) => withQuery('/mailboxes/submissions-by-day', params),
      transformResponse: ({ data }: { data: { days: Day[] } }) => data.days,
      ...fresh,
    }),
    /** `quiet`: does not refetch; a bulk retry refetches once at its end. */
    mailboxesRetry: build.mutation<Submission, { id: string; quiet?: boolean }>({
      query: ({ id }) => submissionAction(id, 'retry'),
      transformResponse: dataOf<Submission>,
      invalidatesTags: (_answer, _error, { quiet = false }) => (quiet ? [] : ['MailboxesSubmission']),
    }),
    /** `sendAt`: ISO 8601 with a zone; `sendZone`: IANA name. */
    mailboxesReschedule: build.mutation<Submission, { id: string; sendAt: string; sendZone: string }>({
      query: ({ id, ...data }) => submissionAction(id, 'reschedule', data),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
    /** Returns the new submission. */
    mailboxesResend: build.mutation<Submission, { id: string; to: RawRecipient[]; idempotencyKey: string }>({
      query: ({ id, ...data }) => submissionAction(id, 'resend', data),
      transformResponse: dataOf<Submission>,
      invalidatesTags: ['MailboxesSubmission'],
    }),
    mailboxesSettle: build.mutation<Submission, { id: string; as: 'submitted' | 'failed' }>({
      query: ({ id, as }) => submissionAction(id, 'settle', { as }),
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
