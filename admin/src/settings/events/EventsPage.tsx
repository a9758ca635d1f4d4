import { EmptyStateLayout, LinkButton, Typography } from '@strapi/design-system';
import { Mail, Plus } from '@strapi/icons';
import { Page } from '@strapi/strapi/admin';
import { NavLink } from 'react-router-dom';
import { Notice } from '../../shared/ui/Notice';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText } from '../../shared/i18n/use-text';
import { SectionPage } from '../site/SectionPage';
import { useMailboxesWebhooksQuery } from './api';
import { oursOf } from './webhook';
import { EventList } from './EventList';
import { useWebhookRights } from './use-webhook-rights';
import { WebhookList } from './WebhookList';

/** Events of the plugin and the webhooks that subscribe to them: Strapi's own page cannot select events of a plugin. */
export const EventsPage = () => {
  const t = useText();
  const refusal = useRefusalText();
  const { loading, ...rights } = useWebhookRights();
  const { data, error, isLoading } = useMailboxesWebhooksQuery(undefined, {
    skip: !rights.read,
    refetchOnMountOrArgChange: true,
  });
  if (loading || isLoading) return <Page.Loading />;
  if (!rights.read) return <Page.NoPermissions />;
  if (!data) return <Page.Error content={refusal(error)} />;
  const webhooks = data.filter((webhook) => oursOf(webhook).length > 0);
  const add = rights.create ? (
    <LinkButton tag={NavLink} to="new" startIcon={<Plus />}>
      {t('webhook.add')}
    </LinkButton>
  ) : undefined;
  return (
    <SectionPage title={t('events.title')} subtitle={t('events.subtitle')} actions={add}>
      <Notice kind="info" title={t('events.once.title')} quiet>
        <p>{t('events.once.text')}</p>
        <p>{t('events.strapi-page')}</p>
      </Notice>
      <Typography variant="delta" tag="h2">
        {t('events.webhooks')}
      </Typography>
      {webhooks.length === 0 ? (
        <EmptyStateLayout icon={<Mail width="6rem" height="6rem" />} content={t('events.no-webhooks')} action={add} />
      ) : (
        <WebhookList webhooks={webhooks} rights={rights} />
      )}
      <EventList />
    </SectionPage>
  );
};
