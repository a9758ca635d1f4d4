import { Box, Searchbar, SearchForm } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../i18n/use-text';

const TYPING_PAUSE_MS = 250;

/** Width for a whole placeholder, with space for a count beside it. */
export const SearchBox = ({ children }: { children: React.ReactNode }) => (
  <Box style={{ flex: '1 1 26rem', maxWidth: '36rem' }}>{children}</Box>
);

/** Search field, debounced. */
export const SearchField = ({ q, label, onSearch }: { q: string; label: TextKey; onSearch: (q: string) => void }) => {
  const t = useText();
  const [typed, setTyped] = React.useState(q);
  const searched = React.useRef(q);
  // The back button or clearing the filters has changed `q`: replace the typed text.
  React.useEffect(() => {
    if (searched.current !== q) setTyped(q);
    searched.current = q;
  }, [q]);
  React.useEffect(() => {
    if (typed === searched.current) return undefined;
    const timer = setTimeout(() => {
      searched.current = typed;
      onSearch(typed);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
  return (
    <SearchForm
      onSubmit={(event) => {
        event.preventDefault();
        searched.current = typed;
        onSearch(typed);
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
