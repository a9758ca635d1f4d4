import de from '../translations/menu.de.json';
import en from '../translations/menu.en.json';
import { withPluginId, type Texts } from '../shared/i18n/translations';

const MENU: Partial<Record<string, Texts>> = { en, de };

/**
 * What is read before a page of ours is opened: names in menus and titles of widgets. Everybody who opens the admin
 * panel loads these, so everything else is in `en.json` and `de.json`, which the pages load.
 * Empty for a language that we do not have: Strapi falls back to English.
 */
export const menuTexts = (locale: string): Texts => withPluginId(MENU[locale] ?? {});
