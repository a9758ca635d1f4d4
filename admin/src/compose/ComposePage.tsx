import { Button, Flex, LinkButton } from '@strapi/design-system';
import { Layouts, Page } from '@strapi/strapi/admin';
import { NavLink } from 'react-router-dom';
import { EmptyPage } from '../lib/EmptyPage';
import { Notice } from '../lib/Notice';
import { OUTBOX_PATH } from '../lib/paths';
import { useText } from '../lib/use-text';
import { useMailboxesIdentitiesQuery, useMailboxesMeQuery } from './api';
import { ComposeForm } from './ComposeForm';
import { draftStore, useDrafts } from './draft-store';
import { TenantSwitch, chosenTenant } from './TenantSwitch';
import { useProblemText } from './use-sayings';

/** Writes a notification; From and Reply-To offer what the server decided for this user. */
export const ComposePage = () => {
  const t = useText();
  const problem = useProblemText();
  const { draft } = useDrafts();
  const me = useMailboxesMeQuery(undefined, { refetchOnMountOrArgChange: true });
  const tenants = me.data?.tenants ?? [];
  const tenant = chosenTenant(tenants, draft.tenant);
  const identities = useMailboxesIdentitiesQuery(tenant ?? '', {
    skip: tenant === undefined,
    refetchOnMountOrArgChange: true,
  });
  const list = identities.currentData;
  const title = t('communication.title');

  const toOutbox = (
    <LinkButton tag={NavLink} to={OUTBOX_PATH} variant="secondary">
      {t('communication.submissions')}
    </LinkButton>
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
  if (tenant === undefined) return <EmptyPage title={title} text={t('compose.no-tenant')} action={toOutbox} />;
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
  if (!list) return <Page.Loading />;

  const systemMissing = list.unavailable.some(({ code }) => code === 'SYSTEM_NOT_CONFIGURED');
  return (
    <Page.Main>
      <Page.Title>{title}</Page.Title>
      <Layouts.Header title={title} subtitle={t('communication.subtitle')} primaryAction={toOutbox} />
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
          <ComposeForm
            tenant={tenant}
            list={list}
            own={me.data.ownAddress}
            refresh={() => identities.refetch().then(({ data }) => data ?? null)}
          />
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
};
