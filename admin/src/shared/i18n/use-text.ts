import * as React from 'react';
import { useIntl } from 'react-intl';
import type communication from '../../translations/communication.en.json';
import type menu from '../../translations/menu.en.json';
import type settings from '../../translations/settings.en.json';
import type shared from '../../translations/shared.en.json';
import type widget from '../../translations/widget.en.json';
import { PLUGIN_ID } from '../plugin-id';

/** A text of Communication in a page of the settings, or the reverse, is missing at run time: a unit test follows every key. */
export type TextKey =
  keyof typeof menu | keyof typeof widget | keyof typeof shared | keyof typeof communication | keyof typeof settings;
export type Text = (key: TextKey, values?: Record<string, string | number>) => string;

/** Returns whether there is a text: the key of a stable code of a newer server has none. */
export const useHasText = (): ((key: string) => key is TextKey) => {
  const { messages } = useIntl();
  return React.useCallback((key: string): key is TextKey => messages[`${PLUGIN_ID}.${key}`] !== undefined, [messages]);
};

/** Returns a text in the administrator's language; requires `Texts` around it. A missing key is a compile error. */
export const useText = (): Text => {
  const { formatMessage } = useIntl();
  return React.useCallback((key, values) => formatMessage({ id: `${PLUGIN_ID}.${key}` }, values), [formatMessage]);
};
