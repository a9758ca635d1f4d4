import * as React from 'react';
import type { Warning } from '../../../server/src/contracts/answers';
import { useText } from '../shared/i18n/use-text';

/** Translates a warning about a message. */
export const useWarningText = (): ((warning: Warning) => string) => {
  const t = useText();
  return React.useCallback(
    (warning) => {
      switch (warning.code) {
        case 'NO_SUBJECT':
          return t('warning.NO_SUBJECT');
        case 'NO_TEXT':
          return t('warning.NO_TEXT');
        case 'ATTACHMENT_FORGOTTEN':
          return t('warning.ATTACHMENT_FORGOTTEN');
        case 'MANY_VISIBLE_RECIPIENTS':
          return t('warning.MANY_VISIBLE_RECIPIENTS', { count: warning.details.count });
        case 'REMOTE_IMAGES':
          return t('warning.REMOTE_IMAGES', { count: warning.details.count });
        case 'SENDER_PAUSED':
          return t('warning.SENDER_PAUSED', { until: t(`until.${warning.details.cause}`) });
        case 'UNALIGNED_SENDER':
          return t('warning.UNALIGNED_SENDER', {
            domain: warning.details.domain,
            systemDomain: warning.details.systemDomain,
          });
      }
    },
    [t]
  );
};

/** Warnings that the page accepts without a question: the author can seldom change them. */
export const ACCEPTED_UNASKED: readonly Warning['code'][] = ['REMOTE_IMAGES', 'UNALIGNED_SENDER'];
