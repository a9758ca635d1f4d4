import { useTheme } from 'styled-components';
import type { Series } from './days';

/** Colours of the state labels; patterns distinguish the series without colour. */
const STYLE = {
  done: { colour: 'success600', pattern: null },
  moving: { colour: 'secondary600', pattern: 'M0 6H6' },
  uncertain: { colour: 'warning600', pattern: 'M3 3h.01' },
  failed: { colour: 'danger600', pattern: 'M0 6L6 0M-1 1L1 -1M5 7L7 5' },
  canceled: { colour: 'neutral500', pattern: 'M0 0L6 6M0 6L6 0' },
} as const satisfies Record<Series, unknown>;

export const fillOf = (id: string, series: Series): string => `url(#${id}-${series})`;

/** SVG pattern that `fillOf` refers to. */
export const Fill = ({ id, series }: { id: string; series: Series }) => {
  const { colors } = useTheme();
  const { colour, pattern } = STYLE[series];
  return (
    <pattern id={`${id}-${series}`} width="6" height="6" patternUnits="userSpaceOnUse">
      <rect width="6" height="6" fill={colors[colour]} />
      {pattern !== null && (
        <path
          d={pattern}
          stroke={colors.neutral0}
          strokeWidth={series === 'uncertain' ? 2.5 : 1}
          strokeLinecap={series === 'uncertain' ? 'round' : 'butt'}
        />
      )}
    </pattern>
  );
};
