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
import { boundFields } from '../../shared/ui/bound-fields';
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

export const AddressSection = (props: SectionProps) => {
  const t = useText();
  const { form } = props;
  const field = boundFields(props);
  const ascii = domainOf(form.email.trim());
  const differs = /[^\x00-\x7f]/.test(form.email.split('@')[1] ?? '') && ascii !== '';
  return (
    <Section title="section.address">
      <TextField
        {...field('email')}
        label="field.email"
        type="text"
        required
        hint={differs ? t('field.email.ascii', { domain: ascii }) : undefined}
        autoComplete="off"
      />
      <TextField {...field('name')} label="field.name" required hint={t('field.name.hint')} autoComplete="off" />
      <ToggleField {...field('enabled')} label="field.enabled" hint={t('field.enabled.hint')} />
    </Section>
  );
};

export const OfferedSection = (props: SectionProps) => {
  const t = useText();
  const field = boundFields(props);
  return (
    <Section title="section.offered">
      <Columns>
        <ToggleField {...field('sender')} label="field.sender" hint={t('field.sender.hint')} />
        <ToggleField {...field('reply')} label="field.reply" hint={t('field.reply.hint')} />
      </Columns>
    </Section>
  );
};

/** Tenant of the mailbox and `global`; for operators only. */
export const GlobalSection = ({ tenants, ...props }: SectionProps & { tenants: readonly TenantRef[] }) => {
  const t = useText();
  const { form, readOnly } = props;
  const field = boundFields(props);
  const others = tenants.filter(({ id }) => id !== form.tenant);
  return (
    <Section title="section.global">
      {!readOnly && tenants.length > 1 && (
        <SelectField
          {...field('tenant')}
          label="field.tenant"
          hint={t('field.tenant.hint')}
          options={tenants.map(({ id, name }) => [id, name] as const)}
        />
      )}
      <ToggleField
        {...field('global')}
        label="field.global"
        hint={tenants.length > 1 ? t('field.global.hint') : undefined}
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

export const SignatureSection = (props: SectionProps) => {
  const t = useText();
  const field = boundFields(props);
  return (
    <Section title="section.signature">
      <Typography textColor="neutral600">
        {t('signature.hint', { name: '{{author.name}}', role: '{{author.role}}' })}
      </Typography>
      <LongTextField {...field('signatureText', 'signature.text')} label="signature.text" />
      <LongTextField {...field('signatureHtml', 'signature.html')} label="signature.html" monospace />
    </Section>
  );
};

export const LimitsSection = (props: SectionProps) => {
  const t = useText();
  const field = boundFields(props);
  return (
    <Section title="section.limits">
      <Columns>
        <NumberField
          {...field('perMinute', 'limits.perMinute')}
          label="limits.per-minute"
          hint={t('limits.per-minute.hint')}
        />
        <NumberField
          {...field('connections', 'limits.connections')}
          label="limits.connections"
          hint={t('limits.connections.hint')}
        />
      </Columns>
    </Section>
  );
};
