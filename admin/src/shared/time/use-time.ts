import * as React from 'react';
import { useIntl } from 'react-intl';

/** Formats an instant in the administrator's language and in the given zone (IANA name), else that of the browser. */
export const useTime = (): ((iso: string | number, timeZone?: string) => string) => {
  const { formatDate } = useIntl();
  return React.useCallback(
    (moment, timeZone) =>
      formatDate(new Date(moment), { dateStyle: 'medium', timeStyle: 'short', ...(timeZone && { timeZone }) }),
    [formatDate]
  );
};
