import * as React from 'react';
import { useIntl } from 'react-intl';
import type en from '../../translations/en.json';
import type menu from '../../translations/menu.en.json';
import type widget from '../../translations/widget.en.json';
import { PLUGIN_ID } from '../plugin-id';

export type TextKey = keyof typeof en | keyof typeof menu | keyof typeof widget;
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
