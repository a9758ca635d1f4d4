import { Box } from '@strapi/design-system';
import { SelectField } from '../lib/fields';
import type { Me } from '../../../server/src/contracts/answers';

/** The tenant that was asked for, else the default one, else the first; undefined: the user is a member of none. */
export const chosenTenant = (tenants: Me['tenants'], wanted: string | undefined): string | undefined =>
  (tenants.find(({ id }) => id === wanted) ?? tenants.find((one) => one.default) ?? tenants[0])?.id;

/** Only where there is something to switch: a site with one tenant never sees the word. */
export const TenantSwitch = ({
  tenants,
  value,
  onChange,
}: {
  tenants: Me['tenants'];
  value: string | undefined;
  onChange: (id: string) => void;
}) =>
  tenants.length < 2 ? null : (
    <Box maxWidth="36rem">
      <SelectField
        name="tenant"
        label="compose.tenant"
        value={value ?? ''}
        options={tenants.map(({ id, name }) => [id, name] as const)}
        onChange={onChange}
      />
    </Box>
  );
