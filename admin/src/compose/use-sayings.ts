import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { sayingsOf, type Saying } from './problem';

/** Sentences of the translation files, one after the other. */
export const useSayings = () => {
  const t = useText();
  return React.useCallback(
    (sayings: readonly Saying[] | undefined): string | undefined =>
      sayings?.length ? sayings.map(({ key, values }) => t(key, values)).join(' ') : undefined,
    [t]
  );
};

/** A refusal of the outbox or of compose in words, with the next step. */
export const useProblemText = () => {
  const say = useSayings();
  return React.useCallback((error: unknown): string => say(sayingsOf(error)) ?? '', [say]);
};
