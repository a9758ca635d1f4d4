import { Box, Typography } from '@strapi/design-system';
import * as React from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useTheme } from 'styled-components';
import { useText } from '../../shared/i18n/use-text';
import { Fill, fillOf } from './ChartFill';
import { SERIES, type Bar as DayBar } from './days';

interface Props {
  bars: readonly DayBar[];
  height: number;
  /** Formats a day. */
  dayText: (day: string) => string;
}

const DayTip = ({ bar, dayText }: { bar: DayBar; dayText: Props['dayText'] }) => {
  const t = useText();
  return (
    <Box background="neutral0" borderColor="neutral200" hasRadius shadow="popupShadow" padding={3}>
      <Typography tag="p" variant="pi" fontWeight="bold" textColor="neutral800">
        {dayText(bar.day)}
      </Typography>
      {SERIES.filter((series) => bar[series] > 0).map((series) => (
        <Typography key={series} tag="p" variant="pi" textColor="neutral800">
          {t(`submissions.chart.${series}`)}: {bar[series]}
        </Typography>
      ))}
      {bar.total === 0 && (
        <Typography tag="p" variant="pi" textColor="neutral800">
          {t('submissions.chart.none')}
        </Typography>
      )}
    </Box>
  );
};

/** Stacked bar chart, one bar per day. Loaded on demand: the library is larger than the page. */
const Bars = ({ bars, height, dayText }: Props) => {
  const { colors } = useTheme();
  const id = React.useId().replaceAll(':', '');
  const tick = { fill: colors.neutral600, fontSize: 11 };
  return (
    <ResponsiveContainer width="100%" height={height}>
      {/* The numbers are in the summary and the table, so the chart is not focusable. */}
      <BarChart data={[...bars]} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 0 }}>
        <defs>
          {SERIES.map((series) => (
            <Fill key={series} id={id} series={series} />
          ))}
        </defs>
        <CartesianGrid vertical={false} stroke={colors.neutral200} />
        <XAxis
          dataKey="day"
          tickFormatter={dayText}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: colors.neutral300 }}
          minTickGap={24}
          interval="preserveStartEnd"
        />
        <YAxis allowDecimals={false} width={32} tick={tick} tickLine={false} axisLine={false} />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: colors.neutral150 }}
          content={({ payload, active }) => {
            const bar = payload?.[0]?.payload as DayBar | undefined;
            return active && bar ? <DayTip bar={bar} dayText={dayText} /> : null;
          }}
        />
        {SERIES.map((series) => (
          <Bar
            key={series}
            dataKey={series}
            stackId="day"
            fill={fillOf(id, series)}
            stroke={colors.neutral0}
            strokeWidth={1}
            maxBarSize={28}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
};

export default Bars;
