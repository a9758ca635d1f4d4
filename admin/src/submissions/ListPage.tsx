import { Button } from '@strapi/design-system';
import { Page } from '@strapi/strapi/admin';
import { useMailboxesMeQuery } from '../compose/api';
import { TenantSwitch, chosenTenant } from '../compose/TenantSwitch';
import { useProblemText } from '../compose/use-sayings';
import { EmptyPage } from '../lib/EmptyPage';
import { useText } from '../lib/use-text';
import { Outbox } from './Outbox';
import { useFilters } from './use-filters';

/** What this editor has sent and what still waits, or, with the right to read the log, everybody's in the tenant. */
export const ListPage = () => {
  const t = useText();
  const problem = useProblemText();
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
    <Outbox
      key={tenant}
      tenant={tenant}
      filtering={filtering}
      tenantSwitch={<TenantSwitch tenants={tenants} value={tenant} onChange={filtering.chooseTenant} />}
    />
  );
};
