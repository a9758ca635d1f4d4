import { Box, Field, VisuallyHidden } from '@strapi/design-system';
import * as React from 'react';
import type { Suggestion } from '../../../server/src/contracts/answers';
import { useText } from '../shared/i18n/use-text';
import { ChipList } from './ChipList';
import type { RawRecipient } from './parse';
import { Problems } from './Problems';
import { Repeated } from './Repeated';
import { Frame, Typed } from './styles';
import { SuggestionList } from './SuggestionList';
import { useRecipientsField, type RecipientsFieldState } from './use-recipients-field';

export interface RecipientsFieldProps {
  name: 'to' | 'cc' | 'bcc';
  label: string;
  hint?: string;
  required?: boolean;
  error?: string;
  autoFocus?: boolean;
  /** Chips, invalid ones included. */
  value: RawRecipient[];
  /** Typed text that is no chip yet. The draft stores and sends it like a chip. */
  pending: string;
  onChange: (next: { value: RawRecipient[]; pending: string }) => void;
  /** By address: why the server refused it. */
  wrong?: ReadonlyMap<string, string>;
  /** Recipients that are in another field too, with the label of that field. */
  repeated?: readonly { recipient: RawRecipient; label: string }[];
  /** Suggestions for a text, none for ''. May reject: no suggestions are shown then. */
  suggest: (q: string) => Promise<Suggestion[]>;
}

const TypedInput = ({
  id,
  name,
  pending,
  required,
  hasError,
  describedBy,
  field,
}: Pick<RecipientsFieldProps, 'name' | 'pending' | 'required'> & {
  id: string;
  hasError: boolean;
  describedBy: string | undefined;
  field: RecipientsFieldState;
}) => {
  const { isOpen, suggestions, focus } = field;
  return (
    <Typed
      ref={focus.input}
      id={id}
      name={name}
      value={pending}
      type="text"
      inputMode="email"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      role="combobox"
      aria-autocomplete="list"
      aria-haspopup="listbox"
      aria-expanded={isOpen}
      aria-controls={isOpen ? `${id}-options` : undefined}
      aria-activedescendant={suggestions.active >= 0 ? `${id}-option-${suggestions.active}` : undefined}
      aria-required={required}
      aria-invalid={hasError || undefined}
      aria-describedby={describedBy}
      onChange={field.onInput}
      onPaste={field.onPaste}
      onKeyDown={field.onInputKey}
      onBlur={field.onBlur}
    />
  );
};

/** Returns the ids of the elements that describe the input. */
const descriptionOf = (
  id: string,
  { error, hint, value }: RecipientsFieldProps,
  problems: readonly (string | null)[]
): string | undefined =>
  [
    error ? `${id}-error` : hint && `${id}-hint`,
    problems.some((problem) => problem !== null) && `${id}-problems`,
    value.length > 0 && `${id}-keys`,
  ]
    .filter(Boolean)
    .join(' ') || undefined;

/** Recipients as chips, and an input that adds them: a combobox with a listbox (WAI-ARIA 1.2). */
export const RecipientsField = (props: RecipientsFieldProps) => {
  const { name, label, hint, required, error, autoFocus, value, pending } = props;
  const t = useText();
  const id = React.useId();
  const field = useRecipientsField(props);
  const { chips, suggestions, isOpen, focus } = field;
  const hasError = error !== undefined && error !== '';
  React.useEffect(() => {
    // On mount only: later the author may be typing in another field.
    if (autoFocus) focus.input.current?.focus();
  }, []);

  return (
    <Field.Root id={id} name={name} error={error} hint={hint} required={required}>
      <Field.Label>{label}</Field.Label>
      <Box position="relative">
        <Frame
          ref={focus.frame}
          $hasError={hasError}
          onMouseDown={(event) => {
            if (event.target !== event.currentTarget) return;
            event.preventDefault();
            focus.input.current?.focus();
          }}
        >
          <ChipList
            label={label}
            value={value}
            problems={chips.problems}
            onKey={field.onChipKey}
            onEdit={field.edit}
            onRemove={(index) => field.remove(index, 'input')}
          />
          <TypedInput
            id={id}
            name={name}
            pending={pending}
            required={required}
            hasError={hasError}
            describedBy={descriptionOf(id, props, chips.problems)}
            field={field}
          />
        </Frame>
        {isOpen && (
          <SuggestionList
            id={id}
            label={t('recipients.suggestions', { label })}
            options={suggestions.options}
            active={suggestions.active}
            onTake={field.take}
          />
        )}
      </Box>
      <Problems id={`${id}-problems`} value={value} problems={chips.problems} />
      <Repeated repeated={props.repeated ?? []} />
      {value.length > 0 && <VisuallyHidden id={`${id}-keys`}>{t('recipients.keys')}</VisuallyHidden>}
      <Field.Hint />
      <Field.Error />
      <VisuallyHidden role="status">
        {isOpen ? t('recipients.said.suggestions', { count: suggestions.options.length }) : chips.announcement}
      </VisuallyHidden>
    </Field.Root>
  );
};
