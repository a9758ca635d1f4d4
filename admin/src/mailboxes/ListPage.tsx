import {
  Box,
  Button,
  EmptyStateLayout,
  Field,
  Flex,
  Link,
  LinkButton,
  Searchbar,
  SearchForm,
  SingleSelect,
  SingleSelectOption,
  Typography,
} from '@strapi/design-system';
import { Mail, Plus } from '@strapi/icons';
import { Layouts, Page, Pagination, useQueryParams } from '@strapi/strapi/admin';
import * as React from 'react';
import { Navigate, NavLink, useNavigate } from 'react-router-dom';
import type { TenantRef } from '../../../server/src/contracts/answers';
import { useRefusalText } from '../lib/use-refusal';
import { useText } from '../lib/use-text';
import { useMailboxesListQuery, type MailboxList } from './api';
import { MailboxTable } from './MailboxTable';
import { Notices } from './Notices';
import { otherTenant } from './site';
import { useRights } from './use-rights';

const TYPING_PAUSE_MS = 250;

/** "1 of 1 used", and whom to ask; whoever may raise the limit is led there instead. */
const Quota = ({ quota, rules }: { quota: MailboxList['meta']['quota']; rules: string | null }) => {
  const t = useText();
  const { used, limit, contact } = quota;
  const ask = contact.url ? (
    <Link href={contact.url} isExternal>
      {contact.text ?? contact.url}
    </Link>
  ) : (
    (contact.text ?? t('list.quota.full'))
  );
  return (
    <Flex gap={2} wrap="wrap">
      <Typography variant="pi" textColor="neutral600">
        {t('list.quota', { used, limit })} {rules === null && used >= limit && ask}
      </Typography>
      {rules !== null && (
        <Link tag={NavLink} to={rules}>
          {t('list.quota.raise')}
        </Link>
      )}
    </Flex>
  );
};

/** Looks a moment after the last key, and leaves one entry in the browser's history, not one for every letter. */
const Search = ({ q, look }: { q: string; look: (q: string) => void }) => {
  const t = useText();
  const [typed, setTyped] = React.useState(q);
  React.useEffect(() => {
    if (typed === q) return undefined;
    const timer = setTimeout(() => look(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, q, look]);
  return (
    <SearchForm
      onSubmit={(event) => {
        event.preventDefault();
        look(typed);
      }}
    >
      <Searchbar
        name="q"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onClear={() => setTyped('')}
        clearLabel={t('list.search.clear')}
        placeholder={t('list.search')}
      >
        {t('list.search')}
      </Searchbar>
    </SearchForm>
  );
};

const TenantSwitch = ({
  tenants,
  tenant,
  choose,
}: {
  tenants: readonly TenantRef[];
  tenant: string;
  choose: (tenant: string) => void;
}) => {
  const t = useText();
  return (
    <Field.Root name="tenant" minWidth="20rem">
      <Field.Label>{t('list.tenant')}</Field.Label>
      <SingleSelect value={tenant} onChange={(id) => choose(String(id))}>
        {tenants.map(({ id, name }) => (
          <SingleSelectOption key={id} value={id}>
            {name}
          </SingleSelectOption>
        ))}
      </SingleSelect>
    </Field.Root>
  );
};

export const ListPage = () => {
  const t = useText();
  const refusal = useRefusalText();
  const navigate = useNavigate();
  const rights = useRights();
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
  const add = rights.create ? (
    <Button startIcon={<Plus />} onClick={() => navigate(`new${here}`)}>
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
          <Flex gap={2} wrap="wrap">
            {rights.operate && (
              <LinkButton variant="tertiary" tag={NavLink} to="rules">
                {t(several ? 'tenants.title' : 'rules.title')}
              </LinkButton>
            )}
            {add}
          </Flex>
        }
      />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4}>
          <Notices system={meta.system} setup={meta.setup} operate={rights.operate} />
          {several && (
            <Flex>
              <TenantSwitch
                tenants={meta.tenants}
                tenant={meta.tenant}
                choose={(id) => setQuery({ tenant: id, page: '1' })}
              />
            </Flex>
          )}
          <Flex justifyContent="space-between" gap={4} wrap="wrap">
            <Search q={q} look={look} />
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
              <Pagination.Root {...meta.pagination} defaultPageSize={25}>
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
