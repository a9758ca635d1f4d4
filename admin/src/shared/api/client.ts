import { adminApi } from '@strapi/strapi/admin';

export { refusalOf, type RefusalBody } from '../refusals/refusal';

/** Endpoint names and tags are global in the admin panel, so they carry the plugin's name. */
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

export interface PageMeta {
  page: number;
  pageSize: number;
  pageCount: number;
  total: number;
  /** `total` and `pageCount` are lower bounds. Lists that are counted in full have neither. */
  atLeast?: boolean;
  /** `after` of the next page; null: this page is the last. */
  next?: string | null;
}

/** A page of a list, as the server answers it. */
export interface Paged<T> {
  data: T;
  meta: { pagination: PageMeta };
}

/** Returns a URL with encoded query parameters, without empty ones. Strapi's client does not encode them. */
export const withQuery = (url: string, values: object): string => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return query === '' ? url : `${url}?${query}`;
};

/** Returns the request that saves an entry; null: a new one. */
export const saveRequest = (url: string, id: string | null, data: object) =>
  id === null ? { url, method: 'POST' as const, data } : { url: `${url}/${id}`, method: 'PUT' as const, data };

/** Returns the request of an action on a submission. */
export const submissionAction = (id: string, action: string, data: object = {}) => ({
  url: `/mailboxes/submissions/${encodeURIComponent(id)}/${action}`,
  method: 'POST' as const,
  data,
});

/** Unwraps `data` of an answer. */
export const dataOf = <T>({ data }: { data: T }): T => data;
