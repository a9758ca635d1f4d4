import { Field, SingleSelect, SingleSelectOption } from '@strapi/design-system';
import type { TenantRef } from '../../../server/src/contracts/answers';
import { useText } from '../lib/use-text';

/** One of the tenants that the administrator may look at. */
export const TenantSwitch = ({
  tenants,
  tenant,
  choose,
}: {
  tenants: readonly TenantRef[];
  tenant: string;
  choose: (tenant: string) => void;
}) => {
  const t = useText();
  return (
    <Field.Root name="tenant" minWidth="20rem">
      <Field.Label>{t('list.tenant')}</Field.Label>
      <SingleSelect value={tenant} onChange={(id) => choose(String(id))}>
        {tenants.map(({ id, name }) => (
          <SingleSelectOption key={id} value={id}>
            {name}
          </SingleSelectOption>
        ))}
      </SingleSelect>
    </Field.Root>
  );
};
