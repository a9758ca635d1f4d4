import { Searchbar, SearchForm } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from './use-text';

const TYPING_PAUSE_MS = 250;

/** Looks a moment after the last key, and leaves one entry in the browser's history, not one for every letter. */
export const SearchField = ({ q, label, look }: { q: string; label: TextKey; look: (q: string) => void }) => {
  const t = useText();
  const [typed, setTyped] = React.useState(q);
  React.useEffect(() => {
    if (typed === q) return undefined;
    const timer = setTimeout(() => look(typed), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, q, look]);
  return (
    <SearchForm
      onSubmit={(event) => {
        event.preventDefault();
        look(typed);
      }}
    >
      <Searchbar
        name="q"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onClear={() => setTyped('')}
        clearLabel={t('list.search.clear')}
        placeholder={t(label)}
      >
        {t(label)}
      </Searchbar>
    </SearchForm>
  );
};
