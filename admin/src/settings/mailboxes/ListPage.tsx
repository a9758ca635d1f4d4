import { Box, Button, EmptyStateLayout, Flex, LinkButton, Typography } from '@strapi/design-system';
import { Mail, Plus } from '@strapi/icons';
import { Layouts, Page, useQueryParams } from '@strapi/strapi/admin';
import * as React from 'react';
import { Navigate, NavLink, useNavigate } from 'react-router-dom';
import { SearchBox, SearchField } from '../../shared/ui/SearchField';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { Pagination } from '../../shared/ui/Pagination';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesListQuery } from './api';
import { MailboxTable } from './MailboxTable';
import { Notices } from './Notices';
import { isFull, Quota } from './Quota';
import { SectionNav } from '../site/SectionNav';
import { otherTenant } from './site';
import { useRights } from '../site/use-rights';
import { TenantSwitch } from '../../shared/ui/TenantSwitch';

export const ListPage = () => {
  const t = useText();
  const refusal = useRefusalText();
  const navigate = useNavigate();
  const rights = useRights();
  const whyFull = React.useId();
  const [{ query }, setQuery] = useQueryParams<{ page?: string; pageSize?: string; q?: string; tenant?: string }>();
  const { q = '', tenant } = query;
  const { data, error, isLoading } = useMailboxesListQuery({
    page: Number(query.page ?? 1),
    ...(query.pageSize === undefined ? {} : { pageSize: Number(query.pageSize) }),
    q,
    tenant,
  });
  const look = React.useCallback(
    (next: string) => setQuery({ q: encodeURIComponent(next), page: '1' }, 'push', true),
    [setQuery]
  );

  if (isLoading || rights.loading) return <Page.Loading />;
  if (!data) {
    const other = tenant === undefined ? otherTenant(error) : undefined;
    return other ? <Navigate to={`?tenant=${other}`} replace /> : <Page.Error content={refusal(error)} />;
  }

  const { meta } = data;
  const several = meta.tenants.length > 1;
  const here = several ? `?tenant=${meta.tenant}` : '';
  const rules = several ? `rules/${meta.tenant}` : 'rules';
  const full = isFull(meta.quota);
  const add = rights.create ? (
    <Button
      startIcon={<Plus />}
      disabled={full}
      aria-describedby={full ? whyFull : undefined}
      onClick={() => navigate(`new${here}`)}
    >
      {t('list.add')}
    </Button>
  ) : undefined;

  return (
    <Page.Main>
      <Page.Title>{t('settings.title')}</Page.Title>
      <Layouts.Header
        title={t('settings.title')}
        subtitle={t('settings.subtitle')}
        primaryAction={
          <Flex gap={2} wrap="wrap" alignItems="center">
            {rights.operate && (
              <LinkButton variant="tertiary" tag={NavLink} to="rules">
                {t(several ? 'tenants.title' : 'rules.title')}
              </LinkButton>
            )}
            {rights.create && full && (
              <Typography id={whyFull} variant="pi" textColor="neutral600">
                {t('list.quota.reached', { limit: meta.quota.limit })}
              </Typography>
            )}
            {add}
          </Flex>
        }
      />
      <Layouts.Content>
        <SectionNav />
        <Flex direction="column" alignItems="stretch" gap={4}>
          <Notices system={meta.system} setup={meta.setup} operate={rights.operate} />
          {several && (
            <Flex>
              <TenantSwitch
                tenants={meta.tenants}
                label="list.tenant"
                value={meta.tenant}
                onChange={(id) => setQuery({ tenant: id, page: '1' })}
              />
            </Flex>
          )}
          <Flex justifyContent="space-between" gap={4} wrap="wrap">
            <SearchBox>
              <SearchField q={q} label="list.search" onSearch={look} />
            </SearchBox>
            <Quota quota={meta.quota} rules={rights.operate ? rules : null} />
          </Flex>
          {data.data.length === 0 ? (
            <EmptyStateLayout
              icon={<Mail width="6rem" height="6rem" />}
              content={t(q === '' ? 'list.empty' : 'list.nothing-found')}
              action={q === '' ? add : undefined}
            />
          ) : (
            <Box>
              <MailboxTable mailboxes={data.data} meta={meta} />
              <Pagination pagination={meta.pagination} />
            </Box>
          )}
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
};
