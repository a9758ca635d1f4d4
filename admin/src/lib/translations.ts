import { PLUGIN_ID } from './plugin-id';

export type Texts = Record<string, string>;

/** As react-intl finds them: one table holds the texts of Strapi and of all its plugins. */
export const withPluginId = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${PLUGIN_ID}.${key}`, text]));

const en = () => import('../translations/en.json');

const LANGUAGES: Partial<Record<string, () => Promise<{ default: Texts }>>> = {
  en,
  de: () => import('../translations/de.json'),
};

/**
 * The texts of our pages, in English for a language that we do not have.
 *
 * @throws when the chunk does not arrive
 */
export const loadTexts = async (locale: string): Promise<Texts> =>
  withPluginId((await (LANGUAGES[locale] ?? en)()).default);
