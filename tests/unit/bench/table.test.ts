import { collect } from '../../../bench/figures';
import { median, percentile, rotated } from '../../../bench/statistics';
import { table } from '../../../bench/table';

describe('the statistics of the bench', () => {
  it('take the middle of an odd and of an even number of values', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  it('take the smallest value that covers the part as its percentile', () => {
    const values = Array.from({ length: 200 }, (_, n) => 200 - n);
    expect([0.5, 0.99, 1].map((part) => percentile(values, part))).toEqual([100, 198, 200]);
    expect(percentile([3], 0.99)).toBe(3);
  });

  it('rotate the order, so that each way comes first in one of as many rounds', () => {
    expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  });
});

describe('the table of the bench', () => {
  it('shows median, range and aim by database, and an empty cell for a figure that was not measured', () => {
    const one = collect('text');
    for (const rate of [900, 1100, 1000]) one.add('mails a second', rate);
    for (const ratio of [0.61, 0.5, 0.4]) one.add('ours : raw', ratio, { atLeast: 0.5 });
    const other = collect('text');
    other.add('ours : raw', 0.42, { atLeast: 0.5 });
    other.add('p99, ms', 12.34, { atMost: 50 });
    expect(
      table([
        ['sqlite', one.figures()],
        ['postgres', other.figures()],
      ])
    ).toEqual([
      '| Scenario | Median (lowest to highest) | sqlite | postgres |',
      '| --- | --- | --- | --- |',
      '| text | mails a second | 1000 (900 to 1100) |  |',
      '| text | ours : raw | **0.50** (0.40 to 0.61); ≥ 0.5 reached | **0.42**; ≥ 0.5 **missed** |',
      '| text | p99, ms |  | **12.3**; ≤ 50 reached |',
    ]);
  });
});
