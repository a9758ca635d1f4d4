import * as React from 'react';
import type { Submission } from '../../../../server/src/contracts/answers';
import { pollMsOf } from './polling';

const onVisibility = (listener: () => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};

/** Nobody looks at a hidden tab, so it asks nothing. */
const useIsVisible = (): boolean =>
  React.useSyncExternalStore(onVisibility, () => document.visibilityState === 'visible');

/**
 * When to look again, by what was seen last.
 *
 * @returns milliseconds for a query (0: not at all), and what tells it the newest answer
 */
export const usePolling = (): [number, (seen: readonly Submission[]) => void] => {
  const isVisible = useIsVisible();
  const [pollMs, setPollMs] = React.useState(0);
  const look = React.useCallback((seen: readonly Submission[]) => setPollMs(pollMsOf(seen, Date.now())), []);
  return [isVisible ? pollMs : 0, look];
};
