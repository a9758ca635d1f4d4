import * as React from 'react';
import type { Preview } from '../../../server/src/contracts/answers';
import { useText } from '../lib/use-text';

export type Warning = Preview['warnings'][number];

/** What a person should know before a message is sent. */
export const useWarningText = (): ((warning: Warning) => string) => {
  const t = useText();
  return React.useCallback(
    (warning) => t(`warning.${warning.code}`, 'details' in warning ? warning.details : undefined),
    [t]
  );
};

/** Before these a message is not sent unasked: they are more often a slip than meant. */
const ASKED: readonly Warning['code'][] = ['NO_SUBJECT', 'ATTACHMENT_FORGOTTEN', 'MANY_VISIBLE_RECIPIENTS', 'NO_TEXT'];

export const isAsked = ({ code }: Warning): boolean => ASKED.includes(code);
