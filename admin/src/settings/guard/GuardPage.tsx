import { Box, Button, Dialog, EmptyStateLayout, Flex, Typography } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import { ConfirmDialog, Page, useNotification, useQueryParams } from '@strapi/strapi/admin';
import * as React from 'react';
import type { GuardMode, GuardStatus } from '../../../../server/src/contracts/guard';
import { Notice } from '../../shared/ui/Notice';
import { SearchBox, SearchField } from '../../shared/ui/SearchField';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { Pagination } from '../../shared/ui/Pagination';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { useSections } from '../site/SectionNav';
import { SectionPage } from '../site/SectionPage';
import { useMailboxesForgetFindingsMutation, useMailboxesGuardFindingsQuery, useMailboxesGuardQuery } from './api';
import { FindingTable } from './FindingTable';

const MODES: Record<GuardMode, { kind: 'info' | 'warning' | 'success'; title: TextKey; text: TextKey }> = {
  off: { kind: 'warning', title: 'guard.off.title', text: 'guard.off.text' },
  report: { kind: 'warning', title: 'guard.report.title', text: 'guard.report.text' },
  enforce: { kind: 'success', title: 'guard.enforce.title', text: 'guard.enforce.text' },
};

/** Mode of the guard, its system actor, and how to change both. */
const Mode = ({ status: { mode, actor, systemEmail, wrapped } }: { status: GuardStatus }) => {
  const t = useText();
  const { kind, title, text } = MODES[mode];
  return (
    <>
      <Notice kind={kind} title={t(title)} quiet>
        <p>{t(text)}</p>
        {mode !== 'off' && <p>{actor === null ? t('guard.actor.none') : t('guard.actor', { actor })}</p>}
        {mode !== 'off' && (
          <p>{systemEmail === null ? t('guard.system.none') : t('guard.system', { address: systemEmail })}</p>
        )}
        <p>{t('guard.switch')}</p>
      </Notice>
      {mode !== 'off' && !wrapped && <Notice kind="danger" title={t('guard.not-wrapped')} />}
    </>
  );
};

const ForgetButton = () => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [asking, setAsking] = React.useState(false);
  const [forget] = useMailboxesForgetFindingsMutation();
  const run = async () => {
    const answer = await forget();
    toggleNotification(
      'error' in answer
        ? { type: 'danger', message: refusal(answer.error) }
        : { type: 'success', message: t('guard.forgotten') }
    );
  };
  return (
    <Dialog.Root open={asking} onOpenChange={setAsking}>
      <Dialog.Trigger>
        <Button variant="danger-light">{t('guard.forget')}</Button>
      </Dialog.Trigger>
      <ConfirmDialog title={t('guard.forget.title')} onConfirm={run}>
        {t('guard.forget.text')}
      </ConfirmDialog>
    </Dialog.Root>
  );
};

/** Status and findings of the guard. */
const Guard = ({ operate }: { operate: boolean }) => {
  const t = useText();
  const refusal = useRefusalText();
  const [{ query }, setQuery] = useQueryParams<Partial<Record<'page' | 'pageSize' | 'q', string>>>();
  const { q = '', page, pageSize } = query;
  const status = useMailboxesGuardQuery(undefined, { refetchOnMountOrArgChange: true });
  const found = useMailboxesGuardFindingsQuery(
    { page: Number(page ?? 1), pageSize: Number(pageSize ?? 25), q },
    { refetchOnMountOrArgChange: true }
  );
  const onSearch = React.useCallback(
    (next: string) => setQuery({ q: encodeURIComponent(next), page: '1' }, 'push', true),
    [setQuery]
  );
  if (status.isLoading || found.isLoading) return <Page.Loading />;
  if (!status.data || !found.data) return <Page.Error content={refusal(status.error ?? found.error)} />;
  const { data: findings, meta } = found.data;
  const nothing = meta.pagination.total === 0 && q === '';
  return (
    <SectionPage
      title={t('guard.title')}
      subtitle={t('guard.subtitle')}
      actions={operate && !nothing && <ForgetButton />}
    >
      <Mode status={status.data} />
      <Typography variant="delta" tag="h2">
        {t('guard.findings')}
      </Typography>
      {!nothing && (
        <Flex>
          <SearchBox>
            <SearchField q={q} label="guard.search" onSearch={onSearch} />
          </SearchBox>
        </Flex>
      )}
      {findings.length === 0 ? (
        <EmptyStateLayout
          icon={<Mail width="6rem" height="6rem" />}
          content={t(!nothing ? 'list.nothing-found' : status.data.mode === 'off' ? 'guard.empty.off' : 'guard.empty')}
        />
      ) : (
        <Box>
          <FindingTable findings={findings} actor={status.data.actor} />
          <Pagination pagination={meta.pagination} />
        </Box>
      )}
    </SectionPage>
  );
};

export const GuardPage = () => {
  const may = useSections();
  if (may.loading) return <Page.Loading />;
  return may.guard ? <Guard operate={may.operate} /> : <Page.NoPermissions />;
};
