import { Button, Flex, LinkButton } from '@strapi/design-system';
import { Layouts, Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import { useMailboxesDeleteDraftMutation } from './draft/api';
import { draftsClient } from './draft/client';
import { EmptyPage } from '../shared/ui/EmptyPage';
import { LeaveGuard } from '../shared/ui/LeaveGuard';
import { Notice } from '../shared/ui/Notice';
import { DRAFTS_PATH, OUTBOX_PATH } from '../shared/paths';
import { useText } from '../shared/i18n/use-text';
import { isSafe } from './draft/autosave';
import { ComposeForm } from './ComposeForm';
import { ContinueNotice } from './ContinueNotice';
import { draftStore, useDrafts } from './draft/store';
import { autosave } from './draft/persistence';
import { leaveForm } from './leave-form';
import { useFocusOnArrival } from './use-focus-on-arrival';
import { useOpenDraft } from './draft/use-open-draft';
import { useProblemText } from './use-sayings';
import { useMailboxesMeQuery, useMailboxesIdentitiesQuery } from '../shared/api/mailbox-user';
import { TenantSwitch, chosenTenant } from '../shared/ui/TenantSwitch';

/** Writes a notification; From and Reply-To offer what the server decided for this user. */
export const ComposePage = ({ owner }: { owner: string }) => {
  const t = useText();
  const problem = useProblemText();
  const state = useDrafts();
  const { draft } = state;
  const { opening, restored, retry } = useOpenDraft(owner);
  const takesFocus = useFocusOnArrival(opening === 'ready');
  // Going on in the panel loses nothing either, but who goes should know.
  const [remove] = useMailboxesDeleteDraftMutation();
  React.useEffect(
    () => () => void leaveForm(draftStore, { flush: autosave.flush, get: draftsClient.get, remove }),
    [remove]
  );
  const me = useMailboxesMeQuery(undefined, { refetchOnMountOrArgChange: true });
  const tenants = me.data?.tenants ?? [];
  const tenant = chosenTenant(tenants, draft.tenant);
  const identities = useMailboxesIdentitiesQuery(tenant ?? '', {
    skip: tenant === undefined,
    refetchOnMountOrArgChange: true,
  });
  const list = identities.currentData;
  const title = t('communication.title');

  const elsewhere = (
    <Flex gap={2} wrap="wrap">
      <LinkButton tag={NavLink} to={DRAFTS_PATH} variant="tertiary">
        {t('drafts.title')}
      </LinkButton>
      <LinkButton tag={NavLink} to={OUTBOX_PATH} variant="secondary">
        {t('communication.submissions')}
      </LinkButton>
    </Flex>
  );
  // Text that belongs to one tenant's identities keeps everything but those.
  const tenantSwitch = (
    <TenantSwitch
      tenants={tenants}
      value={tenant}
      onChange={(id) => draftStore.change({ tenant: id, from: undefined, replyTo: undefined })}
    />
  );

  if (me.isLoading) return <Page.Loading />;
  if (!me.data)
    return (
      <EmptyPage
        title={title}
        text={problem(me.error)}
        action={<Button onClick={() => void me.refetch()}>{t('try-again')}</Button>}
      />
    );
  if (tenant === undefined) return <EmptyPage title={title} text={t('compose.no-tenant')} action={elsewhere} />;
  if (!list && identities.isError)
    return (
      <EmptyPage
        title={title}
        text={problem(identities.error)}
        action={<Button onClick={() => void identities.refetch()}>{t('try-again')}</Button>}
      >
        {tenantSwitch}
      </EmptyPage>
    );
  if (!list || opening === 'opening') return <Page.Loading />;
  if (opening === 'failed')
    return (
      <EmptyPage
        title={title}
        text={t('draft.open-failed')}
        action={<Button onClick={retry}>{t('try-again')}</Button>}
      />
    );

  const systemMissing = list.unavailable.some(({ code }) => code === 'SYSTEM_NOT_CONFIGURED');
  return (
    <Page.Main>
      <Page.Title>{title}</Page.Title>
      <Layouts.Header title={title} subtitle={t('communication.subtitle')} primaryAction={elsewhere} />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4} paddingBottom={8}>
          {tenantSwitch}
          {systemMissing && (
            <Notice kind="warning" title={t('refusal.SYSTEM_NOT_CONFIGURED')}>
              {list.from.length === 0 ? `${t('compose.no-sender')} ` : ''}
              {t('next.SYSTEM_NOT_CONFIGURED')}
            </Notice>
          )}
          {!systemMissing && list.from.length === 0 && <Notice kind="warning">{t('compose.no-sender')}</Notice>}
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
        </Flex>
      </Layouts.Content>
      <LeaveGuard
        text="leave.draft"
        changed={!isSafe(state)}
        mayLeave={() => state.saving.kind !== 'failed' && state.saving.kind !== 'conflict'}
      />
    </Page.Main>
  );
};
