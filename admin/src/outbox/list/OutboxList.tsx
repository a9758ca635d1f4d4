import { Box, Button, EmptyStateLayout, Flex, Typography } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import { Page } from '@strapi/strapi/admin';
import * as React from 'react';
import type { IdentityList } from '../../../../server/src/contracts/answers';
import { TitledPage } from '../../shared/ui/TitledPage';
import { EmptyPage } from '../../shared/ui/EmptyPage';
import { Notice } from '../../shared/ui/Notice';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesOverviewQuery, useMailboxesSubmissionsQuery } from '../api';
import { Attention } from '../Attention';
import { BulkBar } from './BulkBar';
import { Chart } from '../chart/Chart';
import { Filters } from './Filters';
import { countOf, filterParams } from './filters';
import { PAGE_SIZE, Pages } from './Pages';
import { sendersOf, type SenderOf } from './senders';
import { SubmissionTable } from './SubmissionTable';
import { useBulkRetry, type BulkRetry } from './use-bulk-retry';
import type { useFilters } from './use-filters';
import { usePolling } from './use-polling';
import { useReader } from '../detail/use-reader';
import { browserZone } from '../../shared/time/zones';
import { useMailboxesIdentitiesQuery } from '../../shared/api/mailbox-user';
import { useRefusalWithNext, WriteButton } from '../../compose';

/** Text of a sender. With `log.read`, "own" covers the own address of every author. */
const useSenderText = (readsAll: boolean) => {
  const t = useText();
  return ({ id, name, email }: SenderOf): string => {
    if (id === 'own' && readsAll) return t('submissions.from.own');
    if (name && email) return `${name} <${email}>`;
    return email || t(id === 'system' ? 'identity.system' : 'identity.own');
  };
};

interface Props {
  /** documentId */
  tenant: string;
  filtering: ReturnType<typeof useFilters>;
  tenantSwitch: React.ReactNode;
}

/** Submissions of one page with everything shown beside them, polled while any of them is moving. */
const useOutbox = (tenant: string, filtering: Props['filtering']) => {
  const { reader, isLoading: isReaderLoading } = useReader();
  const { params, toPage } = filtering;
  // A shared link may name an author, which needs `log.read`.
  const filters = reader === null ? { ...filtering.filters, author: '' } : filtering.filters;
  const page = Number(params.get('page') ?? 1);
  const zone = browserZone();

  const [pollingInterval, setPolled] = usePolling();
  const polled = { pollingInterval, refetchOnMountOrArgChange: true };
  const list = useMailboxesSubmissionsQuery(
    {
      ...filterParams(filters, { zone, nowMs: Date.now() }),
      page,
      after: params.get('after') ?? '',
      pageSize: Number(params.get('pageSize') ?? PAGE_SIZE),
      tenant,
    },
    { ...polled, skip: isReaderLoading }
  );
  const { data, fulfilledTimeStamp, isFetching } = list;
  React.useEffect(() => setPolled(data?.data ?? []), [setPolled, data, fulfilledTimeStamp]);
  const identities = useMailboxesIdentitiesQuery(tenant, polled);
  const overview = useMailboxesOverviewQuery(tenant, polled);
  const bulk = useBulkRetry(data?.data ?? [], () => {
    void list.refetch();
    void overview.refetch();
  });

  // The last page may have become empty.
  const last = data?.meta.pagination.pageCount ?? 0;
  React.useEffect(() => {
    if (!isFetching && last > 0 && page > last) toPage(last);
  }, [isFetching, last, page, toPage]);

  return { reader, filters, list, identities: identities.data, overview: overview.data, bulk, pollingInterval };
};

interface ResultsProps {
  data: NonNullable<ReturnType<typeof useOutbox>['list']['data']>;
  identities: IdentityList | undefined;
  bulk: BulkRetry;
  filtering: Props['filtering'];
  empty: React.ReactNode;
}

const Results = ({ data, identities, bulk, filtering, empty }: ResultsProps) => {
  const t = useText();
  const { pagination } = data.meta;
  return (
    <>
      <BulkBar bulk={bulk}>
        <Typography role="status" variant="pi" textColor="neutral600">
          {pagination.total > 0 &&
            t(pagination.atLeast ? 'submissions.found.at-least' : 'submissions.found', { count: pagination.total })}
        </Typography>
      </BulkBar>
      {data.data.length === 0 ? (
        empty
      ) : (
        <Box>
          <SubmissionTable submissions={data.data} identities={identities} bulk={bulk} />
          <Pages pagination={pagination} filtering={filtering} />
        </Box>
      )}
    </>
  );
};

interface LoadErrorProps {
  error: unknown;
  retry: () => void;
  clearButton: React.ReactNode;
  children: React.ReactNode;
}

const LoadError = ({ error, retry, clearButton, children }: LoadErrorProps) => {
  const t = useText();
  const problem = useRefusalWithNext();
  return (
    <EmptyPage
      title={t('submissions.title')}
      text={problem(error)}
      action={
        <Flex gap={2}>
          <Button onClick={retry}>{t('try-again')}</Button>
          {clearButton}
        </Flex>
      }
    >
      {children}
    </EmptyPage>
  );
};

/** Submissions of one tenant, with filters, chart and bulk retry. */
export const OutboxList = ({ tenant, filtering, tenantSwitch }: Props) => {
  const t = useText();
  const { reader, filters, list, identities, overview, bulk, pollingInterval } = useOutbox(tenant, filtering);
  const senderText = useSenderText(reader !== null);
  const { change, search, clear } = filtering;
  const { data, isError, error, refetch, isFetching } = list;

  const isFiltered = countOf(filters) > 0;
  const clearButton = isFiltered ? (
    <Button variant="secondary" onClick={clear}>
      {t('submissions.clear')}
    </Button>
  ) : null;
  if (!data && isError)
    return (
      <LoadError error={error} retry={() => void refetch()} clearButton={clearButton}>
        {tenantSwitch}
      </LoadError>
    );
  if (!data) return <Page.Loading />;

  const nothingYet = overview?.recent.length === 0;
  const senders = sendersOf(identities, data.data).map((sender) => ({ id: sender.id, label: senderText(sender) }));
  return (
    <TitledPage
      title={t('submissions.title')}
      subtitle={t('submissions.subtitle')}
      actions={<WriteButton />}
      busy={isFetching && pollingInterval === 0}
    >
      <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
        {tenantSwitch}
        {overview && <Attention overview={overview} tenant={tenant} />}
        {!nothingYet && <Chart tenant={tenant} pollingInterval={pollingInterval} />}
        <Filters filters={filters} senders={senders} reader={reader} change={change} search={search} clear={clear} />
        {isError && <Notice kind="warning">{t('submissions.stale')}</Notice>}
        <Results
          data={data}
          identities={identities}
          bulk={bulk}
          filtering={filtering}
          empty={
            <EmptyStateLayout
              icon={<Mail width="6rem" height="6rem" />}
              content={t(isFiltered && !nothingYet ? 'submissions.hidden' : 'submissions.empty')}
              action={clearButton && !nothingYet ? clearButton : <WriteButton />}
            />
          }
        />
      </Flex>
    </TitledPage>
  );
};
