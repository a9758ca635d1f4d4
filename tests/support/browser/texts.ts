import de from '../../../admin/src/translations/de.json';
import en from '../../../admin/src/translations/en.json';
import menuDe from '../../../admin/src/translations/menu.de.json';
import menuEn from '../../../admin/src/translations/menu.en.json';
import widgetDe from '../../../admin/src/translations/widget.de.json';
import widgetEn from '../../../admin/src/translations/widget.en.json';

export type TextKey = keyof typeof en | keyof typeof menuEn | keyof typeof widgetEn;

const TEXTS = { en: { ...menuEn, ...widgetEn, ...en }, de: { ...menuDe, ...widgetDe, ...de } };

/** Looks up a text of the interface by its key, so that a changed label changes no test. */
export const text = (key: TextKey, language: 'en' | 'de' = 'en'): string => TEXTS[language][key];
