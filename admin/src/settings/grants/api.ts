import type { Grant, GrantSubject } from '../../../../server/src/contracts/answers';
import { api, dataOf, withQuery } from '../../shared/api/client';

/** A user or role to choose; a role has no e-mail. */
export interface SubjectOption {
  id: number;
  name: string;
  email: string | null;
}

const grantsApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesGrants: build.query<Grant[], string>({
      query: (id) => withQuery(`/mailboxes/mailboxes/${id}/grants`, { pageSize: 100 }),
      transformResponse: dataOf<Grant[]>,
      providesTags: ['MailboxesGrant'],
    }),
    mailboxesGrantSubjects: build.query<GrantSubject[], string>({
      query: (id) => `/mailboxes/mailboxes/${id}/grants/subjects`,
      transformResponse: dataOf<GrantSubject[]>,
      // `global` of the mailbox changes the effect of its grants.
      providesTags: ['MailboxesGrant', 'MailboxesMailbox'],
    }),
    mailboxesUsers: build.query<SubjectOption[], string>({
      query: (q) => withQuery('/mailboxes/pickers/users', { q, pageSize: 25 }),
      transformResponse: dataOf<SubjectOption[]>,
    }),
    mailboxesRoles: build.query<SubjectOption[], void>({
      query: () => withQuery('/mailboxes/pickers/roles', { pageSize: 100 }),
      transformResponse: dataOf<SubjectOption[]>,
    }),
  }),
});

export const {
  useMailboxesGrantsQuery,
  useMailboxesGrantSubjectsQuery,
  useMailboxesUsersQuery,
  useMailboxesRolesQuery,
} = grantsApi;
