import * as React from 'react';
import { useLocation, useSearchParams } from 'react-router-dom';
import { useDrafts } from './draft/store';
import { DRAFT_PARAMETER } from './draft/use-open-draft';

/** State of a navigation to the form from a button that goes away with it. */
export const TAKES_FOCUS = { takesFocus: true };

/**
 * @param isReady the form has opened what the address names
 * @returns true once, when the form is there and the focus has to go into it
 */
export const useFocusOnArrival = (isReady: boolean): (() => boolean) => {
  const { key, state } = useLocation() as { key: string; state: Partial<typeof TAKES_FOCUS> | null };
  const [params] = useSearchParams();
  const { kept } = useDrafts();
  const seen = React.useRef('');
  const wanted = React.useRef(false);
  if (seen.current !== key && state?.takesFocus === true) wanted.current = true;
  seen.current = key;
  const isOpen = isReady && params.get(DRAFT_PARAMETER) === (kept?.id ?? null);
  return () => {
    if (!isOpen || !wanted.current) return false;
    wanted.current = false;
    return true;
  };
};
