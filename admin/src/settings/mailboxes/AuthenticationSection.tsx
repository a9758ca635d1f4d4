import { Flex } from '@strapi/design-system';
import type { Mailbox } from '../../../../server/src/contracts/answers';
import { boundFields } from '../../shared/ui/bound-fields';
import { Columns, NumberField, Section, SelectField, TextField, ToggleField } from '../../shared/ui/fields';
import { Notice } from '../../shared/ui/Notice';
import { useDate } from '../../shared/time/use-date';
import { useText } from '../../shared/i18n/use-text';
import { ConnectionTest } from './ConnectionTest';
import type { Errors } from './errors';
import { forgetsPassword, lacksPassword, type MailboxForm } from './form';
import { adviceFor, pairProblem, presetOf, PRESETS, settingsOf } from './presets';

interface Props {
  form: MailboxForm;
  stored: Mailbox | null;
  errors: Errors;
  readOnly: boolean;
  change: (part: Partial<MailboxForm>) => void;
}

const OTHER = '';

const Credentials = (props: Props) => {
  const t = useText();
  const { form, stored } = props;
  const field = boundFields(props);
  const date = useDate();
  const setAt = stored?.smtp?.passwordSetAt;
  const keeps = setAt && !forgetsPassword(stored, { ...form, password: '' });
  return (
    <Columns>
      <TextField
        {...field('username', 'smtp.username')}
        label="smtp.username"
        hint={t('smtp.username.hint')}
        placeholder={form.email}
        autoComplete="off"
      />
      <TextField
        {...field('password', 'smtp.password')}
        label="smtp.password"
        type="password"
        autoComplete="new-password"
        hint={keeps ? t('smtp.password.set', { date: date(setAt) }) : t('smtp.password.hint')}
      />
    </Columns>
  );
};

const Advice = ({ form }: Pick<Props, 'form'>) => {
  const t = useText();
  const advice = form.auth === 'password' ? adviceFor(form.host) : null;
  const pair = pairProblem(form);
  return (
    <>
      {pair !== null && (
        <Notice
          kind="warning"
          title={t(pair === 'tls' ? 'smtp.pair.tls' : 'smtp.pair.starttls', { port: form.port })}
        />
      )}
      {advice !== null && (
        <Notice
          kind="info"
          title={t(advice === 'microsoft' ? 'smtp.advice.microsoft.title' : 'smtp.advice.app-password.title')}
        >
          {t(advice === 'microsoft' ? 'smtp.advice.microsoft.text' : 'smtp.advice.app-password.text')}
        </Notice>
      )}
    </>
  );
};

const PresetField = ({ form, change }: Pick<Props, 'form' | 'change'>) => {
  const t = useText();
  return (
    <SelectField
      name="preset"
      label="smtp.preset"
      hint={t('smtp.preset.hint')}
      value={presetOf(form)?.name ?? OTHER}
      options={[[OTHER, t('smtp.preset.other')], ...PRESETS.map(({ name }) => [name, name] as const)]}
      onChange={(name) => {
        const chosen = PRESETS.find((candidate) => candidate.name === name);
        if (chosen) change(settingsOf(chosen));
      }}
    />
  );
};

const Settings = (props: Props) => {
  const { form, readOnly, change } = props;
  const t = useText();
  const field = boundFields(props);
  return (
    <>
      {!readOnly && <PresetField form={form} change={change} />}
      <TextField {...field('host', 'smtp.host')} label="smtp.host" required />
      <Columns min="15rem">
        <NumberField {...field('port', 'smtp.port')} label="smtp.port" required />
        <SelectField
          {...field('encryption', 'smtp.encryption')}
          label="smtp.encryption"
          options={[
            ['tls', 'TLS'],
            ['starttls', 'STARTTLS'],
            ['none', t('smtp.encryption.none')],
          ]}
        />
        <SelectField
          {...field('auth', 'smtp.auth')}
          label="smtp.auth"
          options={[
            ['password', t('smtp.auth.password')],
            ['none', t('smtp.auth.none')],
          ]}
        />
      </Columns>
      {form.auth === 'password' && <Credentials {...props} />}
      <Advice form={form} />
    </>
  );
};

/** Warns before a save that deletes the stored password or lacks one. */
const Warnings = ({ form, stored }: Pick<Props, 'form' | 'stored'>) => {
  const t = useText();
  if (forgetsPassword(stored, form))
    return (
      <Notice kind="warning" title={t('smtp.forgets.title')}>
        {t(form.authenticated ? 'smtp.forgets.text' : 'smtp.forgets.off')}
      </Notice>
    );
  if (!lacksPassword(stored, form) || form.host.trim() === '') return null;
  return (
    <Notice kind="info" title={t('smtp.lacks.title')}>
      {t('smtp.lacks.text')}
    </Notice>
  );
};

/** SMTP settings of the mailbox (docs/requirements.md S9), with a connection test of the form values. */
export const AuthenticationSection = (props: Props) => {
  const { form, stored, errors, readOnly } = props;
  const t = useText();
  const field = boundFields(props);
  return (
    <Section title="section.authentication">
      <ToggleField
        {...field('authenticated')}
        label="authenticated"
        hint={t('authenticated.hint')}
        error={errors.smtp}
      />
      {form.authenticated && (
        <Flex direction="column" alignItems="stretch" gap={4}>
          <Settings {...props} />
        </Flex>
      )}
      {!readOnly && <Warnings form={form} stored={stored} />}
      {form.authenticated && !readOnly && <ConnectionTest form={form} stored={stored} />}
    </Section>
  );
};
