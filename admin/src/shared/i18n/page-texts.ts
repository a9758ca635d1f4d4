import { WIDGET_TEXTS } from './translations';

/** Texts that the pages of Communication and of the settings have in common. */
export const PAGE_TEXTS = {
  en: [...WIDGET_TEXTS.en, () => import('../../translations/shared.en.json')],
  de: [...WIDGET_TEXTS.de, () => import('../../translations/shared.de.json')],
};
