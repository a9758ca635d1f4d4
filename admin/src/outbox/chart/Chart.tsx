import { Box, Button, Flex, Td, Tr, Typography } from '@strapi/design-system';
import { CaretDown, CaretUp } from '@strapi/icons';
import * as React from 'react';
import { useIntl } from 'react-intl';
import { Notice } from '../../shared/ui/Notice';
import { PLUGIN_ID } from '../../shared/plugin-id';
import { RowTable } from '../../shared/ui/RowTable';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { useMailboxesDaysQuery, type Day } from '../api';
import type BarsOfDays from './Bars';
import { Fill, fillOf } from './ChartFill';
import { barsOf, SERIES, totalsOf, type Bar, type Counts } from './days';
import { browserZone } from '../../shared/time/zones';

const HEIGHT_PX = 150;
const STORAGE_KEY = `${PLUGIN_ID}-outbox-chart`;
const HIDDEN = 'hidden';
const POLLING_MS = 15_000;

const COLUMNS: readonly TextKey[] = [
  'submissions.chart.day',
  ...SERIES.map((series) => `submissions.chart.${series}` as const),
];

type Loaded = typeof BarsOfDays;

/** Loads the chart component. Replaces `React.lazy`, which cannot retry a failed import. */
const useBars = (): { Bars: Loaded | null; failed: boolean; retry: () => void } => {
  const [Bars, setBars] = React.useState<Loaded | null>(null);
  const [failed, setFailed] = React.useState(false);
  const load = React.useCallback(() => {
    setFailed(false);
    import('./Bars').then(
      (module) => setBars(() => module.default),
      () => setFailed(true)
    );
  }, []);
  React.useEffect(load, [load]);
  return { Bars, failed, retry: load };
};

const Legend = ({ totals }: { totals: Counts }) => {
  const t = useText();
  const id = React.useId().replaceAll(':', '');
  return (
    <Flex tag="ul" gap={4} wrap="wrap">
      {SERIES.map((series) => (
        <Flex key={series} tag="li" gap={2}>
          <svg width="14" height="14" aria-hidden>
            <defs>
              <Fill id={id} series={series} />
            </defs>
            <rect width="14" height="14" rx="2" fill={fillOf(id, series)} />
          </svg>
          <Typography variant="pi" textColor="neutral800">
            {t(`submissions.chart.${series}`)}: {totals[series]}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
};

const Skeleton = () => {
  const t = useText();
  return (
    <Box
      role="status"
      aria-label={t('submissions.chart.loading')}
      background="neutral150"
      hasRadius
      height={`${HEIGHT_PX}px`}
    />
  );
};

const Failed = ({ retry }: { retry: () => void }) => {
  const t = useText();
  return (
    <Notice kind="warning" action={<Button onClick={retry}>{t('try-again')}</Button>}>
      {t('submissions.chart.error')}
    </Notice>
  );
};

const DaysTable = ({ bars, dayText }: { bars: readonly Bar[]; dayText: (day: string) => string }) => {
  const t = useText();
  const full = bars.filter(({ total }) => total > 0).reverse();
  return (
    <RowTable columns={COLUMNS} rows={full} label={t('submissions.chart.title')}>
      {(bar) => (
        <Tr key={bar.day}>
          <Td>
            <Typography fontWeight="semiBold">{dayText(bar.day)}</Typography>
          </Td>
          {SERIES.map((series) => (
            <Td key={series} data-label={t(`submissions.chart.${series}`)}>
              <Typography>{bar[series]}</Typography>
            </Td>
          ))}
        </Tr>
      )}
    </RowTable>
  );
};

const BarChart = ({ bars, dayText, summary }: { bars: Bar[]; dayText: (day: string) => string; summary: string }) => {
  const { Bars, failed, retry } = useBars();
  if (failed) return <Failed retry={retry} />;
  if (!Bars) return <Skeleton />;
  return (
    <div role="img" aria-label={summary}>
      <Bars bars={bars} height={HEIGHT_PX} dayText={dayText} />
    </div>
  );
};

const Content = ({ days }: { days: readonly Day[] }) => {
  const t = useText();
  const { formatDate } = useIntl();
  const [asTable, setAsTable] = React.useState(false);
  const dayText = React.useCallback(
    (day: string) => formatDate(`${day}T00:00Z`, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
    [formatDate]
  );
  const bars = barsOf(days);
  const totals = totalsOf(days);
  return (
    <Flex direction="column" alignItems="stretch" gap={3}>
      {asTable ? (
        <DaysTable bars={bars} dayText={dayText} />
      ) : (
        <BarChart bars={bars} dayText={dayText} summary={t('submissions.chart.summary', { ...totals })} />
      )}
      <Flex justifyContent="space-between" gap={3} wrap="wrap">
        <Legend totals={totals} />
        <Button variant="tertiary" size="S" onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'submissions.chart.as-bars' : 'submissions.chart.as-table')}
        </Button>
      </Flex>
    </Flex>
  );
};

const isStoredOpen = (): boolean => localStorage.getItem(STORAGE_KEY) !== HIDDEN;

interface Props {
  tenant: string;
  /** Polling interval of the list in milliseconds; 0: no polling. */
  pollingInterval: number;
}

/** Outcomes of the last 30 days. Renders nothing without data; a collapsed chart does not fetch. */
export const Chart = ({ tenant, pollingInterval }: Props) => {
  const t = useText();
  const id = React.useId();
  const [open, setOpen] = React.useState(isStoredOpen);
  const zone = browserZone();
  const { currentData, isError, refetch, isUninitialized } = useMailboxesDaysQuery(
    { tenant, zone },
    { skip: !open, pollingInterval: pollingInterval === 0 ? 0 : POLLING_MS, refetchOnMountOrArgChange: true }
  );
  // Polling stops when no submission is moving: fetch the final counts once.
  const moved = React.useRef(false);
  React.useEffect(() => {
    if (moved.current && pollingInterval === 0 && !isUninitialized) void refetch();
    moved.current = pollingInterval > 0;
  }, [pollingInterval, refetch, isUninitialized]);
  const toggle = () => {
    if (open) localStorage.setItem(STORAGE_KEY, HIDDEN);
    else localStorage.removeItem(STORAGE_KEY);
    setOpen(!open);
  };

  if (currentData && totalsOf(currentData).total === 0) return null;
  return (
    <Box
      tag="section"
      aria-labelledby={`${id}-title`}
      background="neutral0"
      hasRadius
      shadow="tableShadow"
      padding={{ initial: 4, medium: 5 }}
    >
      <Flex justifyContent="space-between" gap={3}>
        <Typography id={`${id}-title`} tag="h2" variant="delta">
          {t('submissions.chart.title')}
        </Typography>
        <Button
          variant="ghost"
          size="S"
          endIcon={open ? <CaretUp /> : <CaretDown />}
          aria-expanded={open}
          aria-controls={`${id}-content`}
          onClick={toggle}
        >
          {t(open ? 'submissions.chart.hide' : 'submissions.chart.show')}
        </Button>
      </Flex>
      <Box id={`${id}-content`} paddingTop={open ? 3 : 0}>
        {open && currentData && <Content days={currentData} />}
        {open && !currentData && (isError ? <Failed retry={() => void refetch()} /> : <Skeleton />)}
      </Box>
    </Box>
  );
};
