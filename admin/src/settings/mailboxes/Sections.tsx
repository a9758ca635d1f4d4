import { Box, Typography } from '@strapi/design-system';
import type { TenantRef } from '../../../../server/src/contracts/answers';
import { domainOf } from '../../../../server/src/contracts/address';
import {
  Columns,
  LongTextField,
  NumberField,
  Section,
  SelectField,
  TextField,
  ToggleField,
} from '../../shared/ui/fields';
import { Notice } from '../../shared/ui/Notice';
import { useText } from '../../shared/i18n/use-text';
import type { Errors } from './errors';
import type { MailboxForm } from './form';

export interface SectionProps {
  form: MailboxForm;
  errors: Errors;
  readOnly: boolean;
  change: (part: Partial<MailboxForm>) => void;
}

/**
 * Warns that the From domain is not aligned (RFC 7489 §3.1): SPF and DKIM of the system mailbox cover its own domain
 * only.
 */
export const ForeignDomainWarning = ({ form, systemEmail }: { form: MailboxForm; systemEmail: string | null }) => {
  const t = useText();
  const domain = domainOf(form.email.trim());
  const system = domainOf(systemEmail ?? '');
  if (form.authenticated || !form.sender || domain === '' || system === '' || domain === system) return null;
  return (
    <Notice kind="warning" title={t('warning.domain.title')}>
      {t('warning.domain.text', { domain, system })}
    </Notice>
  );
};

export const AddressSection = ({ form, errors, readOnly, change }: SectionProps) => {
  const t = useText();
  const ascii = domainOf(form.email.trim());
  const differs = /[^\x00-\x7f]/.test(form.email.split('@')[1] ?? '') && ascii !== '';
  return (
    <Section title="section.address">
      <TextField
        name="email"
        label="field.email"
        type="text"
        required
        hint={differs ? t('field.email.ascii', { domain: ascii }) : undefined}
        value={form.email}
        error={errors.email}
        disabled={readOnly}
        autoComplete="off"
        onChange={(email) => change({ email })}
      />
      <TextField
        name="name"
        label="field.name"
        required
        hint={t('field.name.hint')}
        value={form.name}
        error={errors.name}
        disabled={readOnly}
        autoComplete="off"
        onChange={(name) => change({ name })}
      />
      <ToggleField
        name="enabled"
        label="field.enabled"
        hint={t('field.enabled.hint')}
        checked={form.enabled}
        disabled={readOnly}
        onChange={(enabled) => change({ enabled })}
      />
    </Section>
  );
};

export const OfferedSection = ({ form, readOnly, change }: SectionProps) => {
  const t = useText();
  return (
    <Section title="section.offered">
      <Columns>
        <ToggleField
          name="sender"
          label="field.sender"
          hint={t('field.sender.hint')}
          checked={form.sender}
          disabled={readOnly}
          onChange={(sender) => change({ sender })}
        />
        <ToggleField
          name="reply"
          label="field.reply"
          hint={t('field.reply.hint')}
          checked={form.reply}
          disabled={readOnly}
          onChange={(reply) => change({ reply })}
        />
      </Columns>
    </Section>
  );
};

/** Tenant of the mailbox and `global`; for operators only. */
export const GlobalSection = ({
  form,
  errors,
  readOnly,
  change,
  tenants,
}: SectionProps & { tenants: readonly TenantRef[] }) => {
  const t = useText();
  const others = tenants.filter(({ id }) => id !== form.tenant);
  return (
    <Section title="section.global">
      {!readOnly && tenants.length > 1 && (
        <SelectField
          name="tenant"
          label="field.tenant"
          hint={t('field.tenant.hint')}
          error={errors.tenant}
          value={form.tenant}
          options={tenants.map(({ id, name }) => [id, name] as const)}
          onChange={(tenant) => change({ tenant })}
        />
      )}
      <ToggleField
        name="global"
        label="field.global"
        hint={tenants.length > 1 ? t('field.global.hint') : undefined}
        error={errors.global}
        checked={form.global}
        disabled={readOnly}
        onChange={(global) => change({ global })}
      />
      {form.global && others.length > 0 && !readOnly && (
        <Box>
          <Typography tag="p" textColor="neutral800">
            {t('global.gain')}
          </Typography>
          <Box tag="ul" paddingLeft={5} style={{ listStyle: 'disc' }}>
            {others.map(({ id, name }) => (
              <Typography key={id} tag="li" fontWeight="semiBold">
                {name}
              </Typography>
            ))}
          </Box>
          {!form.restricted && (
            <Typography tag="p" textColor="neutral600">
              {t('global.everyone')}
            </Typography>
          )}
        </Box>
      )}
    </Section>
  );
};

export const SignatureSection = ({ form, errors, readOnly, change }: SectionProps) => {
  const t = useText();
  return (
    <Section title="section.signature">
      <Typography textColor="neutral600">
        {t('signature.hint', { name: '{{author.name}}', role: '{{author.role}}' })}
      </Typography>
      <LongTextField
        name="signature.text"
        label="signature.text"
        value={form.signatureText}
        error={errors['signature.text']}
        disabled={readOnly}
        onChange={(signatureText) => change({ signatureText })}
      />
      <LongTextField
        name="signature.html"
        label="signature.html"
        monospace
        value={form.signatureHtml}
        error={errors['signature.html']}
        disabled={readOnly}
        onChange={(signatureHtml) => change({ signatureHtml })}
      />
    </Section>
  );
};

export const LimitsSection = ({ form, errors, readOnly, change }: SectionProps) => {
  const t = useText();
  return (
    <Section title="section.limits">
      <Columns>
        <NumberField
          name="limits.perMinute"
          label="limits.per-minute"
          hint={t('limits.per-minute.hint')}
          value={form.perMinute}
          error={errors['limits.perMinute']}
          disabled={readOnly}
          onChange={(perMinute) => change({ perMinute })}
        />
        <NumberField
          name="limits.connections"
          label="limits.connections"
          hint={t('limits.connections.hint')}
          value={form.connections}
          error={errors['limits.connections']}
          disabled={readOnly}
          onChange={(connections) => change({ connections })}
        />
      </Columns>
    </Section>
  );
};
