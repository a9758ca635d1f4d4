import { useIntl } from 'react-intl';
import { refusalOf } from '../api/client';
import { PLUGIN_ID } from '../plugin-id';
import { useText } from '../i18n/use-text';
import { refusalText } from './refusal-text';

/** Translates a refusal by its code; otherwise returns the server's message, or that something went wrong. */
export const useRefusalText = (): ((error: unknown) => string) => {
  const { messages } = useIntl();
  const t = useText();
  return (error) => {
    const { details, message } = refusalOf(error);
    if (details?.code !== undefined) {
      const text = refusalText(details.code);
      if (messages[`${PLUGIN_ID}.${text.message}`] !== undefined) return t(text.message);
    }
    return message ?? t('error.unknown');
  };
};
