import { withPluginId, type Texts } from './with-plugin-id';

type Load = () => Promise<{ default: Texts }>;

/** Files of texts by language; an unsupported language falls back to English. */
export type Sources = Partial<Record<string, readonly Load[]>> & { en: readonly Load[] };

/** Texts of the widget, small because they load with Strapi's home page. */
export const WIDGET_TEXTS = {
  en: [() => import('../../translations/widget.en.json')],
  de: [() => import('../../translations/widget.de.json')],
} satisfies Sources;

/** @throws if a chunk cannot be loaded */
export const loadTexts = async (locale: string, sources: Sources): Promise<Texts> => {
  const files = await Promise.all((sources[locale] ?? sources.en).map((load) => load()));
  return withPluginId(Object.assign({}, ...files.map((file) => file.default)) as Texts);
};
