import { Box, Searchbar, SearchForm } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../i18n/use-text';

const TYPING_PAUSE_MS = 250;

/** Room for a whole placeholder, and beside it for a count. */
export const SearchBox = ({ children }: { children: React.ReactNode }) => (
  <Box style={{ flex: '1 1 26rem', maxWidth: '36rem' }}>{children}</Box>
);

/** Looks a moment after the last key, and leaves one entry in the browser's history, not one for every letter. */
export const SearchField = ({ q, label, look }: { q: string; label: TextKey; look: (q: string) => void }) => {
  const t = useText();
  const [typed, setTyped] = React.useState(q);
  const looked = React.useRef(q);
  // Somebody else changed it, by going back or by clearing filters: what was typed is over.
  React.useEffect(() => {
    if (looked.current !== q) setTyped(q);
    looked.current = q;
  }, [q]);
  React.useEffect(() => {
    if (typed === looked.current) return undefined;
    const timer = setTimeout(() => {
      looked.current = typed;
      look(typed);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, look]);
  return (
    <SearchForm
      onSubmit={(event) => {
        event.preventDefault();
        looked.current = typed;
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
