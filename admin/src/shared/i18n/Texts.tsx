import { Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import { loadTexts, type Part, type Texts as Messages } from './translations';

type Loaded = { locale: string; messages: Messages } | 'failed' | null;

interface Props {
  children: React.ReactNode;
  part?: Part;
  /** A widget is not a page. */
  loading?: React.ReactNode;
  error?: React.ReactNode;
}

/** Loads the texts of our pages in the administrator's language. Every page and widget is rendered inside of one. */
export const Texts = ({ children, part = 'page', loading = <Page.Loading />, error = <Page.Error /> }: Props) => {
  const { locale, defaultLocale, messages, textComponent } = useIntl();
  const [loaded, setLoaded] = React.useState<Loaded>(null);

  React.useEffect(() => {
    // A language that was chosen meanwhile must not be overwritten by the one before it.
    let current = true;
    loadTexts(locale, part).then(
      (texts) => current && setLoaded({ locale, messages: texts }),
      () => current && setLoaded('failed')
    );
    return () => {
      current = false;
    };
  }, [locale, part]);

  const all = React.useMemo(
    // react-intl's type allows compiled messages as well; Strapi has none.
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
