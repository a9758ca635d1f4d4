import { PLUGIN_ID } from '../plugin-id';

export type Texts = Record<string, string>;

/** As react-intl finds them: one table holds the texts of Strapi and of all its plugins. */
export const withPluginId = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${PLUGIN_ID}.${key}`, text]));

/** What the widget says is small and loaded with Strapi's home page; the pages say it as well, and much more. */
export type Part = 'widget' | 'page';

type Load = () => Promise<{ default: Texts }>;

const en: Record<Part, Load> = {
  widget: () => import('../../translations/widget.en.json'),
  page: () => import('../../translations/en.json'),
};

const LANGUAGES: Partial<Record<string, Record<Part, Load>>> = {
  en,
  de: {
    widget: () => import('../../translations/widget.de.json'),
    page: () => import('../../translations/de.json'),
  },
};

/**
 * The texts of the widget, or of the pages, in English for a language that we do not have.
 *
 * @throws when a chunk does not arrive
 */
export const loadTexts = async (locale: string, part: Part): Promise<Texts> => {
  const load = LANGUAGES[locale] ?? en;
  const parts = await Promise.all(part === 'page' ? [load.widget(), load.page()] : [load.widget()]);
  return withPluginId(Object.assign({}, ...parts.map((texts) => texts.default)) as Texts);
};
