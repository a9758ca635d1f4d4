import * as React from 'react';
import { useIntl } from 'react-intl';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Bytes in the administrator's language: `2.4 MB`, as the media library counts. */
export const useFileSize = (): ((bytes: number) => string) => {
  const { formatNumber } = useIntl();
  return React.useCallback(
    (bytes) => {
      const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
      return formatNumber(bytes / 1000 ** power, {
        style: 'unit',
        unit: UNITS[power],
        unitDisplay: 'short',
        maximumFractionDigits: power < 2 ? 0 : 1,
      });
    },
    [formatNumber]
  );
};
