import * as yup from 'yup';
import { accept, isPlainObject, reject, type Parsed } from './parse';

export interface Page {
  page: number;
  pageSize: number;
}

export interface ListQuery extends Page {
  q: string;
  tenant: string | undefined;
  state: string | undefined;
  from: string | undefined;
  since: string | undefined;
  until: string | undefined;
  author: string | undefined;
  after: string | undefined;
  /** Filters by numeric id. */
  id: number | undefined;
}

export const DEFAULT_PAGE: Page = { page: 1, pageSize: 25 };
export const MAX_PAGE_SIZE = 100;
const MAX_PAGE = 1_000_000;

const LIST_KEYS = ['page', 'pageSize', 'q'] as const;
/** Filters with text values. */
const TEXT_KEYS = ['tenant', 'state', 'from', 'since', 'until', 'author', 'after'] as const;

const clamped = (raw: unknown, fallback: number, max: number): number | null => {
  if (raw === undefined) return fallback;
  if (typeof raw !== 'string' || !/^-?\d{1,15}(?:e\d{1,2})?$/.test(raw)) return null;
  return Math.min(Math.max(Number(raw), 1), max);
};

/** PostgreSQL refuses NUL in text, even in a search. */
const stringOf = (raw: unknown): string | null =>
  typeof raw === 'string' && raw.length <= 255 && !raw.includes('\0') ? raw : null;

/**
 * Reads the query of a list route. Clamps page and page size, and refuses keys that are not listed in `extra`: no part of
 * a client's query reaches Strapi's query engine unchecked (security 10).
 */
export const parseListQuery = (
  input: unknown,
  extra: readonly ((typeof TEXT_KEYS)[number] | 'id')[] = []
): Parsed<ListQuery> => {
  const query = isPlainObject(input) ? input : {};
  const known: readonly string[] = [...LIST_KEYS, ...extra];
  const unknown = Object.keys(query).find((key) => !known.includes(key));
  if (unknown !== undefined) return reject('UNKNOWN_FIELD', { path: unknown.slice(0, 200) });
  const page = clamped(query.page, DEFAULT_PAGE.page, MAX_PAGE);
  if (page === null) return reject('INVALID_INPUT', { path: 'page' });
  const pageSize = clamped(query.pageSize, DEFAULT_PAGE.pageSize, MAX_PAGE_SIZE);
  if (pageSize === null) return reject('INVALID_INPUT', { path: 'pageSize' });
  for (const key of ['q', ...extra]) {
    if (query[key] !== undefined && stringOf(query[key]) === null) return reject('INVALID_INPUT', { path: key });
  }
  if (query.id !== undefined && !/^\d{1,9}$/.test(String(query.id))) return reject('INVALID_INPUT', { path: 'id' });
  const texts = Object.fromEntries(TEXT_KEYS.map((key) => [key, stringOf(query[key]) ?? undefined]));
  return accept({
    id: query.id === undefined ? undefined : Number(query.id),
    page,
    pageSize,
    q: stringOf(query.q) ?? '',
    ...(texts as Record<(typeof TEXT_KEYS)[number], string | undefined>),
  });
};

/** Reads the query of a route with these optional string keys. */
export const parseQuery = <K extends string>(
  input: unknown,
  keys: readonly K[]
): Parsed<Partial<Record<K, string>>> => {
  const query = isPlainObject(input) ? input : {};
  const result: Partial<Record<K, string>> = {};
  for (const key of Object.keys(query)) {
    if (!(keys as readonly string[]).includes(key)) return reject('UNKNOWN_FIELD', { path: key.slice(0, 200) });
    const value = stringOf(query[key]);
    if (value === null) return reject('INVALID_INPUT', { path: key });
    result[key as K] = value;
  }
  return accept(result);
};

export const nothing = yup.object({});
