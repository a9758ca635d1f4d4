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

/** Label, hint and error around an input. */
export const LabelledField = ({
  name,
  label,
  hint,
  error,
  required,
  children,
  ...size
}: Omit<Base, 'disabled'> & { minWidth?: string; maxWidth?: string; children: React.ReactNode }) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} hint={hint} required={required} {...size}>
      <Field.Label>{t(label)}</Field.Label>
      {children}
      <Field.Hint />
      <Field.Error />
    </Field.Root>
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
  inputMode?: 'numeric';
  placeholder?: string;
  autoComplete?: string;
}) => (
  <LabelledField name={name} label={label} hint={hint} error={error} required={required}>
    <TextInput
      {...input}
      name={name}
      onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => input.onChange(target.value)}
    />
  </LabelledField>
);

/** Whole number as typed, '' for none. The number field of the design system would insert group separators. */
export const NumberField = (
  props: Base & { value: string; onChange: (value: string) => void; placeholder?: string }
) => <TextField {...props} inputMode="numeric" />;

export const LongTextField = ({
  value,
  disabled,
  monospace = false,
  onChange,
  ...field
}: Base & { value: string; monospace?: boolean; onChange: (value: string) => void }) => (
  <LabelledField {...field}>
    <Textarea
      name={field.name}
      value={value}
      disabled={disabled}
      style={monospace ? { fontFamily: 'monospace' } : undefined}
      onChange={({ target }: React.ChangeEvent<HTMLTextAreaElement>) => onChange(target.value)}
    />
  </LabelledField>
);

export const SelectField = <T extends string>({
  value,
  options,
  disabled,
  onChange,
  ...field
}: Base & { value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void }) => (
  <LabelledField {...field}>
    <SingleSelect name={field.name} value={value} disabled={disabled} onChange={(next) => onChange(next as T)}>
      {options.map(([option, text]) => (
        <SingleSelectOption key={option} value={option}>
          {text}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  </LabelledField>
);

export const ToggleField = ({
  value,
  disabled,
  onChange,
  ...field
}: Base & { value: boolean; onChange: (value: boolean) => void }) => {
  const t = useText();
  return (
    <LabelledField {...field} maxWidth="32rem">
      <Toggle
        name={field.name}
        checked={value}
        disabled={disabled}
        onLabel={t('yes')}
        offLabel={t('no')}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => onChange(target.checked)}
      />
    </LabelledField>
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
