import { Box, Button, Dialog, Flex, Typography } from '@strapi/design-system';
import { ConfirmDialog, useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useNavigate } from 'react-router-dom';
import type { Tenant } from '../../../../server/src/contracts/answers';
import { refusalOf } from '../../shared/api/client';
import { Section, TextField } from '../../shared/ui/fields';
import { FormPage } from '../../shared/ui/FormPage';
import { withoutErrorsOf } from '../../shared/ui/form-errors';
import { Notice } from '../../shared/ui/Notice';
import { useFirstError, useFocusKept } from '../../shared/ui/use-first-error';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useText } from '../../shared/i18n/use-text';
import { useSite } from '../mailboxes/site';
import { useMailboxesTenantDeleteMutation, useMailboxesTenantSaveMutation } from './api';
import { ERROR_PATHS, tenantFieldText, tenantProblemsOf } from './errors';
import { rulesOf, tenantBodyOf, type RulesForm } from './form';
import { MembersSection } from './MembersSection';
import { DuplicatesSection, OwnAddressSection, QuotaSection, SystemSection } from './RulesSections';

const DeleteTenant = ({ tenant, deleted }: { tenant: Tenant; deleted: () => void }) => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [remove] = useMailboxesTenantDeleteMutation();
  const run = async () => {
    const answer = await remove(tenant.id);
    if (!('error' in answer)) return deleted();
    const { code, mailboxes = 0, submissions = 0 } = refusalOf(answer.error).details ?? {};
    const message =
      code === 'TENANT_IN_USE'
        ? t('tenants.in-use', { mailboxes: Number(mailboxes), submissions: Number(submissions) })
        : refusal(answer.error);
    return toggleNotification({ type: 'danger', message });
  };
  return (
    <Dialog.Root>
      <Dialog.Trigger>
        <Button type="button" variant="danger-light">
          {t('edit.delete')}
        </Button>
      </Dialog.Trigger>
      <ConfirmDialog title={t('tenants.delete.title')} onConfirm={run}>
        {t('tenants.delete.text', { name: tenant.name })}
      </ConfirmDialog>
    </Dialog.Root>
  );
};

/** Saves the changed rules; returns the errors by field. */
const useSaveRules = () => {
  const t = useText();
  const refusal = useRefusalText();
  const { toggleNotification } = useNotification();
  const [send, { isLoading }] = useMailboxesTenantSaveMutation();
  const [errors, setErrors] = React.useState<Readonly<Record<string, string>>>({});

  const save = async (form: RulesForm, stored: Tenant): Promise<Tenant | null> => {
    const body = tenantBodyOf(form, stored);
    const wrong = tenantProblemsOf(body);
    setErrors(
      Object.fromEntries(
        wrong.map((problem) => [problem.details?.path ?? '', tenantFieldText(problem, t) ?? refusal(problem)])
      )
    );
    if (wrong.length > 0) return null;
    const answer = await send({ id: stored.id, body });
    if (!('error' in answer)) {
      toggleNotification({ type: 'success', message: t('edit.saved') });
      return answer.data;
    }
    const problem = refusalOf(answer.error);
    const message = tenantFieldText(problem, t) ?? refusal(answer.error);
    setErrors({ [problem.details?.path ?? '']: message });
    toggleNotification({ type: 'danger', message });
    return null;
  };
  const clearErrors = (changed: Partial<RulesForm>): void =>
    setErrors((before) => withoutErrorsOf<RulesForm>(before, changed, ERROR_PATHS));
  return { save, errors, saving: isLoading, clearErrors };
};

/** State of the form: stored tenant, present values, errors. */
const useRulesForm = (tenant: Tenant) => {
  const [base, setBase] = React.useState(tenant);
  const [form, setForm] = React.useState(() => rulesOf(tenant));
  const { save, errors, saving, clearErrors } = useSaveRules();
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const saved = await save(form, base);
    if (!saved) return;
    setBase(saved);
    setForm(rulesOf(saved));
  };
  return {
    base,
    form,
    errors,
    saving,
    changed: Object.keys(tenantBodyOf(form, base)).length > 0,
    change: (part: Partial<RulesForm>) => {
      setForm((before) => ({ ...before, ...part }));
      clearErrors(part);
    },
    submit,
  };
};

const NameSection = ({
  form,
  stored,
  error,
  change,
}: {
  form: RulesForm;
  stored: Tenant;
  error: string | undefined;
  change: (part: Partial<RulesForm>) => void;
}) => {
  const t = useText();
  return (
    <Section title="section.tenant">
      <TextField
        name="name"
        label="tenants.name"
        required
        value={form.name}
        error={error}
        onChange={(name) => change({ name })}
      />
      <Typography textColor="neutral600">{t('tenants.key.is', { key: stored.key })}</Typography>
    </Section>
  );
};

interface SectionsProps {
  several: boolean;
  form: RulesForm;
  stored: Tenant;
  errors: Readonly<Record<string, string>>;
  change: (part: Partial<RulesForm>) => void;
}

const Sections = ({ several, ...shared }: SectionsProps) => {
  const { form, stored, errors, change } = shared;
  const site = useSite(undefined);
  return (
    <>
      {errors[''] !== undefined && <Notice kind="danger" title={errors['']} />}
      {several && <NameSection form={form} stored={stored} error={errors.name} change={change} />}
      {several && (
        <MembersSection
          tenant={stored.id}
          members={form.members}
          error={errors.members}
          change={(members) => change({ members })}
        />
      )}
      <QuotaSection {...shared} />
      <OwnAddressSection {...shared} />
      <DuplicatesSection {...shared} />
      <SystemSection {...shared} systemEmail={site.data?.meta.system.email} />
    </>
  );
};

/**
 * Form of the rules of one tenant.
 *
 * @param several true with more than one tenant; otherwise the page does not mention tenants
 * @param foot content below the rules
 */
export const RulesEditor = ({
  tenant,
  several,
  foot,
}: {
  tenant: Tenant;
  several: boolean;
  foot?: React.ReactNode;
}) => {
  const t = useText();
  const navigate = useNavigate();
  const { base, form, errors, saving, changed, change, submit } = useRulesForm(tenant);
  const ref = useFirstError<HTMLFormElement>(errors);
  const saveButton = useFocusKept(saving);
  const leaving = React.useRef(false);
  const title = several ? base.name : t('rules.title');

  return (
    <FormPage
      title={title}
      subtitle={t(several ? 'tenants.subtitle' : 'rules.subtitle')}
      back=".."
      formRef={ref}
      onSubmit={submit}
      changed={changed}
      mayLeave={() => leaving.current}
      actions={
        <Flex gap={2}>
          {several && !base.default && (
            <DeleteTenant
              tenant={base}
              deleted={() => {
                leaving.current = true;
                navigate('..', { replace: true });
              }}
            />
          )}
          <Button ref={saveButton} type="submit" loading={saving}>
            {t('edit.save')}
          </Button>
        </Flex>
      }
    >
      <Flex direction="column" alignItems="stretch" gap={6}>
        <Sections several={several} form={form} stored={base} errors={errors} change={change} />
        {foot}
      </Flex>
      <Box paddingBottom={8} />
    </FormPage>
  );
};
