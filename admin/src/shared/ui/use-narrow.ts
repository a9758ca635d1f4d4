import * as React from 'react';

/** Strapi's breakpoint for phones. */
const NARROW = '(max-width: 767px)';

const subscribe = (changed: () => void): (() => void) => {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** Returns whether the window has the width of a phone, where a table would scroll sideways. */
export const useNarrow = (): boolean => React.useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches);
