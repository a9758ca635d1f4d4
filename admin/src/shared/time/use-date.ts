import * as React from 'react';
import { useIntl } from 'react-intl';

/** Formats the day of an instant (ISO 8601) in the administrator's language. */
export const useDate = (): ((iso: string) => string) => {
  const { formatDate } = useIntl();
  return React.useCallback((iso) => formatDate(iso, { dateStyle: 'medium' }), [formatDate]);
};
