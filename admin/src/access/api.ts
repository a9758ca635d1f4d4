import type { IdentityList, WhoMayUseRow } from '../../../server/src/contracts/answers';
import type { Choice } from '../grants/api';
import { api, given, type Pagination } from '../lib/api';

/** A page of a list. */
export interface Part {
  page: number;
  pageSize: number;
  q: string;
}

export interface Paged<T> {
  data: T;
  meta: { pagination: Pagination };
}

const accessApi = api.injectEndpoints({
  overrideExisting: false,
  endpoints: (build) => ({
    mailboxesWhoMayUse: build.query<Paged<WhoMayUseRow[]>, { mailbox: string } & Partial<Part>>({
      query: ({ mailbox, ...part }) => ({
        url: `/mailboxes/mailboxes/${mailbox}/who-may-use`,
        method: 'GET',
        config: { params: given(part) },
      }),
      providesTags: ['MailboxesGrant', 'MailboxesMailbox'],
    }),
    mailboxesOfUser: build.query<Paged<IdentityList>, { user: number; tenant: string | undefined } & Part>({
      query: ({ user, ...question }) => ({
        url: `/mailboxes/users/${user}/identities`,
        method: 'GET',
        config: { params: given(question) },
      }),
      providesTags: ['MailboxesGrant', 'MailboxesMailbox', 'MailboxesTenant'],
    }),
    mailboxesUser: build.query<Choice | null, number>({
      query: (id) => ({ url: '/mailboxes/pickers/users', method: 'GET', config: { params: { id } } }),
      transformResponse: ({ data }: { data: Choice[] }) => data[0] ?? null,
    }),
  }),
});

export const { useMailboxesWhoMayUseQuery, useMailboxesOfUserQuery, useMailboxesUserQuery } = accessApi;
