import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { refusalSentences, type Sentence } from './problem';

/** Joins translated sentences. */
export const useSentences = () => {
  const t = useText();
  return React.useCallback(
    (sentences: readonly Sentence[] | undefined): string | undefined =>
      sentences?.length ? sentences.map(({ key, values }) => t(key, values)).join(' ') : undefined,
    [t]
  );
};

/** Translates a refusal and its next step. */
export const useRefusalWithNext = () => {
  const say = useSentences();
  return React.useCallback((error: unknown): string => say(refusalSentences(error)) ?? '', [say]);
};
