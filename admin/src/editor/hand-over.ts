/** Pause in typing after which the text is handed over. */
const PAUSE_MS = 100;
/** Maximum delay after the first key: with the delay of the local backup, below half a second. */
const LONGEST_MS = 250;

/**
 * Debounces the hand-over of typed text, with a maximum delay for long bursts.
 *
 * @param run hands over the text
 * @param schedule like `setTimeout`; returns a cancel function
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
