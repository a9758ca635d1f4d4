import type { ConnectionTestResult, Grant, Mailbox, WhoMayUseRow } from '../../../server/src/contracts/answers';
import type { SmtpInput } from '../../../server/src/contracts/mailbox';
import { api, type Pagination } from '../lib/api';

export interface MailboxList {
  data: Mailbox[];
  meta: {
    pagination: Pagination;
    quota: { used: number; limit: number; contact: { text?: string; url?: string } };
    system: {
      email: string | null;
      configured: boolean;
      state: 'ok' | 'paused';
      pausedBecause: { message: string } | null;
    };
  };
}

export interface Choice {
  id: number;
  name: string;
  email: string | null;
}

export interface MailboxBody {
  email?: string;
  name?: string;
  enabled?: boolean;
  sender?: boolean;
  reply?: boolean;
  global?: boolean;
  restricted?: boolean;
  authenticated?: boolean;
  smtp?: SmtpInput;
}

type Answer<T> = { data: T };
const dataOf = <T>({ data }: Answer<T>): T => data;

const mailboxesApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesList: build.query<MailboxList, { page: number; q: string }>({
      query: (params) => ({ url: '/mailboxes/mailboxes', method: 'GET', config: { params } }),
      providesTags: ['MailboxesMailbox'],
    }),
    mailboxesOne: build.query<Mailbox, string>({
      query: (id) => `/mailboxes/mailboxes/${id}`,
      transformResponse: dataOf<Mailbox>,
      providesTags: ['MailboxesMailbox'],
    }),
    mailboxesSave: build.mutation<Mailbox, { id: string | null; body: MailboxBody }>({
      query: ({ id, body }) =>
        id === null
          ? { url: '/mailboxes/mailboxes', method: 'POST', data: body }
          : { url: `/mailboxes/mailboxes/${id}`, method: 'PUT', data: body },
      transformResponse: dataOf<Mailbox>,
      invalidatesTags: ['MailboxesMailbox', 'MailboxesIdentity'],
    }),
    mailboxesDelete: build.mutation<void, { id: string; cancelUnfinished: boolean }>({
      query: ({ id, cancelUnfinished }) => ({
        url: `/mailboxes/mailboxes/${id}`,
        method: 'DELETE',
        config: { params: cancelUnfinished ? { cancelUnfinished: true } : {} },
      }),
      invalidatesTags: ['MailboxesMailbox', 'MailboxesIdentity'],
    }),
    mailboxesTest: build.mutation<
      ConnectionTestResult,
      { mailbox?: string; smtp?: SmtpInput; email?: string; sendToMe?: boolean }
    >({
      query: (data) => ({ url: '/mailboxes/mailboxes/test', method: 'POST', data }),
      transformResponse: dataOf<ConnectionTestResult>,
      // A test of the stored settings that passes ends a pause.
      invalidatesTags: ['MailboxesMailbox'],
    }),
    mailboxesGrants: build.query<Grant[], string>({
      query: (id) => ({
        url: `/mailboxes/mailboxes/${id}/grants`,
        method: 'GET',
        config: { params: { pageSize: 100 } },
      }),
      transformResponse: dataOf<Grant[]>,
      providesTags: ['MailboxesGrant'],
    }),
    mailboxesGrant: build.mutation<
      Grant,
      { mailbox: string; body: { user?: number; role?: number; expiresAt?: string | null } }
    >({
      query: ({ mailbox, body }) => ({ url: `/mailboxes/mailboxes/${mailbox}/grants`, method: 'POST', data: body }),
      transformResponse: dataOf<Grant>,
      invalidatesTags: ['MailboxesGrant', 'MailboxesIdentity'],
    }),
    mailboxesRevoke: build.mutation<void, { mailbox: string; grant: string }>({
      query: ({ mailbox, grant }) => ({ url: `/mailboxes/mailboxes/${mailbox}/grants/${grant}`, method: 'DELETE' }),
      invalidatesTags: ['MailboxesGrant', 'MailboxesIdentity'],
    }),
    mailboxesUsers: build.query<Choice[], string>({
      query: (q) => ({ url: '/mailboxes/pickers/users', method: 'GET', config: { params: { q, pageSize: 25 } } }),
      transformResponse: dataOf<Choice[]>,
    }),
    mailboxesRoles: build.query<Choice[], void>({
      query: () => ({ url: '/mailboxes/pickers/roles', method: 'GET', config: { params: { pageSize: 100 } } }),
      transformResponse: dataOf<Choice[]>,
    }),
    mailboxesWhoMayUse: build.query<{ data: WhoMayUseRow[]; meta: { pagination: Pagination } }, string>({
      query: (id) => ({
        url: `/mailboxes/mailboxes/${id}/who-may-use`,
        method: 'GET',
        config: { params: { pageSize: 25 } },
      }),
      providesTags: ['MailboxesGrant', 'MailboxesMailbox'],
    }),
  }),
});

export const {
  useMailboxesListQuery,
  useMailboxesOneQuery,
  useMailboxesSaveMutation,
  useMailboxesDeleteMutation,
  useMailboxesTestMutation,
  useMailboxesGrantsQuery,
  useMailboxesGrantMutation,
  useMailboxesRevokeMutation,
  useMailboxesUsersQuery,
  useMailboxesRolesQuery,
  useMailboxesWhoMayUseQuery,
} = mailboxesApi;
