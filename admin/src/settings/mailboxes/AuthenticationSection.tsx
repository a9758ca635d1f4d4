import { Flex } from '@strapi/design-system';
import type { Mailbox } from '../../../../server/src/contracts/answers';
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

const Credentials = ({ form, stored, errors, readOnly, change }: Props) => {
  const t = useText();
  const date = useDate();
  const setAt = stored?.smtp?.passwordSetAt;
  const keeps = setAt && !forgetsPassword(stored, { ...form, password: '' });
  return (
    <Columns>
      <TextField
        name="smtp.username"
        label="smtp.username"
        hint={t('smtp.username.hint')}
        placeholder={form.email}
        value={form.username}
        error={errors['smtp.username']}
        disabled={readOnly}
        onChange={(username) => change({ username })}
        autoComplete="off"
      />
      <TextField
        name="smtp.password"
        label="smtp.password"
        type="password"
        autoComplete="new-password"
        hint={keeps ? t('smtp.password.set', { date: date(setAt) }) : t('smtp.password.hint')}
        value={form.password}
        error={errors['smtp.password']}
        disabled={readOnly}
        onChange={(password) => change({ password })}
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
  const { form, errors, readOnly, change } = props;
  const t = useText();
  return (
    <>
      {!readOnly && <PresetField form={form} change={change} />}
      <TextField
        name="smtp.host"
        label="smtp.host"
        required
        value={form.host}
        error={errors['smtp.host']}
        disabled={readOnly}
        onChange={(host) => change({ host })}
      />
      <Columns min="15rem">
        <NumberField
          name="smtp.port"
          label="smtp.port"
          required
          value={form.port}
          error={errors['smtp.port']}
          disabled={readOnly}
          onChange={(port) => change({ port })}
        />
        <SelectField
          name="smtp.encryption"
          label="smtp.encryption"
          value={form.encryption}
          error={errors['smtp.encryption']}
          disabled={readOnly}
          options={[
            ['tls', 'TLS'],
            ['starttls', 'STARTTLS'],
            ['none', t('smtp.encryption.none')],
          ]}
          onChange={(encryption) => change({ encryption })}
        />
        <SelectField
          name="smtp.auth"
          label="smtp.auth"
          value={form.auth}
          disabled={readOnly}
          options={[
            ['password', t('smtp.auth.password')],
            ['none', t('smtp.auth.none')],
          ]}
          onChange={(auth) => change({ auth })}
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
  const { form, stored, errors, readOnly, change } = props;
  const t = useText();
  return (
    <Section title="section.authentication">
      <ToggleField
        name="authenticated"
        label="authenticated"
        hint={t('authenticated.hint')}
        error={errors.smtp}
        value={form.authenticated}
        disabled={readOnly}
        onChange={(authenticated) => change({ authenticated })}
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
