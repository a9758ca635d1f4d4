import { Box, Button, EmptyStateLayout, Flex, Searchbar, SearchForm, Typography } from '@strapi/design-system';
import { Mail, Plus } from '@strapi/icons';
import { Layouts, Page, Pagination, useQueryParams, useRBAC } from '@strapi/strapi/admin';
import { useNavigate } from 'react-router-dom';
import { permission } from '../lib/permissions';
import { useText } from '../lib/use-text';
import { useMailboxesListQuery, type MailboxList } from './api';
import { MailboxTable } from './MailboxTable';
import { Notices } from './Notices';

const Quota = ({ used, limit, contact }: MailboxList['meta']['quota']) => {
  const t = useText();
  return (
    <Typography variant="pi" textColor="neutral600">
      {t('list.quota', { used, limit })}{' '}
      {used >= limit &&
        (contact.url ? (
          <a href={contact.url} target="_blank" rel="noreferrer">
            {contact.text ?? contact.url}
          </a>
        ) : (
          (contact.text ?? t('list.quota.full'))
        ))}
    </Typography>
  );
};

export const ListPage = () => {
  const t = useText();
  const navigate = useNavigate();
  const [{ query }, setQuery] = useQueryParams<{ page?: string; q?: string }>();
  const { allowedActions } = useRBAC(permission('mailboxes.create'));
  const q = query.q ?? '';
  const { data, isLoading, isError } = useMailboxesListQuery({ page: Number(query.page ?? 1), q });

  if (isLoading) return <Page.Loading />;
  if (isError || !data) return <Page.Error />;
  const add = (
    <Button startIcon={<Plus />} onClick={() => navigate('new')}>
      {t('list.add')}
    </Button>
  );
  const primaryAction = allowedActions.canCreate ? add : undefined;

  return (
    <Page.Main>
      <Page.Title>{t('settings.title')}</Page.Title>
      <Layouts.Header title={t('settings.title')} subtitle={t('settings.subtitle')} primaryAction={primaryAction} />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4}>
          <Notices system={data.meta.system} />
          <Flex justifyContent="space-between" gap={4} wrap="wrap">
            <SearchForm onSubmit={(event) => event.preventDefault()}>
              <Searchbar
                name="q"
                value={q}
                onChange={({ target }) => setQuery({ q: target.value, page: '1' })}
                onClear={() => setQuery({ q: '', page: '1' })}
                clearLabel={t('list.search.clear')}
                placeholder={t('list.search')}
              >
                {t('list.search')}
              </Searchbar>
            </SearchForm>
            <Quota {...data.meta.quota} />
          </Flex>
          {data.data.length === 0 ? (
            <EmptyStateLayout
              icon={<Mail width="6rem" height="6rem" />}
              content={t(q === '' ? 'list.empty' : 'list.nothing-found')}
              action={q === '' ? primaryAction : undefined}
            />
          ) : (
            <Box>
              <MailboxTable mailboxes={data.data} />
              <Pagination.Root {...data.meta.pagination}>
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
