import { barsOf, SERIES, totalsOf } from '../../../admin/src/outbox/chart/days';
import { STATES } from '../../../admin/src/outbox/list/filters';
import type { SubmissionState } from '../../../server/src/contracts/answers';

const counts = (part: Partial<Record<SubmissionState, number>> = {}) =>
  Object.fromEntries(STATES.map((state) => [state, part[state] ?? 0])) as Record<SubmissionState, number>;

describe('the chart of the last days', () => {
  it('shows all unsent submissions as one part, and every state once', () => {
    const [bar] = barsOf([
      { day: '2026-11-25', counts: counts({ held: 1, queued: 2, submitting: 4, submitted: 8, failed: 16 }) },
    ]);
    expect(bar).toEqual({ day: '2026-11-25', done: 8, moving: 7, uncertain: 0, failed: 16, canceled: 0, total: 31 });
    const each = STATES.map((state) => barsOf([{ day: '2026-11-25', counts: counts({ [state]: 1 }) }])[0]);
    expect(each.map((one) => one?.total)).toEqual(STATES.map(() => 1));
    expect(SERIES.every((series) => each.some((one) => one?.[series] === 1))).toBe(true);
  });

  it('sums up the days, and omits days without submissions', () => {
    const days = [
      { day: '2026-11-24', counts: counts() },
      { day: '2026-11-25', counts: counts({ uncertain: 1, canceled: 2 }) },
    ];
    expect(totalsOf(days)).toEqual({ done: 0, moving: 0, uncertain: 1, failed: 0, canceled: 2, total: 3 });
    expect(barsOf(days).map(({ total }) => total)).toEqual([0, 3]);
    expect(totalsOf([]).total).toBe(0);
  });
});
