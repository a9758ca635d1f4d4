import { Box, Button, EmptyStateLayout, Flex, LinkButton, Typography } from '@strapi/design-system';
import { Mail, Plus } from '@strapi/icons';
import { Page, useQueryParams } from '@strapi/strapi/admin';
import * as React from 'react';
import { Navigate, NavLink, useNavigate } from 'react-router-dom';
import { TitledPage } from '../../shared/ui/TitledPage';
import { SearchBox, SearchField } from '../../shared/ui/SearchField';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { Pagination } from '../../shared/ui/Pagination';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesListQuery, type MailboxList } from './api';
import { MailboxTable } from './MailboxTable';
import { Notices } from './Notices';
import { isFull, Quota } from './Quota';
import { SectionNav } from '../site/SectionNav';
import { otherTenant } from './site';
import { useRights, type Rights } from '../site/use-rights';
import { TenantSwitch } from '../../shared/ui/TenantSwitch';

/** @param describedBy id of the text that explains why no mailbox can be added */
const AddButton = ({ meta, describedBy }: { meta: MailboxList['meta']; describedBy: string | undefined }) => {
  const t = useText();
  const navigate = useNavigate();
  return (
    <Button
      startIcon={<Plus />}
      disabled={isFull(meta.quota)}
      aria-describedby={describedBy}
      onClick={() => navigate(meta.tenants.length > 1 ? `new?tenant=${meta.tenant}` : 'new')}
    >
      {t('list.add')}
    </Button>
  );
};

interface HeaderProps {
  meta: MailboxList['meta'];
  rights: Rights;
  /** Id for the text that explains why no mailbox can be added. */
  whyFull: string;
  children: React.ReactNode;
}

const HeaderActions = ({ meta, rights, whyFull, children }: HeaderProps) => {
  const t = useText();
  return (
    <Flex gap={2} wrap="wrap" alignItems="center">
      {rights.operate && (
        <LinkButton variant="tertiary" tag={NavLink} to="rules">
          {t(meta.tenants.length > 1 ? 'tenants.title' : 'rules.title')}
        </LinkButton>
      )}
      {rights.create && isFull(meta.quota) && (
        <Typography id={whyFull} variant="pi" textColor="neutral600">
          {t('list.quota.reached', { limit: meta.quota.limit })}
        </Typography>
      )}
      {children}
    </Flex>
  );
};

const Mailboxes = ({ data, q, add }: { data: MailboxList; q: string; add: React.JSX.Element | undefined }) => {
  const t = useText();
  return data.data.length === 0 ? (
    <EmptyStateLayout
      icon={<Mail width="6rem" height="6rem" />}
      content={t(q === '' ? 'list.empty' : 'list.nothing-found')}
      action={q === '' ? add : undefined}
    />
  ) : (
    <Box>
      <MailboxTable mailboxes={data.data} meta={data.meta} />
      <Pagination pagination={data.meta.pagination} />
    </Box>
  );
};

/** Mailboxes of the page, search and tenant in the URL. */
const useMailboxList = () => {
  const [{ query }, setQuery] = useQueryParams<{ page?: string; pageSize?: string; q?: string; tenant?: string }>();
  const { q = '', tenant } = query;
  const list = useMailboxesListQuery({
    page: Number(query.page ?? 1),
    ...(query.pageSize === undefined ? {} : { pageSize: Number(query.pageSize) }),
    q,
    tenant,
  });
  const onSearch = React.useCallback(
    (next: string) => setQuery({ q: encodeURIComponent(next), page: '1' }, 'push', true),
    [setQuery]
  );
  return { data: list.data, error: list.error, isLoading: list.isLoading, q, tenant, setQuery, onSearch };
};

/** Settings → Mailboxes: list of the mailboxes of a tenant. */
export const ListPage = () => {
  const t = useText();
  const refusal = useRefusalText();
  const rights = useRights();
  const whyFull = React.useId();
  const { data, error, isLoading, q, tenant, setQuery, onSearch } = useMailboxList();

  if (isLoading || rights.loading) return <Page.Loading />;
  if (!data) {
    const other = tenant === undefined ? otherTenant(error) : undefined;
    return other ? <Navigate to={`?tenant=${other}`} replace /> : <Page.Error content={refusal(error)} />;
  }

  const { meta } = data;
  const several = meta.tenants.length > 1;
  const rules = several ? `rules/${meta.tenant}` : 'rules';
  const describedBy = isFull(meta.quota) ? whyFull : undefined;
  const add = rights.create ? <AddButton meta={meta} describedBy={describedBy} /> : undefined;

  return (
    <TitledPage
      title={t('settings.title')}
      subtitle={t('settings.subtitle')}
      actions={
        <HeaderActions meta={meta} rights={rights} whyFull={whyFull}>
          {add}
        </HeaderActions>
      }
    >
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
            <SearchField q={q} label="list.search" onSearch={onSearch} />
          </SearchBox>
          <Quota quota={meta.quota} rules={rights.operate ? rules : null} />
        </Flex>
        <Mailboxes data={data} q={q} add={add} />
      </Flex>
    </TitledPage>
  );
};
