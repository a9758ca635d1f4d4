import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Interval of its timer, which every reading contains. */
const RESOLUTION_MS = 2;

/** Milliseconds by which timers were late. */
export interface LoopDelays {
  p50: number;
  p99: number;
  longest: number;
}

export const watchLoop = (): { start: () => void; read: () => LoopDelays } => {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    start: () => {
      histogram.reset();
      histogram.enable();
    },
    read: () => {
      histogram.disable();
      return { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), longest: late(histogram.max) };
    },
  };
};
