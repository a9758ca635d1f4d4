import { Button, Dialog, Flex, Typography } from '@strapi/design-system';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import { refusalOf } from '../../shared/api/client';
import { TextField } from '../../shared/ui/fields';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { useMailboxesTenantSaveMutation } from './api';
import { tenantFieldText, tenantProblemsOf } from './errors';

/** State of the dialog. */
const useNewTenant = (to: (id: string) => string) => {
  const t = useText();
  const refusal = useRefusalText();
  const navigate = useNavigate();
  const [create, { isLoading }] = useMailboxesTenantSaveMutation();
  const [open, setOpen] = React.useState(false);
  const [name, setName] = React.useState('');
  const [error, setError] = React.useState<string>();

  const submit = async () => {
    const body = { name: name.trim() };
    const [wrong] = tenantProblemsOf(body);
    if (wrong) return setError(tenantFieldText(wrong, t) ?? refusal(wrong));
    const answer = await create({ id: null, body });
    if ('error' in answer) return setError(tenantFieldText(refusalOf(answer.error), t) ?? refusal(answer.error));
    setOpen(false);
    return navigate(to(answer.data.id));
  };
  return {
    open,
    name,
    error,
    isLoading,
    submit,
    toggle: (next: boolean) => {
      setOpen(next);
      setError(undefined);
    },
    type: (typed: string) => {
      setName(typed);
      setError(undefined);
    },
  };
};

interface Props {
  label: TextKey;
  variant: 'default' | 'secondary';
  to: (id: string) => string;
}

/** Creates a tenant by name and opens its page; it has no members yet. */
export const NewTenant = ({ label, variant, to }: Props) => {
  const t = useText();
  const { open, name, error, isLoading, submit, toggle, type } = useNewTenant(to);
  return (
    <Dialog.Root open={open} onOpenChange={toggle}>
      <Dialog.Trigger>
        <Button type="button" variant={variant}>
          {t(label)}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content>
        <Dialog.Header>{t('tenants.new')}</Dialog.Header>
        <Dialog.Body>
          <Flex
            direction="column"
            alignItems="stretch"
            gap={4}
            width="100%"
            onKeyDown={(event: React.KeyboardEvent) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              void submit();
            }}
          >
            <Typography>{t('tenants.new.text')}</Typography>
            <TextField name="new-tenant" label="tenants.name" required value={name} error={error} onChange={type} />
          </Flex>
        </Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button type="button" fullWidth variant="tertiary">
              {t('cancel')}
            </Button>
          </Dialog.Cancel>
          <Button type="button" fullWidth loading={isLoading} onClick={() => void submit()}>
            {t('tenants.create')}
          </Button>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};
