import { Box, Flex, Td, Tr, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import type { Tenant } from '../../../../server/src/contracts/answers';
import type { PageMeta } from '../../shared/api/client';
import { RowTable } from '../../shared/ui/RowTable';
import { useNarrow } from '../../shared/ui/use-narrow';
import { Pagination } from '../../shared/ui/Pagination';
import { TitledPage } from '../../shared/ui/TitledPage';
import { SettingsBack } from '../../shared/ui/SettingsBack';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { NewTenant } from './NewTenant';

const COLUMNS: readonly TextKey[] = ['tenants.name', 'tenants.key', 'section.members', 'section.quota'];

const useCells = () => {
  const t = useText();
  return {
    membersOf: ({ members }: Tenant): string =>
      members === 'everyone'
        ? t('access.everyone')
        : t('access.counted', { users: members.users.length, roles: members.roles.length }),
    quotaOf: ({ quota }: Tenant): string => t('list.quota', { used: quota.used, limit: quota.limit }),
  };
};

const TenantLink = ({ tenant }: { tenant: Tenant }) => (
  <Typography tag={NavLink} to={tenant.id} textColor="primary600" fontWeight="semiBold">
    {tenant.name}
  </Typography>
);

const Tenants = ({ tenants }: { tenants: readonly Tenant[] }) => {
  const t = useText();
  const { membersOf, quotaOf } = useCells();
  if (useNarrow())
    return (
      <Flex tag="ul" direction="column" alignItems="stretch" gap={3} aria-label={t('tenants.title')}>
        {tenants.map((tenant) => (
          <Box tag="li" key={tenant.id} background="neutral0" hasRadius shadow="tableShadow" padding={4}>
            <TenantLink tenant={tenant} />
            <Typography tag="p" variant="pi" textColor="neutral600">
              {tenant.key} · {membersOf(tenant)} · {quotaOf(tenant)}
            </Typography>
          </Box>
        ))}
      </Flex>
    );
  return (
    <RowTable columns={COLUMNS} rows={tenants} label={t('tenants.title')}>
      {(tenant) => (
        <Tr key={tenant.id}>
          <Td>
            <TenantLink tenant={tenant} />
          </Td>
          <Td>
            <Typography>{tenant.key}</Typography>
          </Td>
          <Td>
            <Typography>{membersOf(tenant)}</Typography>
          </Td>
          <Td>
            <Typography>{quotaOf(tenant)}</Typography>
          </Td>
        </Tr>
      )}
    </RowTable>
  );
};

/** List of tenants. */
export const TenantsPage = ({ tenants, pages }: { tenants: readonly Tenant[]; pages: PageMeta }) => {
  const t = useText();
  return (
    <TitledPage
      title={t('tenants.title')}
      subtitle={t('tenants.list.subtitle')}
      back={<SettingsBack fallback=".." />}
      actions={<NewTenant label="tenants.add" variant="default" to={(id) => id} />}
    >
      <Tenants tenants={tenants} />
      <Pagination pagination={pages} />
    </TitledPage>
  );
};
