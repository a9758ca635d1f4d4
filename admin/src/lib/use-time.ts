import * as React from 'react';
import { useIntl } from 'react-intl';

/** A moment in the administrator's language and this browser's zone. */
export const useTime = (): ((iso: string | number) => string) => {
  const { formatDate } = useIntl();
  return React.useCallback(
    (moment) => formatDate(new Date(moment), { dateStyle: 'medium', timeStyle: 'short' }),
    [formatDate]
  );
};
