import * as React from 'react';
import { useHasText, useText } from '../shared/i18n/use-text';
import { refusalSentences, type Sentence } from './problem';

/** Joins translated sentences, without those that have no text. */
export const useSentences = () => {
  const t = useText();
  const hasText = useHasText();
  return React.useCallback(
    (sentences: readonly Sentence[] | undefined): string | undefined =>
      sentences?.length
        ? sentences
            .filter(({ key }) => hasText(key))
            .map(({ key, values }) => t(key, values))
            .join(' ') || t('error.unknown')
        : undefined,
    [t, hasText]
  );
};

/** Translates a refusal and its next step. */
export const useRefusalWithNext = () => {
  const say = useSentences();
  return React.useCallback((error: unknown): string => say(refusalSentences(error)) ?? '', [say]);
};
