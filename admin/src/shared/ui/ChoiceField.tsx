import { Combobox, ComboboxOption, Field } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../i18n/use-text';

const TYPING_PAUSE_MS = 250;

export interface ChoiceOption {
  id: string;
  label: string;
}

interface Props {
  name: string;
  label: TextKey;
  placeholder: TextKey;
  /** What is chosen, as soon as it is known by name. */
  chosen: ChoiceOption | null;
  /** What the server found for what is typed. */
  found: readonly ChoiceOption[];
  loading: boolean;
  /** A moment after the last key. */
  look: (q: string) => void;
  choose: (id: string) => void;
}

/** One of more than a list can hold: the server looks for what is typed. */
export const ChoiceField = ({ name, label, placeholder, chosen, found, loading, look, choose }: Props) => {
  const t = useText();
  const [typed, setTyped] = React.useState('');
  React.useEffect(() => {
    const timer = setTimeout(() => look(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, look]);
  // What is chosen has to be there, or the field could not show its name.
  const options = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Field.Root name={name} width="100%" maxWidth="48rem">
      <Field.Label>{t(label)}</Field.Label>
      <Combobox
        key={chosen?.id ?? ''}
        value={chosen?.id ?? ''}
        loading={loading}
        autocomplete={{ type: 'list', filter: 'contains' }}
        placeholder={t(placeholder)}
        noOptionsMessage={() => t('list.nothing-found')}
        loadingMessage={t('access.loading')}
        onInputChange={({ target }) => setTyped(target.value)}
        onChange={(id) => {
          if (id !== undefined && id !== '' && id !== chosen?.id) choose(id);
          setTyped('');
        }}
      >
        {options.map((option) => (
          <ComboboxOption key={option.id} value={option.id} textValue={option.label}>
            {option.label}
          </ComboboxOption>
        ))}
      </Combobox>
    </Field.Root>
  );
};
