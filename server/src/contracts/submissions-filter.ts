import type { IdentityId } from '../domain/identity';
import { isIdentityId } from '../domain/identity-id';
import { SUBMISSION_STATES, type SubmissionState } from '../domain/submission';
import { parseInstant } from './instant';
import { accept, MAX_ADMIN_ID, reject, type Parsed } from './parse';

/** The filter of a query, as text. */
export interface FilterQuery {
  /** Separated by commas */
  state?: string;
  /** Id of an identity */
  from?: string;
  /** ISO 8601 with a zone */
  since?: string;
  until?: string;
  /** Numeric id of an admin user. */
  author?: string;
}

/** Filter of a list of submissions. undefined: any value */
export interface SubmissionsFilter {
  states?: SubmissionState[];
  from?: IdentityId;
  /** Accepted at this time or later, in milliseconds since the epoch */
  since?: number;
  /** Accepted before this time */
  until?: number;
  author?: number;
}

const isState = (text: string): text is SubmissionState => (SUBMISSION_STATES as readonly string[]).includes(text);

/** @returns `INVALID_INPUT` with the key as `details.path` */
export const parseFilter = ({ state, from, since, until, author }: FilterQuery): Parsed<SubmissionsFilter> => {
  const states = state?.split(',');
  if (states && !states.every(isState)) return reject('INVALID_INPUT', { path: 'state' });
  if (from !== undefined && !isIdentityId(from)) return reject('INVALID_INPUT', { path: 'from' });
  const moments = { since: momentOf(since), until: momentOf(until) };
  for (const path of ['since', 'until'] as const)
    if (moments[path] === null) return reject('INVALID_INPUT', { path, reason: 'is not ISO 8601 with a zone' });
  if (author !== undefined && (!/^\d{1,10}$/.test(author) || Number(author) > MAX_ADMIN_ID))
    return reject('INVALID_INPUT', { path: 'author' });
  return accept({
    states: states as SubmissionState[] | undefined,
    from: from as IdentityId | undefined,
    since: moments.since ?? undefined,
    until: moments.until ?? undefined,
    author: author === undefined ? undefined : Number(author),
  });
};

const momentOf = (text: string | undefined): number | null | undefined =>
  text === undefined ? undefined : parseInstant(text);

/** Place of a submission in a list, newest first. */
export interface Cursor {
  createdAt: number;
  id: string;
}

const CURSOR = /^(\d{1,15})-([\w-]{1,64})$/;

export const cursorText = ({ createdAt, id }: Cursor): string => `${createdAt}-${id}`;

/** @returns `INVALID_INPUT` with the path `after` */
export const parseCursor = (text: string): Parsed<Cursor> => {
  const [, createdAt, id] = CURSOR.exec(text) ?? [];
  return id === undefined ? reject('INVALID_INPUT', { path: 'after' }) : accept({ createdAt: Number(createdAt), id });
};
