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
  /** Present choice; null until its name is loaded. */
  chosen: ChoiceOption | null;
  /** Results of the server for the typed text. */
  found: readonly ChoiceOption[];
  loading: boolean;
  /** Called with the typed text, debounced. */
  onSearch: (q: string) => void;
  choose: (id: string) => void;
}

/** Combobox for long lists, searched by the server. */
export const ChoiceField = ({ name, label, placeholder, chosen, found, loading, onSearch, choose }: Props) => {
  const t = useText();
  const [typed, setTyped] = React.useState('');
  React.useEffect(() => {
    const timer = setTimeout(() => onSearch(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
  // The field shows the name of its value only if the options contain it.
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
