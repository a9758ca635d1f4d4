import { adminApi } from '@strapi/strapi/admin';

/** Endpoint names and tags are global in the admin panel, so ours carry the plugin's name. */
export const api = adminApi.enhanceEndpoints({
  addTagTypes: ['MailboxesMailbox', 'MailboxesGrant', 'MailboxesIdentity', 'MailboxesMe', 'MailboxesSubmission'],
});

export interface Pagination {
  page: number;
  pageSize: number;
  pageCount: number;
  total: number;
}

/** What `POST`, `PUT` and friends say when they refuse. */
export interface RefusalBody {
  status?: number;
  message?: string;
  details?: { code?: string; path?: string; reason?: string } & Record<string, unknown>;
}

export const refusalOf = (error: unknown): RefusalBody =>
  typeof error === 'object' && error !== null ? (error as RefusalBody) : {};
