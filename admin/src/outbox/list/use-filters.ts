import * as React from 'react';
import { useSearchParams } from 'react-router-dom';
import { filtersIn, NO_FILTERS, paramsWith, type Filters } from './filters';

export type ChangeFilters = (part: Partial<Filters>) => void;

/** Filters, kept in the URL so that links, reloads and the back button work. */
export const useFilters = () => {
  const [params, setParams] = useSearchParams();
  const filters = React.useMemo(() => filtersIn(params), [params]);
  const change = React.useCallback<ChangeFilters>(
    (part) => setParams((now) => paramsWith(now, { ...filtersIn(now), ...part })),
    [setParams]
  );
  // Replaces the history entry: otherwise the back button would undo single letters.
  const search = React.useCallback(
    (q: string) => setParams((now) => paramsWith(now, { ...filtersIn(now), q }), { replace: true }),
    [setParams]
  );
  const chooseTenant = React.useCallback(
    (tenant: string) =>
      setParams((now) => {
        const next = paramsWith(now, { ...filtersIn(now), from: '' });
        next.set('tenant', tenant);
        return next;
      }),
    [setParams]
  );
  const toPage = React.useCallback(
    (page: number) =>
      setParams(
        (now) => {
          const next = new URLSearchParams(now);
          next.set('page', String(page));
          return next;
        },
        { replace: true }
      ),
    [setParams]
  );
  /** Shows the submissions after a place in the list; '' shows the newest. */
  const toAfter = React.useCallback(
    (after: string) =>
      setParams((now) => {
        const next = new URLSearchParams(now);
        next.delete('page');
        if (after === '') next.delete('after');
        else next.set('after', after);
        return next;
      }),
    [setParams]
  );
  const clear = React.useCallback(() => change(NO_FILTERS), [change]);
  return { params, filters, change, search, chooseTenant, toPage, toAfter, clear };
};
