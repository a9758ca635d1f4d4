/** Text is handed over when typing pauses for so long. */
const PAUSE_MS = 100;
/** And at the latest so long after its first key: with the local copy's delay, less than half a second. */
const LONGEST_MS = 250;

/**
 * Delays the hand-over of typed text: a debounce with a maximum wait, so that a burst of any length is kept.
 *
 * @param run hands over what is there
 * @param schedule calls back after so many milliseconds; returns what cancels that
 */
export const createHandOver = (
  run: () => void,
  schedule: (run: () => void, ms: number) => () => void
): { typed: () => void; cancel: () => void } => {
  let pause: (() => void) | null = null;
  let longest: (() => void) | null = null;
  const cancel = () => {
    pause?.();
    longest?.();
    pause = longest = null;
  };
  const due = () => {
    cancel();
    run();
  };
  return {
    typed: () => {
      pause?.();
      pause = schedule(due, PAUSE_MS);
      longest ??= schedule(due, LONGEST_MS);
    },
    cancel,
  };
};
