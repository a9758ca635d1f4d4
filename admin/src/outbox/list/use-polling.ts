import * as React from 'react';
import type { Submission } from '../../../../server/src/contracts/answers';
import { pollMsOf } from './polling';

const onVisibility = (listener: () => void) => {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
};

/** A hidden tab does not poll. */
const useIsVisible = (): boolean =>
  React.useSyncExternalStore(onVisibility, () => document.visibilityState === 'visible');

/**
 * Polling interval that depends on the latest result.
 *
 * @returns interval in milliseconds (0: no polling), and a setter that takes the latest submissions
 */
export const usePolling = (): [number, (polled: readonly Submission[]) => void] => {
  const isVisible = useIsVisible();
  const [pollMs, setPollMs] = React.useState(0);
  const setPolled = React.useCallback((polled: readonly Submission[]) => setPollMs(pollMsOf(polled, Date.now())), []);
  return [isVisible ? pollMs : 0, setPolled];
};
