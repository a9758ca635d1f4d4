import type { DraftContent } from '../../domain/draft';

/** Unfinished input of a user, as typed. */
export interface Draft extends DraftContent {
  id: string;
  /** Starts at 1 and grows with each change. A change must name the current version. */
  version: number;
  /** documentId */
  tenant: string;
  createdAt: string;
  updatedAt: string;
}

/** A draft in a list, latest change first. */
export interface DraftEntry extends Pick<Draft, 'id' | 'version' | 'tenant' | 'createdAt' | 'updatedAt'> {
  /** The first 998 characters. */
  subject: string;
  /** Number of entries in To, Cc and Bcc. */
  recipients: number;
}
