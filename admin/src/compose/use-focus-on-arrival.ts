import * as React from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';
import { useDrafts } from './draft/store';
import { DRAFT_PARAMETER } from './draft/use-open-draft';

/** Location state of a navigation to the form by a button that is unmounted with it. */
export const TAKES_FOCUS = { takesFocus: true };

/**
 * @param isReady the form has opened the draft of the URL
 * @returns a function that is true once, when the form is open and must take the focus
 */
export const useFocusOnArrival = (isReady: boolean): (() => boolean) => {
  const { key, state } = useLocation() as { key: string; state: Partial<typeof TAKES_FOCUS> | null };
  const [params] = useSearchParams();
  const { stored } = useDrafts();
  const seen = React.useRef('');
  const wanted = React.useRef(false);
  if (seen.current !== key && state?.takesFocus === true) wanted.current = true;
  seen.current = key;
  const isOpen = isReady && params.get(DRAFT_PARAMETER) === (stored?.id ?? null);
  return () => {
    if (!isOpen || !wanted.current) return false;
    wanted.current = false;
    return true;
  };
};
