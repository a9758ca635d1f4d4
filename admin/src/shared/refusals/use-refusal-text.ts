import { refusalOf } from '../api/client';
import { useHasText, useText } from '../i18n/use-text';
import { refusalText } from './refusal-text';

/** Translates a refusal by its code; otherwise returns the server's message, or that something went wrong. */
export const useRefusalText = (): ((error: unknown) => string) => {
  const t = useText();
  const hasText = useHasText();
  return (error) => {
    const { details, message } = refusalOf(error);
    if (details?.code !== undefined) {
      const { message: key } = refusalText(details.code);
      if (hasText(key)) return t(key);
    }
    return message ?? t('error.unknown');
  };
};
