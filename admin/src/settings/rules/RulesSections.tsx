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
import { boundFields } from '../../shared/ui/bound-fields';
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

export const QuotaSection = (props: RulesProps) => {
  const t = useText();
  const { form, stored } = props;
  const field = boundFields(props);
  const { used, limit } = stored.quota;
  return (
    <Section title="section.quota">
      <Typography textColor="neutral600">{t('quota.used', { used, limit })}</Typography>
      {form.mailboxLimit !== '' && Number(form.mailboxLimit) < used && (
        <Notice kind="warning" title={t('quota.below', { used })} />
      )}
      <NumberField
        {...field('mailboxLimit')}
        label="quota.limit"
        hint={stored.mailboxLimit === null ? t('quota.limit.hint.default', { limit }) : t('quota.limit.hint')}
      />
      <LongTextField {...field('mailboxDomains')} label="quota.domains" hint={t('quota.domains.hint')} />
    </Section>
  );
};

export const OwnAddressSection = (props: RulesProps) => {
  const t = useText();
  const field = boundFields(props);
  return (
    <Section title="section.own-address">
      <RadioField
        {...field('ownAddress')}
        label="own-address.label"
        options={[
          { value: 'off', label: t('own-address.off') },
          { value: 'reply-to', label: t('own-address.reply-to') },
          { value: 'sender-and-reply-to', label: t('own-address.both') },
        ]}
      />
      {props.form.ownAddress !== 'off' && (
        <LongTextField
          {...field('ownAddressDomains')}
          label="own-address.domains"
          hint={t('own-address.domains.hint')}
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

export const SystemSection = ({ systemEmail, ...props }: RulesProps & { systemEmail: string | null | undefined }) => {
  const t = useText();
  const field = boundFields(props);
  return (
    <Section title="section.system">
      <SelectField
        {...field('systemSender')}
        label="system.sender"
        hint={t('system.sender.hint')}
        options={[
          ['everyone', t('system.sender.everyone')],
          ['when-nothing-else', t('system.sender.when-nothing-else')],
        ]}
      />
      <Columns>
        <TextField {...field('systemName', 'system.name')} label="system.name" hint={t('system.name.hint')} />
        <TextField
          {...field('systemEmail', 'system.email')}
          label="system.email"
          hint={t('system.email.hint', { address: systemEmail ?? '–' })}
        />
      </Columns>
    </Section>
  );
};
