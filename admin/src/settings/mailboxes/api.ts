import type {
  AccessCount,
  ConnectionTestResult,
  Mailbox,
  PauseCode,
  SavedMailbox,
  Setup,
  TenantRef,
} from '../../../../server/src/contracts/answers';
import type { SmtpInput } from '../../../../server/src/contracts/mailbox';
import { api, dataOf, saveRequest, withQuery, type PageMeta } from '../../shared/api/client';
import type { MailboxBody } from './form';

export interface MailboxList {
  data: Mailbox[];
  meta: {
    pagination: PageMeta;
    quota: { used: number; limit: number; contact: { text?: string; url?: string } };
    system: {
      email: string | null;
      configured: boolean;
      transport: 'smtp' | 'provider';
      state: 'ok' | 'paused';
      pausedBecause: { code: PauseCode; message: string; at: string } | null;
    };
    setup: Setup;
    /** Number of grants by id of the restricted mailbox. */
    access: Record<string, AccessCount>;
    /** documentId of the tenant of the list */
    tenant: string;
    /** Tenants that the user administers. */
    tenants: TenantRef[];
  };
}

export interface ListQuestion {
  page?: number;
  pageSize?: number;
  q?: string;
  tenant?: string;
}

const mailboxesApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesList: build.query<MailboxList, ListQuestion>({
      query: (question) => withQuery('/mailboxes/mailboxes', question),
      providesTags: ['MailboxesList', 'MailboxesMailbox', 'MailboxesGrant', 'MailboxesTenant', 'MailboxesTenantList'],
    }),
    mailboxesOne: build.query<Mailbox, string>({
      query: (id) => `/mailboxes/mailboxes/${id}`,
      transformResponse: dataOf<Mailbox>,
      providesTags: ['MailboxesMailbox'],
    }),
    mailboxesSave: build.mutation<SavedMailbox, { id: string | null; body: MailboxBody }>({
      query: ({ id, body }) => saveRequest('/mailboxes/mailboxes', id, body),
      transformResponse: dataOf<SavedMailbox>,
      invalidatesTags: ['MailboxesMailbox', 'MailboxesGrant', 'MailboxesIdentity'],
    }),
    mailboxesDelete: build.mutation<void, { id: string; cancelUnfinished: boolean }>({
      query: ({ id, cancelUnfinished }) => ({
        url: `/mailboxes/mailboxes/${id}`,
        method: 'DELETE',
        config: { params: cancelUnfinished ? { cancelUnfinished: true } : {} },
      }),
      // Not `MailboxesMailbox`: the page is still mounted and would refetch the deleted mailbox.
      invalidatesTags: (_result, error) => (error ? [] : ['MailboxesList', 'MailboxesTenantList', 'MailboxesIdentity']),
    }),
    mailboxesTest: build.mutation<
      ConnectionTestResult,
      { mailbox?: string; smtp?: SmtpInput; email?: string; sendToMe?: boolean }
    >({
      query: (data) => ({ url: '/mailboxes/mailboxes/test', method: 'POST', data }),
      transformResponse: dataOf<ConnectionTestResult>,
      // A passed test of the stored settings ends a pause.
      invalidatesTags: ['MailboxesMailbox'],
    }),
    mailboxesForgetLost: build.mutation<void, void>({
      query: () => ({ url: '/mailboxes/lost-permissions', method: 'DELETE' }),
      invalidatesTags: ['MailboxesMailbox'],
    }),
  }),
});

export const {
  useMailboxesListQuery,
  useMailboxesOneQuery,
  useMailboxesSaveMutation,
  useMailboxesDeleteMutation,
  useMailboxesTestMutation,
  useMailboxesForgetLostMutation,
} = mailboxesApi;
