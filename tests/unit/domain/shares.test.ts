import { allFit, fullLanes, NOTHING_HELD, sharesOf, type Held } from '../../../server/src/domain/shares';

const held = (lanes: Record<string, [inFlight: number, slow?: 'slow']>, differs: Partial<Held> = {}): Held => ({
  ...NOTHING_HELD,
  slowPlaces: 50,
  perSlowLane: 5,
  lanes: new Map(Object.entries(lanes).map(([lane, [inFlight, slow]]) => [lane, { inFlight, slow: slow === 'slow' }])),
  ...differs,
});
const shares = (budgets: Record<string, number>, slots: number, holds: Held = NOTHING_HELD) =>
  Object.fromEntries(sharesOf(new Map(Object.entries(budgets)), slots, holds));

describe('shares of the slots of a process', () => {
  it.each<[string, Record<string, number>, number, Held, Record<string, number>]>([
    ['gives one lane all slots', { a: 9 }, 5, NOTHING_HELD, { a: 5 }],
    [
      'gives three lanes equal shares, the first ones the rest',
      { a: 9, b: 9, c: 9 },
      5,
      NOTHING_HELD,
      { a: 2, b: 2, c: 1 },
    ],
    ['gives no lane more than its budget', { a: 1, b: 0, c: 9 }, 5, NOTHING_HELD, { a: 1, c: 4 }],
    ['gives a free slot to the lane that holds fewest', { a: 9, b: 9 }, 1, held({ a: [3] }), { b: 1 }],
    ['evens out what lanes hold', { a: 9, b: 9 }, 3, held({ a: [2] }), { a: 1, b: 2 }],
    ['takes no slot for a slow lane', { a: 9, b: 9 }, 5, held({ a: [2, 'slow'] }), { b: 5, a: 3 }],
    ['gives a slow lane no more than its places', { a: 99 }, 5, held({ a: [2, 'slow'] }, { perSlowLane: 4 }), { a: 2 }],
    [
      'shares what is left for slow lanes',
      { a: 9, b: 9 },
      0,
      held({ a: [3, 'slow'], b: [1, 'slow'] }, { slowPlaces: 3 }),
      { b: 2, a: 1 },
    ],
    [
      'gives slow lanes nothing when their places are taken',
      { a: 9, b: 9 },
      2,
      held({ a: [3, 'slow'] }, { slowPlaces: 0 }),
      { b: 2 },
    ],
    [
      'gives the kept slot to a lane that holds none',
      { a: 9, b: 9 },
      1,
      held({ a: [5] }, { newcomersOnly: true }),
      { b: 1 },
    ],
    ['keeps the kept slot where every lane holds some', { a: 9 }, 1, held({ a: [5] }, { newcomersOnly: true }), {}],
  ])('%s', (_rule, budgets, slots, holds, expected) => {
    expect(shares(budgets, slots, holds)).toEqual(expected);
  });

  it('lists the lanes that have reached their limit', () => {
    const lanes = { a: [5, 'slow'], b: [4, 'slow'], c: [5], d: [1] } as const;
    const of = (differs: Partial<Held>) => fullLanes(held(lanes as never, differs));
    expect(of({})).toEqual(['a']);
    expect(of({ slowPlaces: 0 })).toEqual(['a', 'b']);
    expect(of({ newcomersOnly: true })).toEqual(['a', 'c', 'd']);
  });

  it.each<[string[], number, Held, boolean]>([
    [['a', 'b'], 2, NOTHING_HELD, true],
    [['a', 'b', 'c'], 2, NOTHING_HELD, false],
    [['a', 'b', 'c'], 2, held({ c: [1, 'slow'] }), true],
    [['a', 'c'], 2, held({ c: [1, 'slow'] }, { slowPlaces: 0 }), false],
  ])('fit together: %j into %d slots', (lanes, slots, holds, expected) => {
    expect(allFit(lanes, slots, holds)).toBe(expected);
  });
});
