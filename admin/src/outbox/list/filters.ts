import { fromAbsolute, parseDate, toCalendarDate, type CalendarDate } from '@internationalized/date';
import type { IdentityId, SubmissionState } from '../../../../server/src/contracts/answers';
import { isIdentityId } from '../../../../server/src/contracts/checks';

export const STATES: readonly SubmissionState[] = [
  'held',
  'queued',
  'submitting',
  'submitted',
  'failed',
  'uncertain',
  'canceled',
];

/** Lengths in calendar days, including today. */
const PERIOD_DAYS = { today: 1, '7-days': 7, '30-days': 30 } as const;
type Counted = keyof typeof PERIOD_DAYS;
const COUNTED = Object.keys(PERIOD_DAYS) as Counted[];
/** `dates`: from `since` to `until`. */
export const PERIODS = [...COUNTED, 'dates'] as const;
export type Period = (typeof PERIODS)[number];

/** Filters of a list; '' and [] do not filter. */
export interface Filters {
  states: readonly SubmissionState[];
  q: string;
  period: Period | '';
  /** `2026-11-25`, set for `dates` only. */
  since: string;
  until: string;
  from: IdentityId | '';
  /** Numeric id of a user. */
  author: string;
}

export const NO_FILTERS: Filters = { states: [], q: '', period: '', since: '', until: '', from: '', author: '' };

/** Query parameters of the server; instants in ISO 8601. */
export interface SubmissionFilters {
  state: string;
  q: string;
  since: string;
  until: string;
  from: string;
  author: string;
}

/** Names of the URL parameters. Strapi's pagination keeps a search only under the name `_q`. */
const KEYS = {
  states: 'state',
  q: '_q',
  period: 'period',
  since: 'since',
  until: 'until',
  from: 'from',
  author: 'author',
} as const;

/** Accepts the years 2000 to 2199: while typing, a date field passes through the first centuries. */
const isDay = (text: string): boolean => /^(?:20|21)\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** Parses the URL parameters; invalid values are ignored. */
export const filtersIn = (params: URLSearchParams): Filters => {
  const param = (key: keyof typeof KEYS): string => params.get(KEYS[key]) ?? '';
  const states = param('states').split(',');
  const period = PERIODS.find((known) => known === param('period')) ?? '';
  const day = (key: 'since' | 'until'): string => (period === 'dates' && isDay(param(key)) ? param(key) : '');
  return {
    states: STATES.filter((state) => states.includes(state)),
    q: param('q').slice(0, 255),
    period,
    since: day('since'),
    until: day('until'),
    from: isIdentityId(param('from')) ? (param('from') as IdentityId) : '',
    author: /^\d{1,9}$/.test(param('author')) ? param('author') : '',
  };
};

/** Returns a copy of the URL parameters with these filters, at the first page. */
export const paramsWith = (params: URLSearchParams, filters: Filters): URLSearchParams => {
  const next = new URLSearchParams(params);
  next.delete('page');
  next.delete('after');
  for (const [name, key] of Object.entries(KEYS)) {
    const value = String(filters[name as keyof Filters]);
    if (value === '') next.delete(key);
    else next.set(key, value);
  }
  return next;
};

/** Counts the active filters. */
export const countOf = ({ states, q, period, since, until, from, author }: Filters): number =>
  [
    states.length > 0,
    q !== '',
    period !== '' && (period !== 'dates' || since + until !== ''),
    from !== '',
    author !== '',
  ].filter(Boolean).length;

/** Returns whether the last day precedes the first. */
export const isBackwards = ({ since, until }: Pick<Filters, 'since' | 'until'>): boolean =>
  since !== '' && until !== '' && until < since;

/**
 * Converts filters to query parameters. Days are those of the reader's zone, with 23 or 25 hours on clock changes.
 *
 * @param zone IANA name
 */
export const filterParams = (filters: Filters, { zone, nowMs }: { zone: string; nowMs: number }): SubmissionFilters => {
  const { states, q, period, since, until, from, author } = filters;
  const startMs = (day: CalendarDate): number => day.toDate(zone).getTime();
  const counted = COUNTED.find((known) => known === period);
  const first = counted
    ? toCalendarDate(fromAbsolute(nowMs, zone)).subtract({ days: PERIOD_DAYS[counted] - 1 })
    : since === ''
      ? null
      : parseDate(since);
  const afterLast = until === '' ? null : parseDate(until).add({ days: 1 });
  return {
    state: states.join(','),
    q,
    since: first ? new Date(startMs(first)).toISOString() : '',
    until: afterLast ? new Date(startMs(afterLast) - 1).toISOString() : '',
    from,
    author,
  };
};
