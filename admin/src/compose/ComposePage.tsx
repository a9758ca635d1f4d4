import { Button, Flex, LinkButton } from '@strapi/design-system';
import { Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import type { IdentityList } from '../../../server/src/contracts/answers';
import { useMailboxesDeleteDraftMutation } from './draft/api';
import { draftsClient } from './draft/client';
import { EmptyPage } from '../shared/ui/EmptyPage';
import { LeaveGuard } from '../shared/ui/LeaveGuard';
import { Notice } from '../shared/ui/Notice';
import { DRAFTS_PATH, OUTBOX_PATH } from '../shared/paths';
import { useText } from '../shared/i18n/use-text';
import { isDirty } from './draft/autosave';
import { ComposeForm } from './ComposeForm';
import { ContinueNotice } from './ContinueNotice';
import { draftStore, useDrafts } from './draft/store';
import { autosave } from './draft/persistence';
import { leaveForm } from './leave-form';
import { useFocusOnArrival } from './use-focus-on-arrival';
import { useOpenDraft } from './draft/use-open-draft';
import { useRefusalWithNext } from './use-sentences';
import { useMailboxesMeQuery, useMailboxesIdentitiesQuery } from '../shared/api/mailbox-user';
import { TitledPage } from '../shared/ui/TitledPage';
import { TenantSwitch, chosenTenant } from '../shared/ui/TenantSwitch';

const PageLinks = () => {
  const t = useText();
  return (
    <Flex gap={2} wrap="wrap">
      <LinkButton tag={NavLink} to={DRAFTS_PATH} variant="tertiary">
        {t('drafts.title')}
      </LinkButton>
      <LinkButton tag={NavLink} to={OUTBOX_PATH} variant="secondary">
        {t('communication.submissions')}
      </LinkButton>
    </Flex>
  );
};

/** Shown instead of the form when a request has failed. */
const FailedPage = ({ text, onRetry, children }: { text: string; onRetry: () => void; children?: React.ReactNode }) => {
  const t = useText();
  return (
    <EmptyPage
      title={t('communication.title')}
      text={text}
      action={<Button onClick={onRetry}>{t('try-again')}</Button>}
    >
      {children}
    </EmptyPage>
  );
};

/** Warns when the user has no identity, or the system mailbox is not configured. */
const SenderNotice = ({ list }: { list: IdentityList }) => {
  const t = useText();
  const isEmpty = list.from.length === 0;
  if (list.unavailable.some(({ code }) => code === 'SYSTEM_NOT_CONFIGURED'))
    return (
      <Notice kind="warning" title={t('refusal.SYSTEM_NOT_CONFIGURED')}>
        {isEmpty ? `${t('compose.no-sender')} ` : ''}
        {t('next.SYSTEM_NOT_CONFIGURED')}
      </Notice>
    );
  return isEmpty ? <Notice kind="warning">{t('compose.no-sender')}</Notice> : null;
};

const useSaveOnLeave = (): void => {
  const [remove] = useMailboxesDeleteDraftMutation();
  React.useEffect(
    () => () => void leaveForm(draftStore, { flush: autosave.flush, get: draftsClient.get, remove }),
    [remove]
  );
};

/** A failed save or a conflict is shown in the form first. */
const canLeave = ({ saving }: ReturnType<typeof useDrafts>): boolean =>
  saving.kind !== 'failed' && saving.kind !== 'conflict';

const Content = ({
  tenantSwitch,
  hasUnsavedChanges,
  canLeave,
  children,
}: {
  tenantSwitch: React.ReactNode;
  hasUnsavedChanges: boolean;
  canLeave: boolean;
  children: React.ReactNode;
}) => {
  const t = useText();
  return (
    <TitledPage title={t('communication.title')} subtitle={t('communication.subtitle')} actions={<PageLinks />}>
      <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
        {tenantSwitch}
        {children}
      </Flex>
      <LeaveGuard text="leave.draft" changed={hasUnsavedChanges} mayLeave={() => canLeave} />
    </TitledPage>
  );
};

/** Page with the compose form; From and Reply-To offer the identities that the server decided for this user. */
export const ComposePage = ({ owner }: { owner: string }) => {
  const t = useText();
  const problem = useRefusalWithNext();
  const state = useDrafts();
  const { draft } = state;
  const { opening, restored, retry } = useOpenDraft(owner);
  const takesFocus = useFocusOnArrival(opening === 'ready');
  useSaveOnLeave();
  const me = useMailboxesMeQuery(undefined, { refetchOnMountOrArgChange: true });
  const tenants = me.data?.tenants ?? [];
  const tenant = chosenTenant(tenants, draft.tenant);
  const identities = useMailboxesIdentitiesQuery(tenant ?? '', {
    skip: tenant === undefined,
    refetchOnMountOrArgChange: true,
  });
  const list = identities.currentData;

  // Identities belong to a tenant; the rest of the draft is kept.
  const tenantSwitch = (
    <TenantSwitch
      tenants={tenants}
      value={tenant}
      onChange={(id) => draftStore.change({ tenant: id, from: undefined, replyTo: undefined })}
    />
  );

  if (me.isLoading) return <Page.Loading />;
  if (!me.data) return <FailedPage text={problem(me.error)} onRetry={() => void me.refetch()} />;
  if (tenant === undefined)
    return <EmptyPage title={t('communication.title')} text={t('compose.no-tenant')} action={<PageLinks />} />;
  if (!list && identities.isError)
    return (
      <FailedPage text={problem(identities.error)} onRetry={() => void identities.refetch()}>
        {tenantSwitch}
      </FailedPage>
    );
  if (!list || opening === 'opening') return <Page.Loading />;
  if (opening === 'failed') return <FailedPage text={t('draft.open-failed')} onRetry={retry} />;

  return (
    <Content tenantSwitch={tenantSwitch} hasUnsavedChanges={isDirty(state)} canLeave={canLeave(state)}>
      <SenderNotice list={list} />
      {opening === 'gone' && <Notice kind="warning">{t('draft.gone')}</Notice>}
      {restored && <Notice kind="info">{t('draft.restored')}</Notice>}
      <ContinueNotice tenant={tenant} />
      <ComposeForm
        tenant={tenant}
        list={list}
        own={me.data.ownAddress}
        limits={me.data.limits}
        takesFocus={takesFocus}
        refresh={() => identities.refetch().then(({ data }) => data ?? null)}
      />
    </Content>
  );
};
