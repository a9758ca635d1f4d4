import * as React from 'react';

/** Strapi's own border between a phone and everything else. */
const NARROW = '(max-width: 767px)';

const subscribe = (changed: () => void): (() => void) => {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** Is the window as narrow as a phone's, so that a table would have to be pushed sideways? */
export const useNarrow = (): boolean => React.useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches);
