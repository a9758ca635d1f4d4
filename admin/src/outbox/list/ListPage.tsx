import { Button } from '@strapi/design-system';
import { Page } from '@strapi/strapi/admin';
import { EmptyPage } from '../../shared/ui/EmptyPage';
import { useText } from '../../shared/i18n/use-text';
import { OutboxList } from './OutboxList';
import { useFilters } from './use-filters';
import { useMailboxesMeQuery } from '../../shared/api/mailbox-user';
import { TenantSwitch, chosenTenant } from '../../shared/ui/TenantSwitch';
import { useRefusalWithNext } from '../../compose';

/** Submissions of the user, or with `log.read` all submissions of the tenant. */
export const ListPage = () => {
  const t = useText();
  const problem = useRefusalWithNext();
  const filtering = useFilters();
  const me = useMailboxesMeQuery();
  const tenants = me.data?.tenants ?? [];
  const tenant = chosenTenant(tenants, filtering.params.get('tenant') ?? undefined);
  const title = t('submissions.title');

  if (me.isLoading) return <Page.Loading />;
  if (!me.data)
    return (
      <EmptyPage
        title={title}
        text={problem(me.error)}
        action={<Button onClick={() => void me.refetch()}>{t('try-again')}</Button>}
      />
    );
  if (tenant === undefined) return <EmptyPage title={title} text={t('compose.no-tenant')} />;
  return (
    <OutboxList
      key={tenant}
      tenant={tenant}
      filtering={filtering}
      tenantSwitch={<TenantSwitch tenants={tenants} value={tenant} onChange={filtering.chooseTenant} />}
    />
  );
};
