import { Alert, Flex, Grid } from '@strapi/design-system';
import type { Mailbox } from '../../../server/src/contracts/answers';
import { useText } from '../lib/use-text';
import { ConnectionTest } from './ConnectionTest';
import { NumberField, Section, SelectField, TextField, ToggleField } from './fields';
import { forgetsPassword, PRESETS, type MailboxForm } from './form';

interface Props {
  form: MailboxForm;
  stored: Mailbox | null;
  errors: Readonly<Record<string, string>>;
  change: (part: Partial<MailboxForm>) => void;
}

const OTHER = '';

const Credentials = ({ form, stored, errors, change }: Props) => {
  const t = useText();
  const setAt = stored?.smtp?.passwordSetAt;
  return (
    <Grid.Root gap={4}>
      <Grid.Item col={6} xs={12} direction="column" alignItems="stretch">
        <TextField
          name="smtp.username"
          label="smtp.username"
          hint={t('smtp.username.hint')}
          value={form.username}
          error={errors['smtp.username']}
          onChange={(username) => change({ username })}
          autoComplete="off"
        />
      </Grid.Item>
      <Grid.Item col={6} xs={12} direction="column" alignItems="stretch">
        <TextField
          name="smtp.password"
          label="smtp.password"
          type="password"
          autoComplete="new-password"
          hint={
            setAt ? t('smtp.password.set', { date: new Date(setAt).toLocaleDateString() }) : t('smtp.password.hint')
          }
          value={form.password}
          error={errors['smtp.password']}
          onChange={(password) => change({ password })}
        />
      </Grid.Item>
    </Grid.Root>
  );
};

export const AuthenticationSection = (props: Props) => {
  const { form, stored, errors, change } = props;
  const t = useText();
  const preset = PRESETS.find(
    ({ host, port, encryption }) => host === form.host && port === form.port && encryption === form.encryption
  );
  return (
    <Section title="section.authentication">
      <ToggleField
        name="authenticated"
        label="authenticated"
        hint={t('authenticated.hint')}
        checked={form.authenticated}
        onChange={(authenticated) => change({ authenticated })}
      />
      {forgetsPassword(stored, form) && (
        <Alert variant="warning" title={t('smtp.forgets.title')} closeLabel="" onClose={undefined}>
          {t('smtp.forgets.text')}
        </Alert>
      )}
      {form.authenticated && (
        <Flex direction="column" alignItems="stretch" gap={4}>
          <SelectField
            name="preset"
            label="smtp.preset"
            value={preset?.name ?? OTHER}
            options={[[OTHER, t('smtp.preset.other')], ...PRESETS.map(({ name }) => [name, name] as const)]}
            onChange={(name) => {
              const chosen = PRESETS.find((candidate) => candidate.name === name);
              if (chosen) change({ host: chosen.host, port: chosen.port, encryption: chosen.encryption });
            }}
          />
          <Grid.Root gap={4}>
            <Grid.Item col={5} xs={12} direction="column" alignItems="stretch">
              <TextField
                name="smtp.host"
                label="smtp.host"
                required
                value={form.host}
                error={errors['smtp.host']}
                onChange={(host) => change({ host })}
              />
            </Grid.Item>
            <Grid.Item col={3} xs={6} direction="column" alignItems="stretch">
              <NumberField
                name="smtp.port"
                label="smtp.port"
                value={form.port}
                error={errors['smtp.port']}
                onChange={(port) => change({ port })}
              />
            </Grid.Item>
            <Grid.Item col={4} xs={6} direction="column" alignItems="stretch">
              <SelectField
                name="smtp.encryption"
                label="smtp.encryption"
                value={form.encryption}
                error={errors['smtp.encryption']}
                options={[
                  ['tls', 'TLS'],
                  ['starttls', 'STARTTLS'],
                  ['none', t('smtp.encryption.none')],
                ]}
                onChange={(encryption) => change({ encryption })}
              />
            </Grid.Item>
          </Grid.Root>
          <SelectField
            name="smtp.auth"
            label="smtp.auth"
            value={form.auth}
            options={[
              ['password', t('smtp.auth.password')],
              ['none', t('smtp.auth.none')],
            ]}
            onChange={(auth) => change({ auth })}
          />
          {form.auth === 'password' && <Credentials {...props} />}
          <ConnectionTest form={form} stored={stored} />
        </Flex>
      )}
    </Section>
  );
};
