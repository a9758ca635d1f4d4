import { Box, Button, EmptyStateLayout, Flex, Typography } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import { Layouts, Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { EmptyPage } from '../../shared/ui/EmptyPage';
import { Notice } from '../../shared/ui/Notice';
import { Pagination } from '../../shared/ui/Pagination';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesOverviewQuery, useMailboxesSubmissionsQuery } from '../api';
import { Attention } from '../Attention';
import { BulkBar } from './BulkBar';
import { Chart } from '../chart/Chart';
import { Filters } from './Filters';
import { countOf, narrowedBy } from './filters';
import { sendersOf, type SenderOf } from './senders';
import { SubmissionTable } from './SubmissionTable';
import { useBulkRetry } from './use-bulk-retry';
import type { useFilters } from './use-filters';
import { usePolling } from './use-polling';
import { useReader } from '../detail/use-reader';
import { browserZone } from '../../shared/time/zones';
import { useMailboxesIdentitiesQuery } from '../../shared/api/mailbox-user';
import { useProblemText, WriteButton } from '../../compose';

/** One of the sizes that Strapi's pages offer. */
const PAGE_SIZE = 20;

/** Whoever sees what others wrote finds under "own" what each of them wrote from the own address. */
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

/** The submissions of one tenant. */
export const OutboxList = ({ tenant, filtering, tenantSwitch }: Props) => {
  const t = useText();
  const problem = useProblemText();
  const { reader, isLoading: isAsking } = useReader();
  const senderText = useSenderText(reader !== null);
  const { params, change, look: search, toPage, clear } = filtering;
  // Who was sent a link may see less than who sent it.
  const filters = reader === null ? { ...filtering.filters, author: '' } : filtering.filters;
  const page = Number(params.get('page') ?? 1);
  const zone = browserZone();

  const [pollingInterval, look] = usePolling();
  const often = { pollingInterval, refetchOnMountOrArgChange: true };
  const { data, isError, error, refetch, isFetching, fulfilledTimeStamp } = useMailboxesSubmissionsQuery(
    {
      ...narrowedBy(filters, { zone, nowMs: Date.now() }),
      page,
      pageSize: Number(params.get('pageSize') ?? PAGE_SIZE),
      tenant,
    },
    { ...often, skip: isAsking }
  );
  React.useEffect(() => look(data?.data ?? []), [look, data, fulfilledTimeStamp]);
  const identities = useMailboxesIdentitiesQuery(tenant, often);
  const overview = useMailboxesOverviewQuery(tenant, often);
  const bulk = useBulkRetry(data?.data ?? [], () => {
    void refetch();
    void overview.refetch();
  });

  // What was on the last page may be elsewhere now.
  const last = data?.meta.pagination.pageCount ?? 0;
  React.useEffect(() => {
    if (!isFetching && last > 0 && page > last) toPage(last);
  }, [isFetching, last, page, toPage]);

  const title = t('submissions.title');
  const isFiltered = countOf(filters) > 0;
  const clearButton = isFiltered ? (
    <Button variant="secondary" onClick={clear}>
      {t('submissions.clear')}
    </Button>
  ) : null;
  if (!data && isError)
    return (
      <EmptyPage
        title={title}
        text={problem(error)}
        action={
          <Flex gap={2}>
            <Button onClick={() => void refetch()}>{t('try-again')}</Button>
            {clearButton}
          </Flex>
        }
      >
        {tenantSwitch}
      </EmptyPage>
    );
  if (!data) return <Page.Loading />;

  const submissions = data.data;
  const { total } = data.meta.pagination;
  const nothingYet = overview.data?.recent.length === 0;
  const senders = sendersOf(identities.data, submissions).map((sender) => ({
    id: sender.id,
    label: senderText(sender),
  }));
  return (
    <Page.Main aria-busy={isFetching && pollingInterval === 0}>
      <Page.Title>{title}</Page.Title>
      <Layouts.Header title={title} subtitle={t('submissions.subtitle')} primaryAction={<WriteButton />} />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
          {tenantSwitch}
          {overview.data && <Attention overview={overview.data} tenant={tenant} />}
          {!nothingYet && <Chart tenant={tenant} pollingInterval={pollingInterval} />}
          <Filters filters={filters} senders={senders} reader={reader} change={change} look={search} clear={clear} />
          {isError && <Notice kind="warning">{t('submissions.stale')}</Notice>}
          <BulkBar bulk={bulk}>
            <Typography role="status" variant="pi" textColor="neutral600">
              {total > 0 && t('submissions.found', { count: total })}
            </Typography>
          </BulkBar>
          {submissions.length === 0 ? (
            <EmptyStateLayout
              icon={<Mail width="6rem" height="6rem" />}
              content={t(isFiltered && !nothingYet ? 'submissions.hidden' : 'submissions.empty')}
              action={clearButton && !nothingYet ? clearButton : <WriteButton />}
            />
          ) : (
            <Box>
              <SubmissionTable submissions={submissions} identities={identities.data} bulk={bulk} />
              <Pagination pagination={data.meta.pagination} pageSize={PAGE_SIZE} />
            </Box>
          )}
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
};
