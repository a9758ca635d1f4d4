import { PLUGIN_ID } from './plugin-id';

type Texts = Record<string, string>;

/** Only the languages that an administrator has switched on are loaded, each as a chunk of its own. */
const LANGUAGES: Partial<Record<string, () => Promise<{ default: Texts }>>> = {
  en: () => import('../translations/en.json'),
  de: () => import('../translations/de.json'),
};

const prefixed = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${PLUGIN_ID}.${key}`, text]));

/**
 * The texts of one language, keys prefixed with the plugin's id.
 * `{}` for a language that we do not have, and for one whose chunk does not arrive: Strapi awaits all plugins together,
 * so a rejection here would keep the whole admin panel from starting.
 */
export const loadTexts = async (locale: string): Promise<Texts> => {
  const load = LANGUAGES[locale];
  if (!load) return {};
  return load().then(
    (texts) => prefixed(texts.default),
    () => ({})
  );
};
