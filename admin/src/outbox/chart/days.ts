import type { SubmissionState } from '../../../../server/src/contracts/answers';
import type { Day } from '../api';

/** Series of a bar, bottom up. Merges states that have the same colour and the same meaning for an editor. */
export const SERIES = ['done', 'moving', 'uncertain', 'failed', 'canceled'] as const;
export type Series = (typeof SERIES)[number];

const SERIES_OF: Record<SubmissionState, Series> = {
  held: 'moving',
  queued: 'moving',
  submitting: 'moving',
  submitted: 'done',
  failed: 'failed',
  canceled: 'canceled',
  uncertain: 'uncertain',
};

export type Counts = Record<Series, number>;

const countsOf = (days: readonly Day[]): Counts => {
  const counts: Counts = { done: 0, moving: 0, uncertain: 0, failed: 0, canceled: 0 };
  for (const day of days)
    for (const [state, count] of Object.entries(day.counts)) counts[SERIES_OF[state as SubmissionState]] += count;
  return counts;
};

export interface Bar extends Counts {
  /** `2026-11-25` */
  day: string;
  total: number;
}

const withTotal = (counts: Counts): Counts & { total: number } => ({
  ...counts,
  total: SERIES.reduce((sum, series) => sum + counts[series], 0),
});

export const barsOf = (days: readonly Day[]): Bar[] =>
  days.map((day) => ({ day: day.day, ...withTotal(countsOf([day])) }));

export const totalsOf = (days: readonly Day[]): Counts & { total: number } => withTotal(countsOf(days));
