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

/** Calendar days, today among them. */
const PERIOD_DAYS = { today: 1, '7-days': 7, '30-days': 30 } as const;
type Counted = keyof typeof PERIOD_DAYS;
const COUNTED = Object.keys(PERIOD_DAYS) as Counted[];
/** `dates`: from one day to another. */
export const PERIODS = [...COUNTED, 'dates'] as const;
export type Period = (typeof PERIODS)[number];

/** What a list is narrowed to; '' and [] are everything. */
export interface Filters {
  states: readonly SubmissionState[];
  q: string;
  period: Period | '';
  /** `2026-11-25`, of `dates` only. */
  since: string;
  until: string;
  from: IdentityId | '';
  /** Numeric id of a user. */
  author: string;
}

export const NO_FILTERS: Filters = { states: [], q: '', period: '', since: '', until: '', from: '', author: '' };

/** As the server is asked: instants are ISO 8601. */
export interface Narrowed {
  state: string;
  q: string;
  since: string;
  until: string;
  from: string;
  author: string;
}

/** Names in the page's address. Strapi's own pagination keeps a search only under its own name for one. */
const KEYS = {
  states: 'state',
  q: '_q',
  period: 'period',
  since: 'since',
  until: 'until',
  from: 'from',
  author: 'author',
} as const;

/** A day as it is typed passes through the first centuries. */
const isDay = (text: string): boolean => /^(?:20|21)\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** What a page's address says; what does not make sense in it says nothing. */
export const filtersIn = (params: URLSearchParams): Filters => {
  const said = (key: keyof typeof KEYS): string => params.get(KEYS[key]) ?? '';
  const states = said('states').split(',');
  const period = PERIODS.find((known) => known === said('period')) ?? '';
  const day = (key: 'since' | 'until'): string => (period === 'dates' && isDay(said(key)) ? said(key) : '');
  return {
    states: STATES.filter((state) => states.includes(state)),
    q: said('q').slice(0, 255),
    period,
    since: day('since'),
    until: day('until'),
    from: isIdentityId(said('from')) ? (said('from') as IdentityId) : '',
    author: /^\d{1,9}$/.test(said('author')) ? said('author') : '',
  };
};

/** The page's address with these filters, on its first page; everything else in it stays. */
export const paramsWith = (params: URLSearchParams, filters: Filters): URLSearchParams => {
  const next = new URLSearchParams(params);
  next.delete('page');
  for (const [name, key] of Object.entries(KEYS)) {
    const value = String(filters[name as keyof Filters]);
    if (value === '') next.delete(key);
    else next.set(key, value);
  }
  return next;
};

/** How many kinds of filters hide something. */
export const countOf = ({ states, q, period, since, until, from, author }: Filters): number =>
  [
    states.length > 0,
    q !== '',
    period !== '' && (period !== 'dates' || since + until !== ''),
    from !== '',
    author !== '',
  ].filter(Boolean).length;

/** The end comes before the beginning, so nothing can be found. */
export const isBackwards = ({ since, until }: Pick<Filters, 'since' | 'until'>): boolean =>
  since !== '' && until !== '' && until < since;

/**
 * What the server is asked for. Days begin where the reader is, and have 23 or 25 hours when its clocks change.
 *
 * @param zone IANA name
 */
export const narrowedBy = (filters: Filters, { zone, nowMs }: { zone: string; nowMs: number }): Narrowed => {
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
