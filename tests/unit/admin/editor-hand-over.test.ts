import { createHandOver } from '../../../admin/src/editor/hand-over';

/** Timers on a clock that only `at` moves. */
const aClock = () => {
  let now = 0;
  const timers = new Set<{ due: number; run: () => void }>();
  return {
    now: () => now,
    schedule: (run: () => void, ms: number) => {
      const timer = { due: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    at: (time: number) => {
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= time).sort((a, b) => a.due - b.due);
        if (!next) break;
        now = next.due;
        timers.delete(next);
        next.run();
      }
      now = time;
    },
  };
};

const setUp = () => {
  const clock = aClock();
  const runs: number[] = [];
  const handOver = createHandOver(() => runs.push(clock.now()), clock.schedule);
  return { ...clock, runs, ...handOver };
};

describe('typed text', () => {
  it('is handed over once, 100 ms after the last key', () => {
    const { at, typed, runs } = setUp();
    for (const time of [0, 60]) {
      at(time);
      typed();
    }
    at(10_000);
    expect(runs).toEqual([160]);
  });

  it('is handed over every 250 ms while a key comes every 60 ms', () => {
    const { at, typed, runs } = setUp();
    for (let time = 0; time <= 900; time += 60) {
      at(time);
      typed();
    }
    expect(runs).toEqual([250, 550, 850]);
  });

  it('is not handed over after a cancel', () => {
    const { at, typed, cancel, runs } = setUp();
    typed();
    cancel();
    at(10_000);
    expect(runs).toEqual([]);
  });
});
