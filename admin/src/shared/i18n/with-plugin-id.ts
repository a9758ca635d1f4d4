import { PLUGIN_ID } from '../plugin-id';

export type Texts = Record<string, string>;

/** Prefixes the keys: react-intl has one table for Strapi and all plugins. */
export const withPluginId = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${PLUGIN_ID}.${key}`, text]));
