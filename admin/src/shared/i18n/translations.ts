import { PLUGIN_ID } from '../plugin-id';

export type Texts = Record<string, string>;

/** Prefixes the keys: react-intl has one table for Strapi and all plugins. */
export const withPluginId = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${PLUGIN_ID}.${key}`, text]));

/** The small texts of the widget load with Strapi's home page; the pages load both parts. */
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
 * Loads the texts of the widget or of the pages, in English for an unsupported language.
 *
 * @throws if a chunk cannot be loaded
 */
export const loadTexts = async (locale: string, part: Part): Promise<Texts> => {
  const load = LANGUAGES[locale] ?? en;
  const parts = await Promise.all(part === 'page' ? [load.widget(), load.page()] : [load.widget()]);
  return withPluginId(Object.assign({}, ...parts.map((texts) => texts.default)) as Texts);
};
