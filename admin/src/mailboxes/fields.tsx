import {
  Box,
  Field,
  Flex,
  SingleSelect,
  SingleSelectOption,
  TextInput,
  Toggle,
  Typography,
} from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../lib/use-text';

interface Base {
  name: string;
  label: TextKey;
  hint?: React.ReactNode;
  error?: string | undefined;
  required?: boolean;
}

/** A titled part of the form. */
export const Section = ({ title, children }: { title: TextKey; children: React.ReactNode }) => {
  const t = useText();
  return (
    <Box tag="section" background="neutral0" hasRadius shadow="tableShadow" padding={6} aria-label={t(title)}>
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Typography variant="delta" tag="h2">
          {t(title)}
        </Typography>
        {children}
      </Flex>
    </Box>
  );
};

export const TextField = ({
  name,
  label,
  hint,
  error,
  required,
  ...input
}: Base & {
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'email' | 'password';
  disabled?: boolean;
  autoComplete?: string;
}) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint} required={required}>
      <Field.Label>{t(label)}</Field.Label>
      <TextInput
        {...input}
        name={name}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => input.onChange(target.value)}
      />
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};

/** A port, say: digits without the grouping that a number field would write. */
export const NumberField = ({
  name,
  label,
  hint,
  error,
  value,
  onChange,
}: Base & { value: number; onChange: (value: number) => void }) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint}>
      <Field.Label>{t(label)}</Field.Label>
      <TextInput
        name={name}
        inputMode="numeric"
        value={value === 0 ? '' : String(value)}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) =>
          onChange(Number(target.value.replace(/\D/g, '').slice(0, 5)))
        }
      />
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};

export const SelectField = <T extends string>({
  name,
  label,
  hint,
  error,
  value,
  options,
  onChange,
}: Base & { value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint}>
      <Field.Label>{t(label)}</Field.Label>
      <SingleSelect name={name} value={value} onChange={(next) => onChange(next as T)}>
        {options.map(([option, text]) => (
          <SingleSelectOption key={option} value={option}>
            {text}
          </SingleSelectOption>
        ))}
      </SingleSelect>
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};

export const ToggleField = ({
  name,
  label,
  hint,
  error,
  checked,
  onChange,
}: Base & { checked: boolean; onChange: (checked: boolean) => void }) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint}>
      <Field.Label>{t(label)}</Field.Label>
      <Toggle
        name={name}
        checked={checked}
        onLabel={t('yes')}
        offLabel={t('no')}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => onChange(target.checked)}
      />
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};
