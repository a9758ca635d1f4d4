import { useIntl } from 'react-intl';
import { refusalOf } from '../api/client';
import { PLUGIN_ID } from '../plugin-id';
import { useText } from '../i18n/use-text';

/** A refusal in words: by its code, else what the server said, else that something went wrong. */
export const useRefusalText = (): ((error: unknown) => string) => {
  const { messages, formatMessage } = useIntl();
  const t = useText();
  return (error) => {
    const { details, message } = refusalOf(error);
    const id = `${PLUGIN_ID}.refusal.${details?.code ?? ''}`;
    if (details?.code !== undefined && messages[id] !== undefined) return formatMessage({ id });
    return message ?? t('error.unknown');
  };
};
