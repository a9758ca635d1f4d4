import { Box, Button, EmptyStateLayout, Flex, IconButton, Td, Tr, Typography } from '@strapi/design-system';
import { Pencil, Trash } from '@strapi/icons';
import { Page, useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useSearchParams } from 'react-router-dom';
import type { DraftEntry } from '../../../server/src/contracts/answers';
import type { Paged } from '../shared/api/client';
import { EmptyPage } from '../shared/ui/EmptyPage';
import { Pagination } from '../shared/ui/Pagination';
import { composeOf } from '../shared/paths';
import { ConfirmedButton } from '../shared/ui/ConfirmedButton';
import { SearchField } from '../shared/ui/SearchField';
import { TitledPage } from '../shared/ui/TitledPage';
import { SubjectLink } from '../shared/ui/SubjectLink';
import { RowTable } from '../shared/ui/RowTable';
import { useText, type TextKey } from '../shared/i18n/use-text';
import { useTime } from '../shared/time/use-time';
import { useMailboxesMeQuery } from '../shared/api/mailbox-user';
import { TenantSwitch, chosenTenant } from '../shared/ui/TenantSwitch';
import {
  draftStore,
  useRefusalWithNext,
  WriteButton,
  useMailboxesDeleteDraftMutation,
  useMailboxesDraftsQuery,
} from '../compose';

/** Default page size; one that Strapi's pagination offers. */
const PAGE_SIZE = 20;
const COLUMNS: readonly TextKey[] = ['submissions.subject', 'drafts.recipients', 'drafts.changed', 'drafts.actions'];

const firstPageWith = (params: URLSearchParams, key: string, value: string): URLSearchParams => {
  const next = new URLSearchParams(params);
  if (value === '') next.delete(key);
  else next.set(key, value);
  next.delete('page');
  return next;
};

const DeleteButton = ({ draft }: { draft: DraftEntry }) => {
  const t = useText();
  const problem = useRefusalWithNext();
  const { toggleNotification } = useNotification();
  const [deleteDraft, removing] = useMailboxesDeleteDraftMutation();
  const isDeleted = React.useRef(false);
  React.useEffect(
    () => () => {
      // The button and the focus disappear with the row.
      if (isDeleted.current && document.activeElement === document.body)
        document.getElementById('main-content')?.focus();
    },
    []
  );
  const subject = draft.subject || t('submissions.no-subject');
  const remove = async (close: () => void) => {
    const answer = await deleteDraft(draft.id);
    if ('error' in answer) toggleNotification({ type: 'warning', message: problem(answer.error) });
    else {
      isDeleted.current = true;
      // The form may hold the same draft.
      if (draftStore.get().stored?.id === draft.id) draftStore.discard();
    }
    close();
  };
  return (
    <ConfirmedButton
      trigger={
        <IconButton variant="ghost" withTooltip={false} label={t('drafts.delete', { subject })}>
          <Trash />
        </IconButton>
      }
      title={t('drafts.delete.title')}
      text={t('drafts.delete.text', { subject })}
      back="drafts.delete.keep"
      confirm="edit.delete"
      loading={removing.isLoading}
      onConfirm={(close) => void remove(close)}
    />
  );
};

const DraftTable = ({ drafts }: { drafts: readonly DraftEntry[] }) => {
  const t = useText();
  const time = useTime();
  return (
    <RowTable columns={COLUMNS} rows={drafts}>
      {(draft) => (
        <Tr key={draft.id}>
          <Td>
            <Box maxWidth={{ initial: '28rem', medium: '44rem' }}>
              <SubjectLink to={composeOf(draft.id)} subject={draft.subject} />
            </Box>
          </Td>
          <Td>
            <Typography>{t('drafts.recipients.count', { count: draft.recipients })}</Typography>
          </Td>
          <Td>
            <Typography>{time(draft.updatedAt)}</Typography>
          </Td>
          <Td>
            <DeleteButton draft={draft} />
          </Td>
        </Tr>
      )}
    </RowTable>
  );
};

const Drafts = ({ data, q }: { data: Paged<DraftEntry[]>; q: string }) => {
  const t = useText();
  return data.data.length === 0 ? (
    <EmptyStateLayout
      icon={<Pencil width="6rem" height="6rem" />}
      content={t(q === '' ? 'drafts.empty' : 'list.nothing-found')}
      action={q === '' ? <WriteButton /> : undefined}
    />
  ) : (
    <Box>
      <DraftTable drafts={data.data} />
      <Pagination pagination={data.meta.pagination} pageSize={PAGE_SIZE} />
    </Box>
  );
};

/** Drafts of the user in one tenant. */
export const DraftsPage = () => {
  const t = useText();
  const problem = useRefusalWithNext();
  const [params, setParams] = useSearchParams();
  // Strapi's pagination keeps a search only under the name `_q`.
  const q = params.get('_q') ?? '';
  const me = useMailboxesMeQuery();
  const tenants = me.data?.tenants ?? [];
  const tenant = chosenTenant(tenants, params.get('tenant') ?? undefined);
  const { data, isError, error, refetch, isFetching } = useMailboxesDraftsQuery(
    {
      page: Number(params.get('page') ?? 1),
      pageSize: Number(params.get('pageSize') ?? PAGE_SIZE),
      q,
      tenant: tenant ?? '',
    },
    { skip: tenant === undefined, refetchOnMountOrArgChange: true }
  );
  const search = React.useCallback(
    (typed: string) => setParams((now) => firstPageWith(now, '_q', typed), { replace: true }),
    [setParams]
  );

  const title = t('drafts.title');
  const tryAgain = (load: () => unknown) => <Button onClick={() => void load()}>{t('try-again')}</Button>;

  if (me.isLoading) return <Page.Loading />;
  if (!me.data) return <EmptyPage title={title} text={problem(me.error)} action={tryAgain(me.refetch)} />;
  if (tenant === undefined) return <EmptyPage title={title} text={t('compose.no-tenant')} />;
  if (!data && isError) return <EmptyPage title={title} text={problem(error)} action={tryAgain(refetch)} />;
  if (!data) return <Page.Loading />;

  return (
    <TitledPage title={title} subtitle={t('drafts.subtitle')} actions={<WriteButton />} busy={isFetching}>
      <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
        <TenantSwitch
          tenants={tenants}
          value={tenant}
          onChange={(id) => setParams((now) => firstPageWith(now, 'tenant', id))}
        />
        {(data.data.length > 0 || q !== '') && (
          <Box maxWidth="36rem">
            <SearchField q={q} label="drafts.search" onSearch={search} />
          </Box>
        )}
        <Drafts data={data} q={q} />
      </Flex>
    </TitledPage>
  );
};
