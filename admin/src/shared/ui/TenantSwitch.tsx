import { Box } from '@strapi/design-system';
import type { TextKey } from '../i18n/use-text';
import { SelectField } from './fields';
import type { Me, TenantRef } from '../../../../server/src/contracts/answers';

/** The tenant that was asked for, else the default one, else the first; undefined: the user is a member of none. */
export const chosenTenant = (tenants: Me['tenants'], wanted: string | undefined): string | undefined =>
  (tenants.find(({ id }) => id === wanted) ?? tenants.find((one) => one.default) ?? tenants[0])?.id;

/** Only where there is something to switch: a site with one tenant never sees the word. */
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
