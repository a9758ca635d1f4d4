import * as React from 'react';
import { useIntl } from 'react-intl';

/** Writes a time (ISO 8601) as a day in the administrator's language. */
export const useDate = (): ((iso: string) => string) => {
  const { formatDate } = useIntl();
  return React.useCallback((iso) => formatDate(iso, { dateStyle: 'medium' }), [formatDate]);
};
