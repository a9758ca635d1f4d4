import type { IdentityList, WhoMayUseRow } from '../../../../server/src/contracts/answers';
import type { SubjectOption } from './api';
import { api, withQuery, type Paged } from '../../shared/api/client';

/** Page and search of a list. */
export interface Part {
  page: number;
  pageSize: number;
  q: string;
}

const accessApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesWhoMayUse: build.query<Paged<WhoMayUseRow[]>, { mailbox: string } & Partial<Part>>({
      query: ({ mailbox, ...part }) => withQuery(`/mailboxes/mailboxes/${mailbox}/who-may-use`, part),
      providesTags: ['MailboxesGrant', 'MailboxesMailbox'],
    }),
    mailboxesOfUser: build.query<Paged<IdentityList>, { user: number; tenant: string | undefined } & Part>({
      query: ({ user, ...question }) => withQuery(`/mailboxes/users/${user}/identities`, question),
      providesTags: ['MailboxesGrant', 'MailboxesMailbox', 'MailboxesTenant'],
    }),
    mailboxesUser: build.query<SubjectOption | null, number>({
      query: (id) => withQuery('/mailboxes/pickers/users', { id }),
      transformResponse: ({ data }: { data: SubjectOption[] }) => data[0] ?? null,
    }),
  }),
});

export const { useMailboxesWhoMayUseQuery, useMailboxesOfUserQuery, useMailboxesUserQuery } = accessApi;
