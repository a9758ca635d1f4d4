import * as React from 'react';
import { useIntl } from 'react-intl';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Returns a size and its number format, in decimal units like the media library: `726 bytes`, `2.4 MB`. */
export const fileSizeOf = (bytes: number): { value: number; format: Intl.NumberFormatOptions } => {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return {
    value: bytes / 1000 ** power,
    format: {
      style: 'unit',
      unit: UNITS[power],
      // The short unit of bytes has no plural.
      unitDisplay: power === 0 ? 'long' : 'short',
      maximumFractionDigits: power < 2 ? 0 : 1,
    },
  };
};

/** Formats a size in the administrator's language. */
export const useFileSize = (): ((bytes: number) => string) => {
  const { formatNumber } = useIntl();
  return React.useCallback(
    (bytes) => {
      const { value, format } = fileSizeOf(bytes);
      return formatNumber(value, format as Parameters<typeof formatNumber>[1]);
    },
    [formatNumber]
  );
};
