import { Box } from '@strapi/design-system';
import type { TextKey } from '../i18n/use-text';
import { SelectField } from './fields';
import type { Me, TenantRef } from '../../../../server/src/contracts/answers';

/** Returns the requested tenant, else the default, else the first; undefined without any membership. */
export const chosenTenant = (tenants: Me['tenants'], wanted: string | undefined): string | undefined =>
  (tenants.find(({ id }) => id === wanted) ?? tenants.find((one) => one.default) ?? tenants[0])?.id;

/** Select of tenants. Renders nothing with a single tenant, so that such a site never sees the term. */
export const TenantSwitch = ({
  tenants,
  label = 'compose.tenant',
  value,
  onChange,
}: {
  tenants: readonly TenantRef[];
  label?: TextKey;
  value: string | undefined;
  onChange: (id: string) => void;
}) =>
  tenants.length < 2 ? null : (
    <Box minWidth="20rem" maxWidth="36rem">
      <SelectField
        name="tenant"
        label={label}
        value={value ?? ''}
        options={tenants.map(({ id, name }) => [id, name] as const)}
        onChange={onChange}
      />
    </Box>
  );
