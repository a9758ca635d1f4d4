import { Flex, Typography } from '@strapi/design-system';
import { Page, useQueryParams } from '@strapi/strapi/admin';
import { Route, Routes, useParams } from 'react-router-dom';
import { Section } from '../../shared/ui/fields';
import { permission } from '../../shared/permissions';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText } from '../../shared/i18n/use-text';
import { useMailboxesTenantQuery, useMailboxesTenantsQuery } from './api';
import { NewTenant } from './NewTenant';
import { RulesEditor } from './RulesEditor';
import { TenantsPage } from './TenantsPage';

/** Switches a site from its single, hidden tenant to several. */
const SeveralClients = () => {
  const t = useText();
  return (
    <Section title="rules.several">
      <Typography textColor="neutral600">{t('rules.several.text')}</Typography>
      <Flex>
        <NewTenant label="rules.several.button" variant="secondary" to={(id) => id} />
      </Flex>
    </Section>
  );
};

/** Rules of the single tenant, or the list of tenants. */
const Overview = () => {
  const refusal = useRefusalText();
  const [{ query }] = useQueryParams<{ page?: string }>();
  const { data, error, isLoading } = useMailboxesTenantsQuery({ page: Number(query.page ?? 1) });
  if (isLoading) return <Page.Loading />;
  if (!data) return <Page.Error content={refusal(error)} />;
  const [only] = data.data;
  return data.meta.pagination.total === 1 && only ? (
    <RulesEditor key={only.id} tenant={only} several={false} foot={<SeveralClients />} />
  ) : (
    <TenantsPage tenants={data.data} pages={data.meta.pagination} />
  );
};

const One = () => {
  const { id = '' } = useParams();
  const refusal = useRefusalText();
  const { data, error, isLoading } = useMailboxesTenantQuery(id);
  if (isLoading) return <Page.Loading />;
  if (!data) return <Page.Error content={refusal(error)} />;
  return <RulesEditor key={data.id} tenant={data} several />;
};

/** Settings → Mailboxes → Rules, or Tenants if there are several; requires `tenants.manage`. */
export const RulesPage = () => (
  <Page.Protect permissions={permission('tenants.manage')}>
    <Routes>
      <Route index element={<Overview />} />
      <Route path=":id" element={<One />} />
    </Routes>
  </Page.Protect>
);
