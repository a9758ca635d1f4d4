import communicationDe from '../../../admin/src/translations/communication.de.json';
import communicationEn from '../../../admin/src/translations/communication.en.json';
import menuDe from '../../../admin/src/translations/menu.de.json';
import menuEn from '../../../admin/src/translations/menu.en.json';
import settingsDe from '../../../admin/src/translations/settings.de.json';
import settingsEn from '../../../admin/src/translations/settings.en.json';
import sharedDe from '../../../admin/src/translations/shared.de.json';
import sharedEn from '../../../admin/src/translations/shared.en.json';
import widgetDe from '../../../admin/src/translations/widget.de.json';
import widgetEn from '../../../admin/src/translations/widget.en.json';

const TEXTS = {
  en: { ...menuEn, ...widgetEn, ...sharedEn, ...communicationEn, ...settingsEn },
  de: { ...menuDe, ...widgetDe, ...sharedDe, ...communicationDe, ...settingsDe },
};

export type TextKey = keyof (typeof TEXTS)['en'];

/** Looks up a text of the interface by its key, so that a changed label changes no test. */
export const text = (key: TextKey, language: 'en' | 'de' = 'en'): string => TEXTS[language][key];
