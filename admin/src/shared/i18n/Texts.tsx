import { Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import { loadTexts, type Sources } from './translations';
import type { Texts as Messages } from './with-plugin-id';

type Loaded = { locale: string; messages: Messages } | 'failed' | null;

interface Props {
  children: React.ReactNode;
  /** The same object in every render. */
  sources: Sources;
  /** Placeholders; the defaults are those of a page, a widget has its own. */
  loading?: React.ReactNode;
  error?: React.ReactNode;
}

/** Loads texts in the administrator's language. Wraps every page and widget. */
export const Texts = ({ children, sources, loading = <Page.Loading />, error = <Page.Error /> }: Props) => {
  const { locale, defaultLocale, messages, textComponent } = useIntl();
  const [loaded, setLoaded] = React.useState<Loaded>(null);

  React.useEffect(() => {
    // A late answer must not overwrite the language chosen meanwhile.
    let current = true;
    loadTexts(locale, sources).then(
      (texts) => current && setLoaded({ locale, messages: texts }),
      () => current && setLoaded('failed')
    );
    return () => {
      current = false;
    };
  }, [locale, sources]);

  const all = React.useMemo(
    // react-intl's type also allows compiled messages; Strapi has none.
    () => (loaded !== null && loaded !== 'failed' ? { ...(messages as Messages), ...loaded.messages } : null),
    [messages, loaded]
  );

  if (loaded === 'failed') return error;
  if (loaded === null || loaded.locale !== locale || all === null) return loading;
  return (
    <IntlProvider locale={locale} defaultLocale={defaultLocale} messages={all} textComponent={textComponent}>
      {children}
    </IntlProvider>
  );
};
