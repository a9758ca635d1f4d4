import de from '../translations/menu.de.json';
import en from '../translations/menu.en.json';
import { withPluginId, type Texts } from '../shared/i18n/with-plugin-id';

const MENU: Partial<Record<string, Texts>> = { en, de };

/**
 * Returns the texts needed before a page of the plugin opens: menu entries and widget titles. Every visit of the admin
 * panel loads them, so all other texts are in separate files that the pages load.
 * Returns no texts for an unsupported language: Strapi falls back to English.
 */
export const menuTexts = (locale: string): Texts => withPluginId(MENU[locale] ?? {});
