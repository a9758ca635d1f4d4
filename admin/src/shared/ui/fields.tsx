import {
  Box,
  Field,
  Flex,
  SingleSelect,
  SingleSelectOption,
  Textarea,
  TextInput,
  Toggle,
  Typography,
} from '@strapi/design-system';
import * as React from 'react';
import { styled } from 'styled-components';
import { useText, type TextKey } from '../i18n/use-text';

interface Base {
  name: string;
  label: TextKey;
  hint?: React.ReactNode;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
}

/** The asterisk of a required label is larger than the label and would misalign adjacent fields. */
const Fields = styled(Box)`
  label > span[aria-hidden] {
    font-size: inherit;
    line-height: 0;
  }
`;

/** Titled section of a form. */
export const Section = ({ title, children }: { title: TextKey; children: React.ReactNode }) => {
  const t = useText();
  const id = React.useId();
  return (
    <Fields
      tag="section"
      background="neutral0"
      hasRadius
      shadow="tableShadow"
      padding={{ initial: 4, medium: 6 }}
      aria-labelledby={id}
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Typography id={id} variant="delta" tag="h2">
          {t(title)}
        </Typography>
        {children}
      </Flex>
    </Fields>
  );
};

/** Grid of fields that wraps on a small screen. */
export const Columns = ({ children, min = '22rem' }: { children: React.ReactNode; min?: string }) => (
  <Box
    style={{ display: 'grid', gap: '1.6rem', gridTemplateColumns: `repeat(auto-fit, minmax(min(${min}, 100%), 1fr))` }}
  >
    {children}
  </Box>
);

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
  inputMode?: 'numeric';
  placeholder?: string;
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

/** Whole number as typed, '' for none. The number field of the design system would insert group separators. */
export const NumberField = (
  props: Base & { value: string; onChange: (value: string) => void; placeholder?: string }
) => <TextField {...props} inputMode="numeric" />;

export const LongTextField = ({
  name,
  label,
  hint,
  error,
  value,
  disabled,
  monospace = false,
  onChange,
}: Base & { value: string; monospace?: boolean; onChange: (value: string) => void }) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint}>
      <Field.Label>{t(label)}</Field.Label>
      <Textarea
        name={name}
        value={value}
        disabled={disabled}
        style={monospace ? { fontFamily: 'monospace' } : undefined}
        onChange={({ target }: React.ChangeEvent<HTMLTextAreaElement>) => onChange(target.value)}
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
  disabled,
  onChange,
}: Base & { value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint}>
      <Field.Label>{t(label)}</Field.Label>
      <SingleSelect name={name} value={value} disabled={disabled} onChange={(next) => onChange(next as T)}>
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
  disabled,
  onChange,
}: Base & { checked: boolean; onChange: (checked: boolean) => void }) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint} maxWidth="32rem">
      <Field.Label>{t(label)}</Field.Label>
      <Toggle
        name={name}
        checked={checked}
        disabled={disabled}
        onLabel={t('yes')}
        offLabel={t('no')}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => onChange(target.checked)}
      />
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};

/** Radio group with an explanation per option. */
export const RadioField = <T extends string>({
  name,
  label,
  value,
  options,
  onChange,
}: Base & {
  value: T;
  options: readonly { value: T; label: string; children?: React.ReactNode }[];
  onChange: (value: T) => void;
}) => {
  const t = useText();
  const id = React.useId();
  return (
    <Flex role="radiogroup" aria-labelledby={id} direction="column" alignItems="stretch" gap={2}>
      <Typography id={id} variant="pi" fontWeight="bold" textColor="neutral800">
        {t(label)}
      </Typography>
      {options.map((option) => (
        <Box
          key={option.value}
          tag="label"
          padding={4}
          hasRadius
          borderColor={option.value === value ? 'primary600' : 'neutral200'}
          background={option.value === value ? 'primary100' : 'neutral0'}
          cursor="pointer"
        >
          <Flex gap={3} alignItems="flex-start">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              aria-label={option.label}
              style={{ marginTop: '0.35rem' }}
              onChange={() => onChange(option.value)}
            />
            <Flex direction="column" alignItems="stretch" gap={2} flex="1" minWidth={0}>
              <Typography fontWeight="semiBold">{option.label}</Typography>
              {option.children}
            </Flex>
          </Flex>
        </Box>
      ))}
    </Flex>
  );
};
