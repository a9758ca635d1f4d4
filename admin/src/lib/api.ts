import { adminApi } from '@strapi/strapi/admin';

export { refusalOf, type RefusalBody } from './refusal';

/** Endpoint names and tags are global in the admin panel, so ours carry the plugin's name. */
export const api = adminApi.enhanceEndpoints({
  addTagTypes: [
    'MailboxesMailbox',
    'MailboxesList',
    'MailboxesGrant',
    'MailboxesIdentity',
    'MailboxesMe',
    'MailboxesSubmission',
    'MailboxesDraft',
    'MailboxesTenant',
    'MailboxesTenantList',
  ],
});

export interface Pagination {
  page: number;
  pageSize: number;
  pageCount: number;
  total: number;
}

/** Query parameters, without those that say nothing. */
export const given = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));

/** The answers of our routes hold what is asked for in `data`. */
export const dataOf = <T>({ data }: { data: T }): T => data;
