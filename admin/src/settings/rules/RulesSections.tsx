import { Typography } from '@strapi/design-system';
import type { Tenant } from '../../../../server/src/contracts/answers';
import {
  Columns,
  LongTextField,
  NumberField,
  RadioField,
  Section,
  SelectField,
  TextField,
} from '../../shared/ui/fields';
import { Notice } from '../../shared/ui/Notice';
import { useText } from '../../shared/i18n/use-text';
import { DuplicatePolicyField } from './DuplicatePolicyField';
import type { RulesForm } from './form';

export interface RulesProps {
  form: RulesForm;
  stored: Tenant;
  errors: Readonly<Record<string, string>>;
  change: (part: Partial<RulesForm>) => void;
}

export const QuotaSection = ({ form, stored, errors, change }: RulesProps) => {
  const t = useText();
  const { used, limit } = stored.quota;
  return (
    <Section title="section.quota">
      <Typography textColor="neutral600">{t('quota.used', { used, limit })}</Typography>
      {form.mailboxLimit !== '' && Number(form.mailboxLimit) < used && (
        <Notice kind="warning" title={t('quota.below', { used })} />
      )}
      <NumberField
        name="mailboxLimit"
        label="quota.limit"
        hint={stored.mailboxLimit === null ? t('quota.limit.hint.default', { limit }) : t('quota.limit.hint')}
        value={form.mailboxLimit}
        error={errors.mailboxLimit}
        onChange={(mailboxLimit) => change({ mailboxLimit })}
      />
      <LongTextField
        name="mailboxDomains"
        label="quota.domains"
        hint={t('quota.domains.hint')}
        value={form.mailboxDomains}
        error={errors.mailboxDomains}
        onChange={(mailboxDomains) => change({ mailboxDomains })}
      />
    </Section>
  );
};

export const OwnAddressSection = ({ form, errors, change }: RulesProps) => {
  const t = useText();
  return (
    <Section title="section.own-address">
      <RadioField
        name="ownAddress"
        label="own-address.label"
        value={form.ownAddress}
        onChange={(ownAddress) => change({ ownAddress })}
        options={[
          { value: 'off', label: t('own-address.off') },
          { value: 'reply-to', label: t('own-address.reply-to') },
          { value: 'sender-and-reply-to', label: t('own-address.both') },
        ]}
      />
      {form.ownAddress !== 'off' && (
        <LongTextField
          name="ownAddressDomains"
          label="own-address.domains"
          hint={t('own-address.domains.hint')}
          value={form.ownAddressDomains}
          error={errors.ownAddressDomains}
          onChange={(ownAddressDomains) => change({ ownAddressDomains })}
        />
      )}
    </Section>
  );
};

export const DuplicatesSection = ({ form, change }: RulesProps) => (
  <Section title="section.duplicates">
    <DuplicatePolicyField
      value={form.duplicatePolicy}
      ownAddress={form.ownAddress}
      onChange={(duplicatePolicy) => change({ duplicatePolicy })}
    />
  </Section>
);

export const SystemSection = ({
  form,
  errors,
  change,
  systemEmail,
}: RulesProps & { systemEmail: string | null | undefined }) => {
  const t = useText();
  return (
    <Section title="section.system">
      <SelectField
        name="systemSender"
        label="system.sender"
        hint={t('system.sender.hint')}
        value={form.systemSender}
        options={[
          ['everyone', t('system.sender.everyone')],
          ['when-nothing-else', t('system.sender.when-nothing-else')],
        ]}
        onChange={(systemSender) => change({ systemSender })}
      />
      <Columns>
        <TextField
          name="system.name"
          label="system.name"
          hint={t('system.name.hint')}
          value={form.systemName}
          error={errors['system.name']}
          onChange={(systemName) => change({ systemName })}
        />
        <TextField
          name="system.email"
          label="system.email"
          hint={t('system.email.hint', { address: systemEmail ?? '–' })}
          value={form.systemEmail}
          error={errors['system.email']}
          onChange={(systemEmail_) => change({ systemEmail: systemEmail_ })}
        />
      </Columns>
    </Section>
  );
};
