import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { sayingsOf, type Saying } from './problem';

/** Joins translated sentences. */
export const useSayings = () => {
  const t = useText();
  return React.useCallback(
    (sayings: readonly Saying[] | undefined): string | undefined =>
      sayings?.length ? sayings.map(({ key, values }) => t(key, values)).join(' ') : undefined,
    [t]
  );
};

/** Translates a refusal and its next step. */
export const useProblemText = () => {
  const say = useSayings();
  return React.useCallback((error: unknown): string => say(sayingsOf(error)) ?? '', [say]);
};
