import { Box, Button, EmptyStateLayout, Flex, LinkButton } from '@strapi/design-system';
import { Mail, Pencil } from '@strapi/icons';
import { Layouts, Page, Pagination, useQueryParams } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import { useMailboxesIdentitiesQuery, useMailboxesMeQuery } from '../compose/api';
import { TenantSwitch, chosenTenant } from '../compose/TenantSwitch';
import { useProblemText } from '../compose/use-sayings';
import { EmptyPage } from '../lib/EmptyPage';
import { Notice } from '../lib/Notice';
import { COMPOSE_PATH } from '../lib/paths';
import { useText } from '../lib/use-text';
import { useMailboxesOverviewQuery, useMailboxesSubmissionsQuery } from './api';
import { Attention } from './Attention';
import { Filters } from './Filters';
import { SubmissionTable } from './SubmissionTable';
import { usePolling } from './use-polling';

/** One of the sizes that Strapi's pages offer. */
const PAGE_SIZE = 20;

/** What this editor has sent and what still waits, or, with the right to read the log, everybody's in the tenant. */
export const ListPage = () => {
  const t = useText();
  const problem = useProblemText();
  const [{ query }, setQuery] =
    useQueryParams<Partial<Record<'page' | 'pageSize' | 'q' | 'state' | 'tenant', string>>>();
  const { page, pageSize, q = '', state = '' } = query;
  const me = useMailboxesMeQuery();
  const tenants = me.data?.tenants ?? [];
  const tenant = chosenTenant(tenants, query.tenant);
  const about = { skip: tenant === undefined, refetchOnMountOrArgChange: true };

  const [pollingInterval, look] = usePolling();
  const { data, isError, error, refetch, isFetching, fulfilledTimeStamp } = useMailboxesSubmissionsQuery(
    { page: Number(page ?? 1), pageSize: Number(pageSize ?? PAGE_SIZE), q, state, tenant: tenant ?? '' },
    { ...about, pollingInterval }
  );
  React.useEffect(() => look(data?.data ?? []), [look, data, fulfilledTimeStamp]);
  const identities = useMailboxesIdentitiesQuery(tenant ?? '', { ...about, pollingInterval });
  const overview = useMailboxesOverviewQuery(tenant ?? '', { ...about, pollingInterval });

  const title = t('submissions.title');
  const write = (
    <LinkButton tag={NavLink} to={COMPOSE_PATH} startIcon={<Pencil />}>
      {t('submissions.write')}
    </LinkButton>
  );
  const tryAgain = (again: () => unknown) => <Button onClick={() => void again()}>{t('try-again')}</Button>;

  if (me.isLoading) return <Page.Loading />;
  if (!me.data) return <EmptyPage title={title} text={problem(me.error)} action={tryAgain(me.refetch)} />;
  if (tenant === undefined) return <EmptyPage title={title} text={t('compose.no-tenant')} />;
  if (!data && isError) return <EmptyPage title={title} text={problem(error)} action={tryAgain(refetch)} />;
  if (!data) return <Page.Loading />;

  const filtered = q !== '' || state !== '' || Number(page ?? 1) > 1;
  return (
    <Page.Main aria-busy={isFetching && pollingInterval === 0}>
      <Page.Title>{title}</Page.Title>
      <Layouts.Header title={title} subtitle={t('submissions.subtitle')} primaryAction={write} />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
          <TenantSwitch tenants={tenants} value={tenant} onChange={(id) => setQuery({ tenant: id, page: '1' })} />
          {overview.data && <Attention overview={overview.data} tenant={tenant} />}
          <Filters q={q} state={state} onChange={(part) => setQuery({ ...part, page: '1' })} />
          {isError && <Notice kind="warning">{t('submissions.stale')}</Notice>}
          {data.data.length === 0 ? (
            <EmptyStateLayout
              icon={<Mail width="6rem" height="6rem" />}
              content={t(filtered ? 'list.nothing-found' : 'submissions.empty')}
              action={
                filtered ? (
                  <Button variant="secondary" onClick={() => setQuery({ q: '', state: '', page: '1' })}>
                    {t('submissions.show-all')}
                  </Button>
                ) : (
                  write
                )
              }
            />
          ) : (
            <Box>
              <SubmissionTable submissions={data.data} identities={identities.data} />
              <Pagination.Root {...data.meta.pagination} defaultPageSize={PAGE_SIZE}>
                <Pagination.PageSize />
                <Pagination.Links />
              </Pagination.Root>
            </Box>
          )}
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
};
